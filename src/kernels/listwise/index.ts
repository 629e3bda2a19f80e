// Scores of the candidates of a query, and the gradient of −log softmax(score of the target) by the worth of each feature.
//
// Candidates are rows of `width` float32 features; sums are float64. Only blocks of four features are looked at, those
// whose offsets the caller lists: of the others every feature is worth nothing, and no gradient is wanted. The last block
// may reach beyond a row: what is there must be worth 0, and after the last row there are 12 bytes that are finite numbers.
// There is no fused arithmetic: one build, the same bits on every machine.
import { expTwo } from './exponential';

/** Two float32 numbers as float64. */
// @ts-ignore: decorator
@inline
function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

// @ts-ignore: decorator
@inline
function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

// @ts-ignore: decorator
@inline
function scoreOne(values: usize, blocks: usize, end: usize, row: usize): f64 {
  let sum = f64x2.splat(0);
  for (let block = blocks; block < end; block += 4) {
    const f: usize = load<u32>(block);
    sum = multiplyAdd(sum, v128.load(values + (f << 3)), two(row + (f << 2)));
    sum = multiplyAdd(sum, v128.load(values + (f << 3), 16), two(row + (f << 2) + 8));
  }
  return both(sum);
}

/**
 * Scores: Σ over the features of the blocks of value · x.
 * @param values what a unit of each feature is worth: float64, `width` rounded up to a multiple of 4
 * @param blocks first features of the blocks, `blockCount` of them
 * @param out a float64 each
 */
export function score(
  values: usize,
  blocks: usize,
  blockCount: i32,
  rows: usize,
  count: i32,
  width: i32,
  out: usize,
): void {
  const rowBytes = (<usize>width) << 2;
  const end = blocks + ((<usize>blockCount) << 2);
  const fours = count & ~3;
  let row = rows;
  for (let i = 0; i < fours; i += 4, out += 32) {
    const row1 = row + rowBytes,
      row2 = row1 + rowBytes,
      row3 = row2 + rowBytes;
    let a = f64x2.splat(0),
      b = a,
      c = a,
      d = a;
    for (let block = blocks; block < end; block += 4) {
      const f: usize = load<u32>(block),
        at = f << 2;
      const low = v128.load(values + (f << 3)),
        high = v128.load(values + (f << 3), 16);
      a = multiplyAdd(a, low, two(row + at));
      b = multiplyAdd(b, low, two(row1 + at));
      c = multiplyAdd(c, low, two(row2 + at));
      d = multiplyAdd(d, low, two(row3 + at));
      a = multiplyAdd(a, high, two(row + at + 8));
      b = multiplyAdd(b, high, two(row1 + at + 8));
      c = multiplyAdd(c, high, two(row2 + at + 8));
      d = multiplyAdd(d, high, two(row3 + at + 8));
    }
    store<f64>(out, both(a));
    store<f64>(out, both(b), 8);
    store<f64>(out, both(c), 16);
    store<f64>(out, both(d), 24);
    row = row3 + rowBytes;
  }
  for (let i = fours; i < count; i++, row += rowBytes, out += 8)
    store<f64>(out, scoreOne(values, blocks, end, row));
}

function highestOf(scores: usize, count: i32): f64 {
  let highest = -Infinity;
  for (let i = 0; i < count; i++) highest = max(highest, load<f64>(scores + ((<usize>i) << 3)));
  return highest;
}

/** Turns scores into shares that sum to 1; returns Σ e^(score − highest). There is room for one number more. */
function softmax(scores: usize, count: i32, highest: f64): f64 {
  const end = scores + ((<usize>count) << 3);
  const shift = f64x2.splat(highest);
  let sums = f64x2.splat(0);
  // The number after an odd one out counts nothing.
  if (count & 1) store<f64>(end, -Infinity);
  for (let at = scores; at < end; at += 16) {
    const own = expTwo(f64x2.sub(v128.load(at), shift));
    v128.store(at, own);
    sums = f64x2.add(sums, own);
  }
  const sum = both(sums);
  const scale = f64x2.splat(1 / sum);
  for (let at = scores; at < end; at += 16) v128.store(at, f64x2.mul(v128.load(at), scale));
  return sum;
}

/** Adds Σ over rows of error · x to the blocks' sums. */
function collect(
  errors: usize,
  blocks: usize,
  end: usize,
  rows: usize,
  count: i32,
  rowBytes: usize,
  sums: usize,
): void {
  const fours = count & ~3;
  let row = rows;
  for (let i = 0; i < fours; i += 4, errors += 32) {
    const row1 = row + rowBytes,
      row2 = row1 + rowBytes,
      row3 = row2 + rowBytes;
    const a = v128.load64_splat(errors),
      b = v128.load64_splat(errors, 8),
      c = v128.load64_splat(errors, 16),
      d = v128.load64_splat(errors, 24);
    for (let block = blocks; block < end; block += 4) {
      const f: usize = load<u32>(block),
        at = f << 2,
        into = sums + (f << 3);
      let low = v128.load(into),
        high = v128.load(into, 16);
      low = multiplyAdd(low, a, two(row + at));
      high = multiplyAdd(high, a, two(row + at + 8));
      low = multiplyAdd(low, b, two(row1 + at));
      high = multiplyAdd(high, b, two(row1 + at + 8));
      low = multiplyAdd(low, c, two(row2 + at));
      high = multiplyAdd(high, c, two(row2 + at + 8));
      low = multiplyAdd(low, d, two(row3 + at));
      high = multiplyAdd(high, d, two(row3 + at + 8));
      v128.store(into, low);
      v128.store(into, high, 16);
    }
    row = row3 + rowBytes;
  }
  for (let i = fours; i < count; i++, row += rowBytes, errors += 8) {
    const error = v128.load64_splat(errors);
    for (let block = blocks; block < end; block += 4) {
      const f: usize = load<u32>(block),
        into = sums + (f << 3);
      v128.store(into, multiplyAdd(v128.load(into), error, two(row + (f << 2))));
      v128.store(into, multiplyAdd(v128.load(into, 16), error, two(row + (f << 2) + 8)), 16);
    }
  }
}

/**
 * The gradient of −log softmax(score of the target) by the worth of each feature of the blocks.
 * @param scores room for `count` + 1 float64, and for three; its first three tell afterwards the highest score,
 *   Σ e^(score − highest) and the target's own score
 * @param target the target's row
 * @param sums float64, as many as `values`: the gradient
 */
export function gradient(
  values: usize,
  blocks: usize,
  blockCount: i32,
  rows: usize,
  count: i32,
  width: i32,
  scores: usize,
  target: i32,
  sums: usize,
): void {
  score(values, blocks, blockCount, rows, count, width, scores);
  const targetAt = scores + ((<usize>target) << 3);
  const own = load<f64>(targetAt),
    highest = highestOf(scores, count),
    sum = softmax(scores, count, highest);
  store<f64>(targetAt, load<f64>(targetAt) - 1);
  const end = blocks + ((<usize>blockCount) << 2);
  for (let block = blocks; block < end; block += 4) {
    const into = sums + ((<usize>load<u32>(block)) << 3);
    v128.store(into, f64x2.splat(0));
    v128.store(into, f64x2.splat(0), 16);
  }
  collect(scores, blocks, end, rows, count, (<usize>width) << 2, sums);
  store<f64>(scores, highest);
  store<f64>(scores, sum, 8);
  store<f64>(scores, own, 16);
}
