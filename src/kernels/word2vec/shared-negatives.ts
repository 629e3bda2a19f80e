import { random32, rowAt } from './random';
import { idAt } from './sentence';
import { outputRow, sharedNegatives, vectorBytes } from './state';

/** Reads a word of each cache line of a row, so that it is near when it is needed. The result only keeps the reads alive. */
@inline
function touch(row: usize): i32 {
  let touched: i32 = 0;
  for (let at: usize = 0; at < vectorBytes; at += 64) touched |= load<i32>(row + at);
  return touched;
}

/**
 * Draws the negatives of a group: ids (i32 each) and the addresses of their output rows (u32 each), ahead of their use.
 * The word after the addresses is overwritten too.
 */
export function drawShared(ids: usize, rows: usize): void {
  let touched: i32 = 0;
  for (let k = 0; k < sharedNegatives; ++k) {
    const id = rowAt(random32() >> 1);
    const row = outputRow(id);
    store<i32>(ids + (<usize>k << 2), id);
    store<u32>(rows + (<usize>k << 2), <u32>row);
    touched |= touch(row);
  }
  store<i32>(rows + (<usize>sharedNegatives << 2), touched);
}

/** Brings the output rows of some centres near. The word at `sink` is overwritten. */
export function touchTargets(start: i32, end: i32, sink: usize): void {
  let touched: i32 = 0;
  for (let centre = start; centre < end; ++centre) touched |= touch(outputRow(idAt(centre)));
  store<i32>(sink, touched);
}
