import { groupPositions } from '../../group-positions.ts';
import { countPowers } from '../fitting/count-powers.ts';
import type { GroupAffinityParameters } from './parameters.ts';

/** Items with groups, and what is known of them. */
export interface GroupedItems {
  /** Group of each item code, −1 for none. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Training rows of each item code. */
  readonly trainCounts: Uint32Array;
  /** 1 for each item that may be recommended; others only say which group a list holds. */
  readonly catalogue: Uint8Array;
  /** A random order of the items: codes follow the rows of all parts, so they must not decide between equals. */
  readonly ties: Uint32Array;
}

/** The items of each group that can be recommended, with their shares of its score. */
export interface GroupShares {
  /** Items of group g are `items[offsets[g] … offsets[g] + counts[g])`. */
  readonly offsets: Uint32Array;
  readonly counts: Uint32Array;
  readonly items: Uint32Array;
  /** Share of each item code in its group; meaningless where it has none. */
  readonly shares: Float64Array;
}

/** Item j's share: (n_j + λ)^popularity over the sum of the same over its group; n_j are its training rows, 0 for a new item of the catalogue. */
export function groupShares(
  { groups, groupCount, trainCounts, catalogue, ties }: GroupedItems,
  { popularity, lambda, groupItems }: GroupAffinityParameters,
): GroupShares {
  const inCatalogue = groups.map((group, item) => (catalogue[item] === 1 ? group : -1));
  const { offsets, positions: items } = groupPositions(inCatalogue, groupCount);
  const shares = countPowers(trainCounts, lambda, popularity);
  const larger = (a: number, b: number): number =>
    (shares[b] ?? 0) - (shares[a] ?? 0) || (ties[a] ?? 0) - (ties[b] ?? 0);
  const counts = new Uint32Array(groupCount);
  for (let group = 0; group < groupCount; group++) {
    const members = items.subarray(offsets[group], offsets[group + 1]);
    let sum = 0;
    for (const item of members) sum += shares[item] ?? 0;
    for (const item of members) shares[item] = (shares[item] ?? 0) / sum;
    if (members.length > groupItems) members.sort(larger);
    counts[group] = Math.min(groupItems, members.length);
  }
  return { offsets, counts, items, shares };
}
