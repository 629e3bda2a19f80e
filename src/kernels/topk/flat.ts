// Exact search by scoring every row: blocks of rows against a tile of queries, then a look at what passes the threshold.
import { Candidates, CANDIDATES_BYTES, offer } from './candidates';
import { scores } from './dot';

/** Rows scored before their scores are looked at. */
export const FLAT_BLOCK: i32 = 512;

function offerAbove(state: Candidates, block: usize, count: i32, firstRow: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const four = block + ((<usize>i) << 2);
    if (!v128.any_true(f32x4.ge(v128.load(four), f32x4.splat(state.threshold)))) continue;
    for (let j = 0; j < 4; j++) {
      const score = load<f32>(four + ((<usize>j) << 2));
      if (score >= state.threshold) offer(state, score, firstRow + i + j);
    }
  }
  for (; i < count; i++) {
    const score = load<f32>(block + ((<usize>i) << 2));
    if (score >= state.threshold) offer(state, score, firstRow + i);
  }
}

/**
 * Offers rows `from` … `to` to the states of a tile of queries.
 * @param scratch room for queryCount × FLAT_BLOCK floats
 */
export function scanFlat(
  queries: usize,
  queryCount: i32,
  states: usize,
  rows: usize,
  from: i32,
  to: i32,
  stride: i32,
  scratch: usize,
): void {
  for (let first = from; first < to; first += FLAT_BLOCK) {
    const count = min(FLAT_BLOCK, to - first);
    scores(queries, queryCount, rows + ((<usize>first * <usize>stride) << 2), count, stride, scratch, FLAT_BLOCK);
    for (let q = 0; q < queryCount; q++) {
      const state = changetype<Candidates>(states + <usize>(q * CANDIDATES_BYTES));
      offerAbove(state, scratch + ((<usize>(q * FLAT_BLOCK)) << 2), count, first);
    }
  }
}
