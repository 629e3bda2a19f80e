// Preparation of vectors: checks and lengths. Rows of `stride` floats, a multiple of 4.

/** Index of the first row that holds a NaN or an infinity, −1 when there is none. */
export function firstNonFinite(rows: usize, rowCount: i32, stride: i32): i32 {
  const vectorBytes = (<usize>stride) << 2;
  for (let r = 0; r < rowCount; r++) {
    const row = rows + <usize>r * vectorBytes;
    // x − x is 0 for finite x, NaN otherwise, and a NaN stays in the sum.
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < vectorBytes; at += 16) {
      const x = v128.load(row + at);
      sum = f32x4.add(sum, f32x4.sub(x, x));
    }
    if (v128.any_true(f32x4.ne(sum, sum))) return r;
  }
  return -1;
}

/** Length of one row, summed in double precision. */
export function lengthOf(row: usize, stride: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < stride; i++) {
    const x = <f64>load<f32>(row + ((<usize>i) << 2));
    sum += x * x;
  }
  return sqrt(sum);
}

/** Largest length of the rows. */
export function largestLength(rows: usize, rowCount: i32, stride: i32): f64 {
  let largest: f64 = 0;
  for (let r = 0; r < rowCount; r++) largest = max(largest, lengthOf(rows + ((<usize>r * <usize>stride) << 2), stride));
  return largest;
}
