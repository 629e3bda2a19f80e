// The inner product. Every score this module returns is made here, in one order of additions: lane l sums the dimensions
// l, l + 4, l + 8 …, multiplied and added with a rounding each (never fused), then (l0 + l2) + (l1 + l3).
// So a score has the same bits whichever way it was reached: dense block, flat scan, pruned scan, any build, any machine.
// Vectors are rows of `stride` floats, a multiple of 4, filled up with zeros.

const QUERIES: i32 = 2;
const ROWS: i32 = 4;

/** Sums of the lanes of four accumulators, as one vector. */
// @ts-ignore: decorator
@inline
function foldFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** Inner product of two vectors. */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, stride: i32): f32 {
  let sum = f32x4.splat(0);
  const end = a + ((<usize>stride) << 2);
  for (; a < end; a += 16, b += 16) sum = multiplyAdd(sum, v128.load(a), v128.load(b));
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 2) + (f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 3))
  );
}

/** Two queries by four rows: eight sums stay in registers. */
// @ts-ignore: decorator
@inline
function scoreTile(
  query: usize,
  row: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  vectorBytes: usize,
  out: usize,
  outBytes: usize,
): void {
  const other = query + vectorBytes;
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0;
  for (let at: usize = 0; at < vectorBytes; at += 16) {
    const q = v128.load(query + at),
      p = v128.load(other + at);
    let x = v128.load(row + at);
    a0 = multiplyAdd(a0, q, x);
    b0 = multiplyAdd(b0, p, x);
    x = v128.load(row1 + at);
    a1 = multiplyAdd(a1, q, x);
    b1 = multiplyAdd(b1, p, x);
    x = v128.load(row2 + at);
    a2 = multiplyAdd(a2, q, x);
    b2 = multiplyAdd(b2, p, x);
    x = v128.load(row3 + at);
    a3 = multiplyAdd(a3, q, x);
    b3 = multiplyAdd(b3, p, x);
  }
  v128.store(out, foldFour(a0, a1, a2, a3));
  v128.store(out + outBytes, foldFour(b0, b1, b2, b3));
}

/** One query by four rows. */
// @ts-ignore: decorator
@inline
export function scoreFour(query: usize, row: usize, row1: usize, row2: usize, row3: usize, vectorBytes: usize): v128 {
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a;
  for (let at: usize = 0; at < vectorBytes; at += 16) {
    const q = v128.load(query + at);
    a = multiplyAdd(a, q, v128.load(row + at));
    b = multiplyAdd(b, q, v128.load(row1 + at));
    c = multiplyAdd(c, q, v128.load(row2 + at));
    d = multiplyAdd(d, q, v128.load(row3 + at));
  }
  return foldFour(a, b, c, d);
}

/** Scores of `queryCount` queries with `rowCount` rows into `out`, whose rows lie `outStride` floats apart. */
export function scores(
  queries: usize,
  queryCount: i32,
  rows: usize,
  rowCount: i32,
  stride: i32,
  out: usize,
  outStride: i32,
): void {
  const vectorBytes = (<usize>stride) << 2,
    outBytes = (<usize>outStride) << 2;
  const evenQueries = queryCount & ~(QUERIES - 1),
    evenRows = rowCount & ~(ROWS - 1);
  for (let r = 0; r < evenRows; r += ROWS) {
    const row = rows + <usize>r * vectorBytes,
      row1 = row + vectorBytes,
      row2 = row1 + vectorBytes,
      row3 = row2 + vectorBytes;
    let target = out + ((<usize>r) << 2);
    let query = queries;
    for (let q = 0; q < evenQueries; q += QUERIES, query += vectorBytes << 1, target += outBytes << 1) {
      scoreTile(query, row, row1, row2, row3, vectorBytes, target, outBytes);
    }
  }
  for (let q = 0; q < queryCount; q++) {
    const query = queries + <usize>q * vectorBytes,
      target = out + <usize>q * outBytes;
    if (q >= evenQueries) {
      for (let r = 0; r < evenRows; r += ROWS) {
        const row = rows + <usize>r * vectorBytes;
        const four = scoreFour(query, row, row + vectorBytes, row + 2 * vectorBytes, row + 3 * vectorBytes, vectorBytes);
        v128.store(target + ((<usize>r) << 2), four);
      }
    }
    for (let r = evenRows; r < rowCount; r++) {
      store<f32>(target + ((<usize>r) << 2), dot(query, rows + <usize>r * vectorBytes, stride));
    }
  }
}

/** Scores of `queryCount` queries with the rows whose numbers are given, anywhere among the rows, into rows of `count`. */
export function scoresOf(
  queries: usize,
  queryCount: i32,
  rows: usize,
  numbers: usize,
  count: i32,
  stride: i32,
  out: usize,
): void {
  const vectorBytes = (<usize>stride) << 2,
    outBytes = (<usize>count) << 2;
  const fours = count & ~(ROWS - 1),
    evenQueries = queryCount & ~(QUERIES - 1);
  let target = out;
  for (let i = 0; i < fours; i += ROWS, numbers += 16, target += 16) {
    const row = rows + <usize>load<u32>(numbers) * vectorBytes,
      row1 = rows + <usize>load<u32>(numbers, 4) * vectorBytes,
      row2 = rows + <usize>load<u32>(numbers, 8) * vectorBytes,
      row3 = rows + <usize>load<u32>(numbers, 12) * vectorBytes;
    let query = queries,
      place = target;
    for (let q = 0; q < evenQueries; q += QUERIES, query += vectorBytes << 1, place += outBytes << 1)
      scoreTile(query, row, row1, row2, row3, vectorBytes, place, outBytes);
    if (evenQueries < queryCount) v128.store(place, scoreFour(query, row, row1, row2, row3, vectorBytes));
  }
  for (let i = fours; i < count; i++, numbers += 4, target += 4) {
    const row = rows + <usize>load<u32>(numbers) * vectorBytes;
    let query = queries;
    for (let q = 0; q < queryCount; q++, query += vectorBytes)
      store<f32>(target + <usize>q * outBytes, dot(query, row, stride));
  }
}
