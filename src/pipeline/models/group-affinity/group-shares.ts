import { pow } from '../../deterministic-math.ts';
import { groupPositions } from '../../group-positions.ts';
import type { GroupAffinityParameters } from './parameters.ts';

/** The items of each group with their shares of its score, the largest first. */
export interface GroupShares {
  /** Items of group g are `items[offsets[g] … offsets[g] + counts[g])`. */
  readonly offsets: Uint32Array;
  readonly counts: Uint32Array;
  readonly items: Uint32Array;
  /** Share of each item code, 0 where it has no group. */
  readonly shares: Float64Array;
}

/** Item j's share: (n_j + λ)^popularity over the sum of the same over its group; n_j are its training rows, 0 for a new item. */
export function groupShares(
  groups: Int32Array,
  groupCount: number,
  trainCounts: Uint32Array,
  { popularity, lambda, groupItems }: GroupAffinityParameters,
): GroupShares {
  const { offsets, positions: items } = groupPositions(groups, groupCount);
  const shares = rowPowers(groups, trainCounts, popularity, lambda);
  const counts = new Uint32Array(groupCount);
  for (let group = 0; group < groupCount; group++) {
    const members = items.subarray(offsets[group], offsets[group + 1]);
    let sum = 0;
    for (const item of members) sum += shares[item] ?? 0;
    for (const item of members) shares[item] = (shares[item] ?? 0) / sum;
    if (members.length > groupItems) members.sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
    counts[group] = Math.min(groupItems, members.length);
  }
  return { offsets, counts, items, shares };
}

/** (n_j + λ)^popularity, computed once for each count. */
function rowPowers(
  groups: Int32Array,
  trainCounts: Uint32Array,
  popularity: number,
  lambda: number,
): Float64Array {
  const known = new Map<number, number>();
  return Float64Array.from(trainCounts, (count, item) => {
    if ((groups[item] ?? -1) < 0) return 0;
    const value = known.get(count) ?? pow(count + lambda, popularity);
    known.set(count, value);
    return value;
  });
}
