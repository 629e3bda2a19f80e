import type { StaticRanking } from '../model-kind.ts';

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
  items.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (ties[a] ?? 0) - (ties[b] ?? 0));
  return { items, scores };
}
