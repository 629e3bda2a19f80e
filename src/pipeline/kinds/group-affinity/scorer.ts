import { LIST_RULES, powerWeights, weightsByRule } from '../ranking/lag-weights.ts';
import type { SparseScorer } from '../ranking/scorer.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import { groupShares, type GroupedItems, type GroupShares } from './group-shares.ts';
import type { GroupAffinityParameters } from './parameters.ts';

/**
 * Score of item j for a query, newest item first: (Σ_k [group of i_k = group of j] · (k+1)^−fade) · share of j in its
 * group, times `repeat` where the query holds j. Items without training rows are scored like all others.
 * @param set an empty one, which scorers that are asked in turn need not make each
 */
export function groupAffinityScorer(
  data: GroupedItems,
  parameters: GroupAffinityParameters,
  set = new CandidateSet(data.groups.length),
): SparseScorer {
  const { groups } = data;
  const shares = groupShares(data, parameters);
  const recommended = recommendedItems(shares, groups.length);
  const weightsOf = weightsByRule(powerWeights(parameters.fade, parameters.history));
  const affinity = new Map<number, number>();
  return {
    shape: 'sparse',
    vocabulary: recommended.reduce((sum, bit) => sum + bit, 0),
    knows: (item) => (groups[item] ?? -1) >= 0,
    recommends: (item) => recommended[item] === 1,
    queryRules: LIST_RULES,
    candidates(query, rule) {
      const weight = weightsOf(rule);
      set.clear();
      affinity.clear();
      const lags = Math.min(weight.length, query.length);
      for (let k = 0; k < lags; k++) {
        const group = groups[query[query.length - 1 - k] ?? -1] ?? -1;
        if (group >= 0) affinity.set(group, (affinity.get(group) ?? 0) + (weight[k] ?? 0));
      }
      for (const [group, sum] of affinity) addGroup(set, shares, group, sum);
      set.scaleSeen(query, parameters.repeat);
      return set.count === 0 ? undefined : set;
    },
  };
}

function addGroup(
  set: CandidateSet,
  { offsets, counts, items, shares }: GroupShares,
  group: number,
  sum: number,
): void {
  const start = offsets[group] ?? 0;
  const end = start + (counts[group] ?? 0);
  for (let at = start; at < end; at++) {
    const item = items[at] ?? 0;
    set.push(item, sum * (shares[item] ?? 0));
  }
}

function recommendedItems({ offsets, counts, items }: GroupShares, itemCount: number): Uint8Array {
  const recommended = new Uint8Array(itemCount);
  counts.forEach((count, group) => {
    const start = offsets[group] ?? 0;
    for (const item of items.subarray(start, start + count)) recommended[item] = 1;
  });
  return recommended;
}
