/** Student's t distribution for any degrees of freedom, whole or not. */
import { exp, log } from '../deterministic-math.ts';

/** Lanczos' coefficients (Press et al., Numerical Recipes, 6.1): accurate to 2e-10. */
const LANCZOS = [
  76.1800917294715, -86.5053203294168, 24.0140982408309, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];
const TINY = 1e-300;
const MOST_TERMS = 1000;
/** From here on the normal distribution is meant. */
const NORMAL = 1e6;

function logGamma(x: number): number {
  const shifted = x + 5.5;
  const series = LANCZOS.reduce((sum, c, i) => sum + c / (x + i + 1), 1.00000000019002);
  return (x + 0.5) * log(shifted) - shifted + log((Math.sqrt(2 * Math.PI) * series) / x);
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return fraction;
}

/** Regularised incomplete beta function. @param x from 0 to 1 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** P(|T| > t). @param freedom degrees of freedom, more than 0 */
export function twoSidedTail(t: number, freedom: number): number {
  const degrees = Math.min(freedom, NORMAL);
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Density of T at t. */
function density(t: number, freedom: number): number {
  const front = exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / Math.sqrt(freedom * Math.PI);
  return front * exp(-((freedom + 1) / 2) * log(1 + (t * t) / freedom));
}

/** The t that |T| exceeds with probability `tail`: 1.96 for .05 and many degrees of freedom, of which there are 1 or more. */
export function twoSidedQuantile(tail: number, freedom: number): number {
  const degrees = Math.min(freedom, NORMAL);
  let t = 0;
  // Newton's method, which comes near from below: the tail is convex.
  for (let step = 0; step < 100; step++) {
    const next = t + (twoSidedTail(t, degrees) - tail) / (2 * density(t, degrees));
    if (!(next > t * (1 + 1e-12))) break;
    t = next;
  }
  return t;
}
