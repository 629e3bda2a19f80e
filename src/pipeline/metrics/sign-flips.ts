/** More than these would be over 2¹⁵ sums. */
export const MOST_FLIPPED = 16;

/**
 * Exact two-sided sign-flip test (Fisher 1935): were there no difference, each cluster's sum would have come with the
 * other sign as likely. The share of all choices of signs by which the sums are at least as far from zero together.
 * @param differences of at most `MOST_FLIPPED` clusters
 */
export function signFlipTest(differences: readonly number[]): number {
  const [first, ...others] = differences.filter((difference) => difference !== 0);
  if (first === undefined) return 1;
  const sizes = others.reduce((sum, difference) => sum + Math.abs(difference), Math.abs(first));
  const observed = Math.abs(others.reduce((sum, difference) => sum + difference, first)) - sizes * 1e-12;
  // Turning all signs around changes nothing: the first one stays. Each step flips one more (Gray's code).
  const signs = others.map(() => 1);
  let sum = others.reduce((before, difference) => before + difference, first);
  let far = 1;
  const choices = 2 ** others.length;
  for (let step = 1; step < choices; step++) {
    const flipped = 31 - Math.clz32(step & -step);
    const sign = -(signs[flipped] ?? 1);
    signs[flipped] = sign;
    sum += 2 * sign * (others[flipped] ?? 0);
    if (Math.abs(sum) >= observed) far++;
  }
  return far / choices;
}
