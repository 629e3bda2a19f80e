import { random32, rowAt } from './random';
import { outputRow, sharedNegatives } from './state';

/** Draws the negatives of a group: ids (i32 each) and the addresses of their output rows (u32 each). */
export function drawShared(ids: usize, rows: usize): void {
  for (let k = 0; k < sharedNegatives; ++k) {
    const id = rowAt(random32() >> 1);
    store<i32>(ids + (<usize>k << 2), id);
    store<u32>(rows + (<usize>k << 2), <u32>outputRow(id));
  }
}
