import type { Candidates } from './scorer.ts';

/** By item code, 1 for each item that may be listed. What is left out makes room for the next best. */
export type AllowedItems = Uint8Array;

/** The candidates that may be listed, copied; `slotOf` stays that of all, by which the background leaves out what was scored. */
export function allowedCandidates(
  { items, scores, count, slotOf }: Candidates,
  allowed: AllowedItems,
): Candidates {
  const kept = new Int32Array(count);
  const keptScores = scores.slice(0, count);
  let size = 0;
  for (let slot = 0; slot < count; slot++) {
    const item = items[slot] ?? 0;
    if (allowed[item] !== 1) continue;
    kept[size] = item;
    keptScores[size++] = scores[slot] ?? -Infinity;
  }
  return { items: kept, scores: keptScores, count: size, slotOf };
}
