import { tieOrder } from '../../seeded-random.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import type { SparseScorer } from '../ranking/scorer.ts';
import { popularityRanking } from '../ranking/static-ranking.ts';
import { stackExplainer } from './explain.ts';
import type { QueryView } from './query-view.ts';
import type { StackMember } from './stack-member.ts';
import { StackScoring, type StackWeights } from './stack-weights.ts';

export interface StackParts {
  readonly members: readonly StackMember[];
  readonly view: QueryView;
  readonly weights: StackWeights;
  /** 1 for each item that any member recommends. */
  readonly recommended: Uint8Array;
  readonly trainCounts: Uint32Array;
  /** Of each item, where the data have groups. */
  readonly itemGroups?: Int32Array | undefined;
  readonly seed: number;
}

/** Scores the candidates of a query; what no member named follows by popularity. */
export function stackScorer({
  members,
  view,
  weights,
  recommended,
  trainCounts,
  itemGroups,
  seed,
}: StackParts): SparseScorer {
  const itemCount = recommended.length;
  const scoring = new StackScoring(weights);
  const set = new CandidateSet(itemCount);
  return {
    shape: 'sparse',
    vocabulary: recommended.reduce((sum, bit) => sum + bit, 0),
    knows: (item) => members.some(({ scorer }) => scorer.knows(item)),
    recommends: (item) => recommended[item] === 1,
    queryRules: ['decayed-list'],
    background: popularityRanking(trainCounts, tieOrder(itemCount, seed)),
    expect: (queries) => view.expect(queries),
    candidates(query) {
      const seen = view.see(query);
      if (seen === undefined) return undefined;
      set.clear();
      scoring.score(seen.features, seen.gates, set.scores);
      // Scores are in their places: each item only needs its slot.
      for (const item of seen.items) set.push(item, set.scores[set.count] ?? 0);
      return set;
    },
    explain: stackExplainer({ members, view, scoring, itemGroups }),
  };
}

/** Items that any member recommends. */
export function recommendedBy(members: readonly StackMember[], itemCount: number): Uint8Array {
  return Uint8Array.from({ length: itemCount }, (_, item) =>
    members.some(({ scorer }) => scorer.recommends(item)) ? 1 : 0,
  );
}
