import { groupPositions } from '../../group-positions.ts';
import type { StaticRanking } from './scorer.ts';

const DIGITS = 1 << 16;

/** Orders items by 16 bits of a key; those with equal bits stay in their order. */
function orderBy(items: Int32Array, bits: (item: number) => number): Int32Array {
  const { positions } = groupPositions(
    items.map((item) => bits(item) & (DIGITS - 1)),
    DIGITS,
  );
  return Int32Array.from(positions, (at) => items[at] ?? 0);
}

/** By descending count, then by random order: from the least important bits on, which takes linear time. */
function byCount(items: Int32Array, counts: Uint32Array, ties: Uint32Array): Int32Array {
  let order = orderBy(items, (item) => ties[item] ?? 0);
  order = orderBy(order, (item) => (ties[item] ?? 0) >>> 16);
  order = orderBy(order, (item) => ~(counts[item] ?? 0));
  return orderBy(order, (item) => ~(counts[item] ?? 0) >>> 16);
}

/** Items with at least one training row by descending count; equal counts in the given random order. */
export function popularityRanking(trainCounts: Uint32Array, ties: Uint32Array): StaticRanking {
  const scores = new Float64Array(trainCounts.length).fill(-Infinity);
  let catalogue = 0;
  for (let item = 0; item < trainCounts.length; item++) {
    const count = trainCounts[item] ?? 0;
    if (count === 0) continue;
    scores[item] = count;
    catalogue++;
  }
  const items = new Int32Array(catalogue);
  for (let item = 0, at = 0; item < trainCounts.length; item++)
    if ((trainCounts[item] ?? 0) > 0) items[at++] = item;
  return { items: byCount(items, trainCounts, ties), scores };
}
