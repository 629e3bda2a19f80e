/** The three small matrix products of a batch. Each tile is a function of its own, called often: V8 tiers up between calls. */
import { multiplyAdd, sumsOfLanes4 } from '../word2vec/simd';

/** Inner products of two rows of `a` with four of `b`. */
function productTile(a: usize, b: usize, apart: usize, bytes: usize, out: usize, outBytes: usize): void {
  const a1 = a + apart;
  const b1 = b + apart;
  const b2 = b1 + apart;
  const b3 = b2 + apart;
  let p0 = f32x4.splat(0);
  let p1 = p0;
  let p2 = p0;
  let p3 = p0;
  let q0 = p0;
  let q1 = p0;
  let q2 = p0;
  let q3 = p0;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(a + at);
    const y = v128.load(a1 + at);
    let z = v128.load(b + at);
    p0 = multiplyAdd(x, z, p0);
    q0 = multiplyAdd(y, z, q0);
    z = v128.load(b1 + at);
    p1 = multiplyAdd(x, z, p1);
    q1 = multiplyAdd(y, z, q1);
    z = v128.load(b2 + at);
    p2 = multiplyAdd(x, z, p2);
    q2 = multiplyAdd(y, z, q2);
    z = v128.load(b3 + at);
    p3 = multiplyAdd(x, z, p3);
    q3 = multiplyAdd(y, z, q3);
  }
  v128.store(out, sumsOfLanes4(p0, p1, p2, p3));
  v128.store(out + outBytes, sumsOfLanes4(q0, q1, q2, q3));
}

/** out[i][j] = aᵢ · bⱼ, for an even number of rows `a` and a multiple of four rows `b`, both `apart` bytes from each other. */
export function products(a: usize, aCount: i32, b: usize, bCount: i32, apart: usize, bytes: usize, out: usize): void {
  const outBytes = <usize>bCount << 2;
  for (let j = 0; j < bCount; j += 4) {
    for (let i = 0; i < aCount; i += 2) {
      productTile(a + <usize>i * apart, b + <usize>j * apart, apart, bytes, out + <usize>i * outBytes + (<usize>j << 2), outBytes);
    }
  }
}

/** Sixteen dimensions of two sums; see `weightedSums`. */
function sumTile(out: usize, out1: usize, weights: usize, nextSum: usize, nextRow: usize, rows: usize, count: i32, apart: usize): void {
  let p0 = v128.load(out);
  let p1 = v128.load(out, 16);
  let p2 = v128.load(out, 32);
  let p3 = v128.load(out, 48);
  let q0 = v128.load(out1);
  let q1 = v128.load(out1, 16);
  let q2 = v128.load(out1, 32);
  let q3 = v128.load(out1, 48);
  for (let row = 0; row < count; ++row) {
    const x = v128.load32_splat(weights);
    const y = v128.load32_splat(weights + nextSum);
    let z = v128.load(rows);
    p0 = multiplyAdd(x, z, p0);
    q0 = multiplyAdd(y, z, q0);
    z = v128.load(rows, 16);
    p1 = multiplyAdd(x, z, p1);
    q1 = multiplyAdd(y, z, q1);
    z = v128.load(rows, 32);
    p2 = multiplyAdd(x, z, p2);
    q2 = multiplyAdd(y, z, q2);
    z = v128.load(rows, 48);
    p3 = multiplyAdd(x, z, p3);
    q3 = multiplyAdd(y, z, q3);
    weights += nextRow;
    rows += apart;
  }
  v128.store(out, p0);
  v128.store(out, p1, 16);
  v128.store(out, p2, 32);
  v128.store(out, p3, 48);
  v128.store(out1, q0);
  v128.store(out1, q1, 16);
  v128.store(out1, q2, 32);
  v128.store(out1, q3, 48);
}

/** Four dimensions of two sums, where sixteen are no longer left. */
function narrowSumTile(out: usize, out1: usize, weights: usize, nextSum: usize, nextRow: usize, rows: usize, count: i32, apart: usize): void {
  let p = v128.load(out);
  let q = v128.load(out1);
  for (let row = 0; row < count; ++row) {
    const z = v128.load(rows);
    p = multiplyAdd(v128.load32_splat(weights), z, p);
    q = multiplyAdd(v128.load32_splat(weights + nextSum), z, q);
    weights += nextRow;
    rows += apart;
  }
  v128.store(out, p);
  v128.store(out1, q);
}

/** Rows summed before the next sums: as many as stay in the first cache. */
const ROWS: i32 = 64;

/**
 * outᵢ += Σᵣ w(i, r) · rowᵣ, for an even number of sums.
 * @param nextSum bytes from w(i, r) to w(i + 1, r); `nextRow` those to w(i, r + 1)
 */
export function weightedSums(
  out: usize,
  sums: i32,
  weights: usize,
  nextSum: usize,
  nextRow: usize,
  rows: usize,
  rowCount: i32,
  apart: usize,
  bytes: usize,
): void {
  for (let first = 0; first < rowCount; first += ROWS) {
    const count = min(ROWS, rowCount - first);
    const block = rows + <usize>first * apart;
    for (let i = 0; i < sums; i += 2) {
      const weight = weights + <usize>i * nextSum + <usize>first * nextRow;
      const sum = out + <usize>i * apart;
      let at: usize = 0;
      for (; at + 64 <= bytes; at += 64) sumTile(sum + at, sum + apart + at, weight, nextSum, nextRow, block + at, count, apart);
      for (; at < bytes; at += 16) narrowSumTile(sum + at, sum + apart + at, weight, nextSum, nextRow, block + at, count, apart);
    }
  }
}
