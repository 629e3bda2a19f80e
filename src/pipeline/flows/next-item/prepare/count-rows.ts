import { RepeatCounter } from './repeat-counter.ts';
import type { RepeatCounts } from './write-sequences.ts';

/** Training rows of each item by leave-one-out: all but the last two of each sequence; rows lie sequence by sequence. */
export function countAllButTwo(items: Int32Array, lengths: Int32Array, itemCount: number): Uint32Array {
  const counts = new Uint32Array(itemCount);
  let start = 0;
  for (const length of lengths) {
    for (const item of items.subarray(start, start + Math.max(0, length - 2)))
      counts[item] = (counts[item] ?? 0) + 1;
    start += length;
  }
  return counts;
}

/** Repeats among rows that lie sequence by sequence; equal rows have equal marks. */
export function countRepeats(
  rows: { readonly items: Int32Array; readonly marks: Int32Array },
  lengths: Int32Array,
  itemCount: number,
): RepeatCounts {
  const { items, marks } = rows;
  const counter = new RepeatCounter(itemCount);
  let start = 0;
  for (const [sequence, length] of lengths.entries()) {
    const end = start + length;
    for (let row = start; row < end; row++) {
      const differs = row === start || marks[row] !== marks[row - 1];
      counter.add(sequence, items[row] ?? 0, differs);
    }
    start = end;
  }
  counter.finish();
  return { repeatedItems: counter.repeated, duplicateRows: counter.duplicates };
}
