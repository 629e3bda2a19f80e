/** Signals that every item has whatever the query, counted in the training sequences alone. */
import type { Sequences } from '../../data/prepared-data.ts';
import { log } from '../../deterministic-math.ts';

/** Items at the end of a sequence that count as recent. */
const LAST = 2;

/**
 * A recency prior: that of the last two items. High for items that sequences end with, so that were on offer lately.
 */
export function recencyPrior(sequences: Sequences, counts: Uint32Array): Float64Array {
  return edgePrior(sequences, counts, 'end', LAST);
}

/**
 * log((eⱼ + 1)/(nⱼ + 3)), where eⱼ counts the sequences with j among their last, or first, `reach` items and nⱼ all rows
 * of j.
 */
export function edgePrior(
  { items, offsets }: Sequences,
  counts: Uint32Array,
  edge: 'start' | 'end',
  reach: number,
): Float64Array {
  const edges = new Uint32Array(counts.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [start = 0, end = 0] = [offsets[s], offsets[s + 1]];
    const from = edge === 'end' ? Math.max(start, end - reach) : start;
    const to = edge === 'end' ? end : Math.min(end, start + reach);
    for (let at = from; at < to; at++) {
      const item = items[at] ?? 0;
      if (!items.subarray(from, at).includes(item)) edges[item] = (edges[item] ?? 0) + 1;
    }
  }
  return Float64Array.from(counts, (count, item) => log(((edges[item] ?? 0) + 1) / (count + 3)));
}

/**
 * A trend: log((rⱼ + 1)/(f · nⱼ + 1)), where rⱼ counts the rows of j in the last share f of the sequences. Means something
 * only where sequences are in order of time.
 */
export function trend({ items, offsets }: Sequences, counts: Uint32Array, share: number): Float64Array {
  const sequences = offsets.length - 1;
  const recent = new Uint32Array(counts.length);
  const from = offsets[Math.floor((1 - share) * sequences)] ?? 0;
  for (const item of items.subarray(from, offsets[sequences] ?? 0)) recent[item] = (recent[item] ?? 0) + 1;
  return Float64Array.from(counts, (count, item) => log(((recent[item] ?? 0) + 1) / (share * count + 1)));
}
