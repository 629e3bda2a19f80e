import type { PreparedData } from '../../data/prepared-data.ts';
import { tieOrder } from '../../seeded-random.ts';
import type { ModelKind, SparseScorer } from '../model-kind.ts';
import { popularityRanking } from '../popularity/static-ranking.ts';
import { CandidateSet } from '../sparse-candidates.ts';

/** Items of each group (those with training rows), as one flat array. */
function itemsByGroup(data: PreparedData, groups: Int32Array): { members: Int32Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(data.layout.groupCount + 1);
  const inGroup = (item: number): boolean => (groups[item] ?? -1) >= 0 && (data.trainCounts[item] ?? 0) > 0;
  for (let item = 0; item < groups.length; item++) {
    if (inGroup(item)) offsets[(groups[item] ?? 0) + 1] = (offsets[(groups[item] ?? 0) + 1] ?? 0) + 1;
  }
  for (let group = 0; group < data.layout.groupCount; group++) offsets[group + 1] = (offsets[group + 1] ?? 0) + (offsets[group] ?? 0);
  const next = offsets.slice();
  const members = new Int32Array(offsets[data.layout.groupCount] ?? 0);
  for (let item = 0; item < groups.length; item++) {
    if (!inGroup(item)) continue;
    const group = groups[item] ?? 0;
    const at = next[group] ?? 0;
    members[at] = item;
    next[group] = at + 1;
  }
  return { members, offsets };
}

function scorerOf(data: PreparedData, groups: Int32Array, seed: number): SparseScorer {
  const itemCount = data.trainCounts.length;
  const background = popularityRanking(data.trainCounts, tieOrder(itemCount, seed));
  const { members, offsets } = itemsByGroup(data, groups);
  const set = new CandidateSet(itemCount);
  return {
    shape: 'sparse',
    vocabulary: background.items.length,
    knows: (item) => (groups[item] ?? -1) >= 0,
    recommends: (item) => (data.trainCounts[item] ?? 0) > 0,
    queryRules: ['last-item'],
    background,
    candidates(query) {
      const group = groups[query.at(-1) ?? -1] ?? -1;
      if (group < 0) return undefined;
      set.clear();
      for (let at = offsets[group] ?? 0; at < (offsets[group + 1] ?? 0); at++) {
        const item = members[at] ?? 0;
        set.push(item, data.trainCounts[item] ?? 0);
      }
      return set;
    },
  };
}

/** Baseline: the most frequent items of the last item's artist (its group), then those of all. */
export const artistPopularity: ModelKind = {
  name: 'artist-popularity',
  title: 'Most popular of the same artist',
  description: "Recommends the most frequent items of the last item's artist (group column), then the most frequent of all.",
  parameters: {},
  queryStated: 'the last item (its artist)',
  parallel: false,
  fits: ({ hasGroups }) => hasGroups,
  fit: () => Promise.resolve({ metrics: {} }),
  open({ data, seed }) {
    if (data.itemGroups === undefined) throw new Error('artist-popularity needs a group column');
    return Promise.resolve(scorerOf(data, data.itemGroups, seed));
  },
};
