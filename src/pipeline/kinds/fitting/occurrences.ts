import type { Sequences } from '../../data/prepared-data.ts';
import { groupPositions, type GroupedPositions } from '../../group-positions.ts';

/** Where each item stands in the training sequences: an inverted index. */
export interface Occurrences extends GroupedPositions {
  readonly itemCount: number;
  /** The sequences' items, flat. */
  readonly items: Int32Array;
  /** For each position of `items`: where its sequence starts and ends. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Indexes sequences by item. */
export function indexOccurrences(sequences: Sequences, itemCount: number): Occurrences {
  const { offsets: bounds } = sequences;
  const base = bounds[0] ?? 0;
  const items = sequences.items.subarray(base, bounds[bounds.length - 1] ?? 0);
  const starts = new Uint32Array(items.length);
  const ends = new Uint32Array(items.length);
  for (let s = 0; s + 1 < bounds.length; s++) {
    const from = (bounds[s] ?? 0) - base;
    const to = (bounds[s + 1] ?? 0) - base;
    starts.fill(from, from, to);
    ends.fill(to, from, to);
  }
  return { itemCount, items, starts, ends, ...groupPositions(items, itemCount) };
}

/** Training rows of one item. */
export function occurrencesOf({ offsets }: Occurrences, item: number): number {
  return (offsets[item + 1] ?? 0) - (offsets[item] ?? 0);
}
