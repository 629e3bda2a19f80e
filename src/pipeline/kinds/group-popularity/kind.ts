import type { Catalogue } from '../../data/catalogue.ts';
import { tieOrder } from '../../seeded-random.ts';
import { groupPositions } from '../../group-positions.ts';
import type { SparseScorer } from '../ranking/scorer.ts';
import type { ModelKind } from '../model-kind.ts';
import { popularityRanking } from '../ranking/static-ranking.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';

function scorerOf({ trainCounts, groupCount }: Catalogue, groups: Int32Array, seed: number): SparseScorer {
  const itemCount = trainCounts.length;
  const background = popularityRanking(trainCounts, tieOrder(itemCount, seed));
  const inTraining = groups.map((group, item) => ((trainCounts[item] ?? 0) > 0 ? group : -1));
  const { positions: members, offsets } = groupPositions(inTraining, groupCount);
  const set = new CandidateSet(itemCount);
  return {
    shape: 'sparse',
    vocabulary: background.items.length,
    knows: (item) => (groups[item] ?? -1) >= 0,
    recommends: (item) => (trainCounts[item] ?? 0) > 0,
    queryRules: ['last-item'],
    background,
    candidates(query) {
      const group = groups[query.at(-1) ?? -1] ?? -1;
      if (group < 0) return undefined;
      set.clear();
      for (let at = offsets[group] ?? 0; at < (offsets[group + 1] ?? 0); at++) {
        const item = members[at] ?? 0;
        set.push(item, trainCounts[item] ?? 0);
      }
      return set;
    },
  };
}

/** Baseline: the most frequent items of the last item's group, then those of all. */
export const groupPopularity: ModelKind = {
  name: 'group-popularity',
  formerName: 'artist-popularity',
  title: 'Most popular of the same group',
  titleOf: (group) => `Most popular of the same ${group}`,
  version: '1',
  description:
    "Recommends the most frequent items of the last item's group (--group), then the most frequent of all.",
  parameters: {},
  queryStated: 'the last item (its group)',
  parallel: false,
  fits: ({ hasGroups }) => hasGroups,
  fit: () => Promise.resolve({ metrics: {} }),
  open({ catalogue, seed }) {
    if (catalogue.itemGroups === undefined) throw new Error('group-popularity needs a group column');
    return Promise.resolve(scorerOf(catalogue, catalogue.itemGroups, seed));
  },
};
