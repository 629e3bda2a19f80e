import { pow, powers } from '../../deterministic-math.ts';
import { countPowers } from '../fitting/count-powers.ts';
import { LIST_RULES, powerWeights, weightsByRule } from '../ranking/lag-weights.ts';
import type { SparseScorer } from '../ranking/scorer.ts';
import type { CandidateSet } from '../ranking/candidate-set.ts';
import { factsAlone } from '../ranking/explanation.ts';
import { votingFacts } from './facts.ts';
import { Neighbourhood } from './neighbourhood.ts';
import type { SessionKnnParameters } from './parameters.ts';
import { reachableItems, type Reachable, type SequenceIndex } from './sequence-index.ts';
import { Workspace } from './workspace.ts';

/** Items further from the newest shared item than this get no vote. */
export const LARGEST_DISTANCE = 200;
/** Added to an item's rows, so that rare items do not win by being rare. */
export const SHRINKAGE = 10;

interface Shared {
  readonly reachable: Reachable;
  readonly workspace: Workspace;
}

/**
 * The most similar training sequences vote for their items: one at distance g from the newest shared item gets
 * (similarity / the highest)^sharpness · δ^(g−1), times `back` where it stands before, over (rows + 10)^γ, times `repeat`
 * where the query holds it.
 * @param shared what scorers of one index that are asked in turn need not make each
 */
export function sessionScorer(
  index: SequenceIndex,
  parameters: SessionKnnParameters,
  trainCounts: Uint32Array,
  shared: Shared = { reachable: reachableItems(index, parameters.back > 0), workspace: new Workspace(index) },
): SparseScorer {
  const { reachable, workspace } = shared;
  const { known, recommended } = reachable;
  const neighbourhood = new Neighbourhood(index, parameters, workspace);
  const votes = new Votes(index, parameters, trainCounts, workspace.votes);
  const weightsOf = weightsByRule(powerWeights(parameters.fade, parameters.history));
  return {
    shape: 'sparse',
    vocabulary: recommended.reduce((sum, bit) => sum + bit, 0),
    knows: (item) => known[item] === 1,
    recommends: (item) => recommended[item] === 1,
    queryRules: LIST_RULES,
    candidates(query, rule) {
      const slots = neighbourhood.find(query, weightsOf(rule));
      return votes.count(neighbourhood, slots, query);
    },
    explain(query, items) {
      const slots = neighbourhood.find(query, weightsOf(LIST_RULES[0]));
      const voters = Array.from(slots, (slot) => ({
        sequence: neighbourhood.sequence(slot),
        from: neighbourhood.newestShared(slot),
      }));
      return factsAlone(
        votingFacts(index, voters, items, { back: parameters.back > 0, most: LARGEST_DISTANCE }),
      );
    },
  };
}

/** Adds up the votes of a neighbourhood, in an empty set. */
class Votes {
  private readonly index: SequenceIndex;
  private readonly parameters: SessionKnnParameters;
  private readonly set: CandidateSet;
  private readonly decay: Float64Array;
  private readonly toTarget: Float64Array;

  constructor(
    index: SequenceIndex,
    parameters: SessionKnnParameters,
    trainCounts: Uint32Array,
    set: CandidateSet,
  ) {
    this.index = index;
    this.parameters = parameters;
    this.set = set;
    this.decay = powers(parameters.delta, LARGEST_DISTANCE);
    this.toTarget = countPowers(trainCounts, SHRINKAGE, -parameters.gamma);
  }

  /** @returns undefined where nobody votes */
  count(neighbourhood: Neighbourhood, slots: Int32Array, query: Int32Array): CandidateSet | undefined {
    const { set } = this;
    let highest = 0;
    for (const slot of slots) highest = Math.max(highest, neighbourhood.similarity(slot));
    for (const slot of slots) {
      const share = this.sharpened(neighbourhood.similarity(slot) / highest);
      this.vote(neighbourhood.sequence(slot), neighbourhood.newestShared(slot), share);
    }
    this.scale(query);
    return set.count === 0 ? undefined : set;
  }

  private sharpened(similarity: number): number {
    const { sharpness } = this.parameters;
    return sharpness === 1 ? similarity : pow(similarity, sharpness);
  }

  private vote(sequence: number, from: number, weight: number): void {
    const { decay, set } = this;
    const { items, bounds } = this.index;
    const end = Math.min(bounds[sequence + 1] ?? 0, from + LARGEST_DISTANCE + 1);
    const start = Math.max(bounds[sequence] ?? 0, from - LARGEST_DISTANCE);
    set.addDecayed({ targets: items, first: from + 1, step: 1, count: end - from - 1 }, decay, weight);
    const back = weight * this.parameters.back;
    if (back !== 0)
      set.addDecayed({ targets: items, first: from - 1, step: -1, count: from - start }, decay, back);
  }

  private scale(query: Int32Array): void {
    const { set, toTarget } = this;
    const { items, scores, count } = set;
    for (let slot = 0; slot < count; slot++)
      scores[slot] = (scores[slot] ?? 0) * (toTarget[items[slot] ?? 0] ?? 0);
    set.scaleSeen(query, this.parameters.repeat);
  }
}
