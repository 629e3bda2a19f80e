/** A value and how many observations have it; values are positive integers in ascending order, each once. */
export interface ValueCount {
  readonly value: number;
  readonly count: number;
}

export interface PowerLaw {
  /** Exponent of p(x) ∝ x^−α. */
  readonly alpha: number;
  /** Least value the law holds for. */
  readonly xMin: number;
  /** Kolmogorov–Smirnov distance between data and law from x_min on. */
  readonly distance: number;
  /** Observations from x_min on. */
  readonly tail: number;
}

/** Fewer observations say nothing about a tail. */
const LEAST_TAIL = 50;
const ALPHA_RANGE = [1.01, 12] as const;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Fits a discrete power law by maximum likelihood, with the x_min whose fit has the least Kolmogorov–Smirnov distance
 * (Clauset, Shalizi and Newman 2009, sections 3.1 to 3.3). It works on counts of values, so its time depends on how
 * many distinct values there are and not on the number of observations.
 * @returns undefined when no tail has at least 50 observations and two distinct values
 */
export function fitPowerLaw(counts: readonly ValueCount[]): PowerLaw | undefined {
  let best: PowerLaw | undefined;
  const tails = tailSums(counts);
  for (const [from, { value: xMin }] of counts.entries()) {
    const tail = tails.observations[from] ?? 0;
    if (tail < LEAST_TAIL || from > counts.length - 2) break;
    const alpha = likeliestAlpha(xMin, (tails.logs[from] ?? 0) / tail);
    const distance = distanceFrom(counts, from, tail, alpha, best?.distance ?? Infinity);
    if (best === undefined || distance < best.distance) best = { alpha, xMin, distance, tail };
  }
  return best;
}

/** By index of the first value: how many observations the tail has, and the sum of their logarithms. */
function tailSums(counts: readonly ValueCount[]): { observations: Float64Array; logs: Float64Array } {
  const observations = new Float64Array(counts.length + 1);
  const logs = new Float64Array(counts.length + 1);
  for (let i = counts.length - 1; i >= 0; i--) {
    const { value, count } = counts[i] ?? { value: 1, count: 0 };
    observations[i] = (observations[i + 1] ?? 0) + count;
    logs[i] = (logs[i + 1] ?? 0) + count * Math.log(value);
  }
  return { observations, logs };
}

/** Maximises −ln ζ(α, x_min) − α·mean(ln x), which is concave in α, by golden-section search. */
function likeliestAlpha(xMin: number, meanLog: number): number {
  const cost = (alpha: number): number => Math.log(hurwitzZeta(alpha, xMin)) + alpha * meanLog;
  let [low, high]: [number, number] = [...ALPHA_RANGE];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [atLeft, atRight] = [cost(left), cost(right)];
  while (high - low > 1e-7) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = cost(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = cost(right);
    }
  }
  return (low + high) / 2;
}

/** Greatest difference of the two distribution functions from x_min on; stops once it is above `enough`. */
function distanceFrom(
  counts: readonly ValueCount[],
  from: number,
  tail: number,
  alpha: number,
  enough: number,
): number {
  const whole = hurwitzZeta(alpha, counts[from]?.value ?? 1);
  let seen = 0;
  let greatest = 0;
  for (let i = from; i < counts.length && greatest <= enough; i++) {
    const { value, count } = counts[i] ?? { value: 1, count: 0 };
    // Both functions are steps: the law may be farthest just below an observed value.
    const below = 1 - hurwitzZeta(alpha, value) / whole;
    const at = 1 - hurwitzZeta(alpha, value + 1) / whole;
    greatest = Math.max(greatest, Math.abs(seen / tail - below));
    seen += count;
    greatest = Math.max(greatest, Math.abs(seen / tail - at));
  }
  return greatest;
}

const DIRECT_TERMS_UNTIL = 20;

/** Hurwitz' ζ(s, q) = Σ_{k ≥ 0} (k + q)^−s for s > 1, q ≥ 1, by Euler–Maclaurin; relative error below 1e-12. */
export function hurwitzZeta(s: number, q: number): number {
  let sum = 0;
  let a = q;
  for (; a < DIRECT_TERMS_UNTIL; a++) sum += a ** -s;
  const power = a ** -s;
  const corrections =
    s / (12 * a) -
    (s * (s + 1) * (s + 2)) / (720 * a ** 3) +
    (s * (s + 1) * (s + 2) * (s + 3) * (s + 4)) / (30240 * a ** 5);
  return sum + power * (a / (s - 1) + 0.5 + corrections);
}
