import type { Sequences } from '../../data/prepared-data.ts';

/** Which training sequences hold each item, and where: an inverted index of 12 bytes a row. */
export interface SequenceIndex {
  readonly itemCount: number;
  readonly sequenceCount: number;
  /** The sequences' items, flat: sequence s is items[bounds[s] … bounds[s + 1]). */
  readonly items: Int32Array;
  readonly bounds: Uint32Array;
  /** Item i is in `sequences[offsets[i] … offsets[i + 1])`, each once, ascending. */
  readonly offsets: Uint32Array;
  readonly sequences: Uint32Array;
  /** The item's last place there, in `items`. */
  readonly positions: Uint32Array;
}

/** Indexes sequences by item. */
export function indexSequences({ items, offsets }: Sequences, itemCount: number): SequenceIndex {
  const base = offsets[0] ?? 0;
  const bounds = offsets.map((offset) => offset - base);
  const flat = items.subarray(base, offsets[offsets.length - 1] ?? base);
  const starts = startsOf(flat, bounds, itemCount);
  const size = starts[itemCount] ?? 0;
  const sequences = new Uint32Array(size);
  const positions = new Uint32Array(size);
  const next = starts.slice();
  for (let s = 0; s + 1 < bounds.length; s++) {
    const end = bounds[s + 1] ?? 0;
    for (let at = bounds[s] ?? 0; at < end; at++) {
      const item = flat[at] ?? 0;
      const place = next[item] ?? 0;
      const again = place > (starts[item] ?? 0) && sequences[place - 1] === s;
      if (!again) next[item] = place + 1;
      const slot = again ? place - 1 : place;
      sequences[slot] = s;
      positions[slot] = at;
    }
  }
  const sequenceCount = bounds.length - 1;
  return { itemCount, sequenceCount, items: flat, bounds, offsets: starts, sequences, positions };
}

/** Where the sequences of each item start; an item counts once in a sequence. */
function startsOf(items: Int32Array, bounds: Uint32Array, itemCount: number): Uint32Array {
  const starts = new Uint32Array(itemCount + 1);
  const lastIn = new Int32Array(itemCount).fill(-1);
  for (let s = 0; s + 1 < bounds.length; s++) {
    const end = bounds[s + 1] ?? 0;
    for (let at = bounds[s] ?? 0; at < end; at++) {
      const item = items[at] ?? 0;
      if (lastIn[item] === s) continue;
      lastIn[item] = s;
      starts[item + 1] = (starts[item + 1] ?? 0) + 1;
    }
  }
  for (let item = 0; item < itemCount; item++)
    starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0);
  return starts;
}

/** Training sequences that hold the item. */
export function sequencesWith({ offsets }: SequenceIndex, item: number): number {
  return (offsets[item + 1] ?? 0) - (offsets[item] ?? 0);
}

/** Items a query can be made of, and items that can be voted for: 1 each. */
export interface Reachable {
  readonly known: Uint8Array;
  readonly recommended: Uint8Array;
}

/** @param bothWays whether items before a shared one get votes too */
export function reachableItems(index: SequenceIndex, bothWays: boolean): Reachable {
  const { itemCount, items, bounds } = index;
  const recommended = new Uint8Array(itemCount);
  for (let s = 0; s + 1 < bounds.length; s++) {
    const start = bounds[s] ?? 0;
    const end = bounds[s + 1] ?? 0;
    if (end - start < 2) continue;
    for (let at = bothWays ? start : start + 1; at < end; at++) recommended[items[at] ?? 0] = 1;
  }
  const known = Uint8Array.from({ length: itemCount }, (_, item) => (isKnown(index, item, bothWays) ? 1 : 0));
  return { known, recommended };
}

/** Whether a sequence that holds the item has others to vote for. */
function isKnown(
  { offsets, sequences, positions, bounds }: SequenceIndex,
  item: number,
  bothWays: boolean,
): boolean {
  const last = offsets[item + 1] ?? 0;
  for (let at = offsets[item] ?? 0; at < last; at++) {
    const s = sequences[at] ?? 0;
    const end = bounds[s + 1] ?? 0;
    const others = bothWays ? end - (bounds[s] ?? 0) - 1 : end - (positions[at] ?? 0) - 1;
    if (others > 0) return true;
  }
  return false;
}
