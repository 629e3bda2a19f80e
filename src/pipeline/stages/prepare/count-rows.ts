import { RepeatCounter } from './repeat-counter.ts';
import type { RepeatCounts, SequenceLengths } from './write-sequences.ts';

/** Training rows of each item, of rows that lie sequence by sequence. */
export function countTraining(
  items: Int32Array,
  part: {
    readonly lengths: SequenceLengths;
    readonly train: number;
    readonly leaveOneOut: boolean;
    readonly items: { readonly count: number };
  },
): Uint32Array {
  const counts = new Uint32Array(part.items.count);
  const left = part.leaveOneOut ? 2 : 0;
  let start = 0;
  for (const length of part.lengths.lengths.subarray(0, part.train)) {
    const end = start + length - left;
    for (let row = start; row < end; row++) {
      const item = items[row] ?? 0;
      counts[item] = (counts[item] ?? 0) + 1;
    }
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
