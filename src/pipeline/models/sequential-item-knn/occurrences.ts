import type { Sequences } from '../../data/prepared-data.ts';

/** Where each item stands in the training sequences: an inverted index. */
export interface Occurrences {
  readonly itemCount: number;
  /** The sequences' items, flat. */
  readonly items: Int32Array;
  /** For each position of `items`: where its sequence starts and ends. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Positions of item i: `positions[offsets[i] … offsets[i + 1])`, ascending. */
  readonly positions: Uint32Array;
  readonly offsets: Uint32Array;
}

/** Indexes sequences by item. */
export function indexOccurrences({ items, offsets: bounds }: Sequences, itemCount: number): Occurrences {
  const starts = new Uint32Array(items.length);
  const ends = new Uint32Array(items.length);
  const offsets = new Uint32Array(itemCount + 1);
  for (let s = 0; s + 1 < bounds.length; s++) {
    const from = bounds[s] ?? 0;
    const to = bounds[s + 1] ?? 0;
    starts.fill(from, from, to);
    ends.fill(to, from, to);
    for (let at = from; at < to; at++) {
      const after = (items[at] ?? 0) + 1;
      offsets[after] = (offsets[after] ?? 0) + 1;
    }
  }
  for (let item = 0; item < itemCount; item++) offsets[item + 1] = (offsets[item + 1] ?? 0) + (offsets[item] ?? 0);
  const next = offsets.slice();
  const positions = new Uint32Array(offsets[itemCount] ?? 0);
  for (let at = bounds[0] ?? 0; at < (bounds[bounds.length - 1] ?? 0); at++) {
    const item = items[at] ?? 0;
    const place = next[item] ?? 0;
    positions[place] = at;
    next[item] = place + 1;
  }
  return { itemCount, items, starts, ends, positions, offsets };
}

/** Training rows of one item. */
export function occurrencesOf(index: Occurrences, item: number): number {
  return (index.offsets[item + 1] ?? 0) - (index.offsets[item] ?? 0);
}
