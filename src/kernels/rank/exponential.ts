// e^x, two at a time, with the bits of src/pipeline/deterministic-math.ts: the same operations in order.

const LN2: f64 = 0.6931471805599453;
const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const EXPONENT_BIAS: i64 = 1023;
const LEAST: f64 = -708;

/** The nearest integers, halves upwards. */
// @ts-ignore: decorator
@inline
function rounded(x: v128): v128 {
  const above = f64x2.ceil(x);
  const isBelow = f64x2.gt(f64x2.sub(above, f64x2.splat(0.5)), x);
  return f64x2.sub(above, v128.and(isBelow, f64x2.splat(1)));
}

// @ts-ignore: decorator
@inline
function rest(x: v128, k: v128): v128 {
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  return f64x2.sub(high, f64x2.mul(k, f64x2.splat(LN2_LOW)));
}

/** Two to the power of integers from −1022 to 0. */
// @ts-ignore: decorator
@inline
function powersOfTwo(k: v128): v128 {
  const exponents = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  return i64x2.shl(i64x2.add(exponents, i64x2.splat(EXPONENT_BIAS)), 52);
}

// @ts-ignore: decorator
@inline
function scaled(series: v128, k: v128, x: v128): v128 {
  const value = f64x2.mul(series, powersOfTwo(k));
  return v128.andnot(value, f64x2.lt(x, f64x2.splat(LEAST)));
}

/** Turns float64 values, none above 0, into e^value. There must be room for a multiple of four of them. */
export function exponentials(values: usize, count: i32): void {
  const end = values + (<usize>count << 3);
  const one = f64x2.splat(1);
  for (let at = values; at < end; at += 32) {
    // Divisions wait for each other: four numbers at a time.
    const x = v128.load(at),
      y = v128.load(at, 16);
    const i = rounded(f64x2.div(x, f64x2.splat(LN2))),
      k = rounded(f64x2.div(y, f64x2.splat(LN2)));
    const r = rest(x, i),
      s = rest(y, k);
    let first = one,
      second = one;
    for (let n: f64 = 16; n >= 1; n -= 1) {
      const term = f64x2.splat(n);
      first = f64x2.add(one, f64x2.div(f64x2.mul(first, r), term));
      second = f64x2.add(one, f64x2.div(f64x2.mul(second, s), term));
    }
    v128.store(at, scaled(first, i, x));
    v128.store(at, scaled(second, k, y), 16);
  }
}
