// The vectors in the order of their panels, and how they come to a query: each scored at once where its code passes, or kept
// by what its code says until it is known which are worth a score.
import { Candidates, compact, isExcluded, offer } from './candidates';
import { GROUP } from './codes';
import { dot, scoreFour } from './dot';
import { rowOf } from './keys';
import { addPending, mayReach, pendingAt, thinPending } from './pending';

let size: i32 = 0;
let rows: usize = 0;
let ids: usize = 0;
let stride: i32 = 0;

/**
 * @param orderedRows vectors of `rowStride` floats
 * @param rowIds their row numbers
 */
export function setRows(rowCount: i32, orderedRows: usize, rowIds: usize, rowStride: i32): void {
  size = rowCount;
  rows = orderedRows;
  ids = rowIds;
  stride = rowStride;
}

// @ts-ignore: decorator
@inline
function vectorOf(place: i32): usize {
  return rows + ((<usize>place * <usize>stride) << 2);
}

// @ts-ignore: decorator
@inline
function idOf(place: i32): i32 {
  return load<i32>(ids + ((<usize>place) << 2));
}

// @ts-ignore: decorator
@inline
function offerScore(state: Candidates, score: f32, place: i32): void {
  if (score >= state.threshold) offer(state, score, idOf(place));
}

// @ts-ignore: decorator
@inline
function isOne(bits: i32): bool {
  return (bits & (bits - 1)) == 0;
}

/** Scores four rows, of which the first `count` are offered: the sums of one row wait for each other. */
// @ts-ignore: decorator
@inline
function offerFour(state: Candidates, query: usize, a: i32, b: i32, c: i32, d: i32, count: i32): void {
  const four = scoreFour(query, vectorOf(a), vectorOf(b), vectorOf(c), vectorOf(d), (<usize>stride) << 2);
  offerScore(state, f32x4.extract_lane(four, 0), a);
  offerScore(state, f32x4.extract_lane(four, 1), b);
  if (count > 2) offerScore(state, f32x4.extract_lane(four, 2), c);
  if (count > 3) offerScore(state, f32x4.extract_lane(four, 3), d);
}

/** The bits of a group that stand for rows there are. */
// @ts-ignore: decorator
@inline
function presentOf(firstRow: i32, passed: i32): i32 {
  return firstRow + GROUP > size ? passed & ((1 << (size - firstRow)) - 1) : passed;
}

/** Scores the rows of a group whose bits are set; where fewer than four are left the last one fills the places. */
export function offerGroup(state: Candidates, query: usize, firstRow: i32, passed: i32): void {
  let bits = presentOf(firstRow, passed);
  while (bits != 0) {
    const a = firstRow + ctz(bits);
    if (isOne(bits)) {
      offerScore(state, dot(query, vectorOf(a), stride), a);
      return;
    }
    bits &= bits - 1;
    const b = firstRow + ctz(bits);
    bits &= bits - 1;
    const c = bits == 0 ? b : firstRow + ctz(bits);
    const count = bits == 0 ? 2 : isOne(bits) ? 3 : 4;
    bits &= bits - 1;
    const d = bits == 0 ? c : firstRow + ctz(bits);
    bits &= bits - 1;
    offerFour(state, query, a, b, c, d, count);
  }
}

/** Keeps the rows of a group whose bits are set: their scores are about `base` + `units` × sum. */
export function keepGroup(
  state: Candidates,
  query: usize,
  firstRow: i32,
  passed: i32,
  sums: usize,
  base: f64,
  units: f64,
): void {
  if (state.pendingCount + GROUP > state.pendingRoom) makeRoom(state, query);
  for (let bits = presentOf(firstRow, passed); bits != 0; bits &= bits - 1) {
    const r = ctz(bits),
      place = firstRow + r;
    if (state.excludedCount > 0 && isExcluded(state, idOf(place))) continue;
    addPending(state, base + units * <f64>load<i32>(sums + ((<usize>r) << 2)), place);
  }
}

/** Where codes tell too little to drop rows, they are scored. */
function makeRoom(state: Candidates, query: usize): void {
  thinPending(state);
  if (state.pendingCount + GROUP > state.pendingRoom - (state.pendingRoom >> 3)) scorePending(state, query);
}

/** Scores what was kept and may still be among the best; those that are the most likely come first. */
export function scorePending(state: Candidates, query: usize): void {
  thinPending(state);
  const count = state.pendingCount,
    k = state.k;
  scoreStretch(state, query, 0, min(k, count));
  compact(state);
  scoreStretch(state, query, k, count);
  compact(state);
  state.pendingCount = 0;
}

/** Scores the rows of a stretch that may reach the threshold. */
function scoreStretch(state: Candidates, query: usize, from: i32, to: i32): void {
  let first = -1,
    second = -1,
    third = -1,
    waiting = 0;
  for (let i = from; i < to; i++) {
    const key = pendingAt(state, i);
    if (!mayReach(state, key)) continue;
    const place = rowOf(key);
    waiting++;
    if (waiting == 1) first = place;
    else if (waiting == 2) second = place;
    else if (waiting == 3) third = place;
    else {
      offerFour(state, query, first, second, third, place, 4);
      waiting = 0;
    }
  }
  if (waiting == 1) offerScore(state, dot(query, vectorOf(first), stride), first);
  else if (waiting > 1) {
    const last = waiting == 2 ? second : third;
    offerFour(state, query, first, second, last, last, waiting);
  }
}
