// Natural logarithms, two at a time, with the bits of src/pipeline/deterministic-math.ts: the same operations in order.

const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const SQRT2: f64 = 1.4142135623730951;
const MANTISSA: i64 = 0xfffffffffffff;
const ONE: i64 = 0x3ff0000000000000;
const EXPONENT_BIAS: i64 = 1023;
/** 2⁵² as bits and as a number: with these an integer below 2⁵² becomes a float64. */
const INTEGER: i64 = 0x4330000000000000;
const INTEGER_OFFSET: f64 = 4503599627370496;

// @ts-ignore: decorator
@inline
function term(series: v128, square: v128, odd: f64): v128 {
  return f64x2.mul(f64x2.add(series, f64x2.splat(1.0 / odd)), square);
}

/** ln x of two normal numbers x ≥ 1. */
// @ts-ignore: decorator
@inline
function logTwo(x: v128): v128 {
  const one = f64x2.splat(1);
  let mantissa = v128.or(v128.and(x, i64x2.splat(MANTISSA)), i64x2.splat(ONE));
  const biased = v128.or(i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(EXPONENT_BIAS)), i64x2.splat(INTEGER));
  let exponent = f64x2.sub(biased, f64x2.splat(INTEGER_OFFSET));
  const large = f64x2.ge(mantissa, f64x2.splat(SQRT2));
  mantissa = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, large);
  exponent = f64x2.add(exponent, v128.and(large, one));
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const square = f64x2.mul(s, s);
  let series = f64x2.splat(0);
  series = term(series, square, 23);
  series = term(series, square, 21);
  series = term(series, square, 19);
  series = term(series, square, 17);
  series = term(series, square, 15);
  series = term(series, square, 13);
  series = term(series, square, 11);
  series = term(series, square, 9);
  series = term(series, square, 7);
  series = term(series, square, 5);
  series = term(series, square, 3);
  const low = f64x2.add(
    f64x2.mul(exponent, f64x2.splat(LN2_LOW)),
    f64x2.mul(f64x2.mul(f64x2.splat(2), s), f64x2.add(one, series)),
  );
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(LN2_HIGH)), low);
}

/**
 * Turns values into log(1 + scale · value / sum), negative values counting as 0. All are float64; there must be room for an
 * even number of them.
 */
export function logShares(values: usize, count: i32, scale: f64, sum: f64): void {
  const end = values + (<usize>count << 3);
  for (let at = values; at < end; at += 16) {
    const share = f64x2.div(f64x2.max(v128.load(at), f64x2.splat(0)), f64x2.splat(sum));
    v128.store(at, logTwo(f64x2.add(f64x2.splat(1), f64x2.mul(f64x2.splat(scale), share))));
  }
}
