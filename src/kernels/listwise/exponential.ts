// eˣ of two float64 numbers, of + − × alone: the same bits in every build and on every machine.

const LOG2E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
/** Below, eˣ is 0 to a sum of numbers up to 1. */
const LEAST: f64 = -700;
const EXPONENT_BIAS: f64 = 1023;
/** 1.5 · 2⁵²: added to an integer, that integer stands in the low bits. */
const INTEGER: f64 = 6755399441055744;

// @ts-ignore: decorator
@inline
function term(series: v128, r: v128, factor: f64): v128 {
  return f64x2.add(f64x2.mul(series, r), f64x2.splat(factor));
}

/** eˣ of two numbers ≤ 0, by reduction to |r| ≤ ½ ln 2 and the Taylor series; e⁻⁷⁰⁰ below −700. */
// @ts-ignore: decorator
@inline
export function expTwo(x: v128): v128 {
  const clamped = f64x2.max(x, f64x2.splat(LEAST));
  const k = f64x2.nearest(f64x2.mul(clamped, f64x2.splat(LOG2E)));
  let r = f64x2.sub(clamped, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let series = f64x2.splat(1.0 / 6227020800);
  series = term(series, r, 1.0 / 479001600);
  series = term(series, r, 1.0 / 39916800);
  series = term(series, r, 1.0 / 3628800);
  series = term(series, r, 1.0 / 362880);
  series = term(series, r, 1.0 / 40320);
  series = term(series, r, 1.0 / 5040);
  series = term(series, r, 1.0 / 720);
  series = term(series, r, 1.0 / 120);
  series = term(series, r, 1.0 / 24);
  series = term(series, r, 1.0 / 6);
  series = term(series, r, 0.5);
  series = term(series, r, 1);
  series = term(series, r, 1);
  const biased = f64x2.add(k, f64x2.splat(INTEGER + EXPONENT_BIAS));
  return f64x2.mul(series, i64x2.shl(biased, 52));
}
