import type { DataProfile } from '../../../../protocol/profile.ts';
import type { ValueCount } from './power-law.ts';

type Bin = DataProfile['popularity'][number];

/**
 * Bins of positive integers whose widths grow by the factor, each at least 1 wide, from the least value on.
 * Together they cover all values and overlap nowhere.
 */
export function geometricBins(counts: readonly ValueCount[], factor: number): Bin[] {
  const bins: Bin[] = [];
  let from = counts[0]?.value ?? 1;
  let at = 0;
  while (at < counts.length) {
    const to = Math.max(from + 1, Math.round(from * factor));
    let count = 0;
    for (; (counts[at]?.value ?? Infinity) < to; at++) count += counts[at]?.count ?? 0;
    bins.push({ from, to, count });
    from = to;
  }
  return bins;
}

/** How often each value stands among the numbers, ascending. */
export function countValues(numbers: Iterable<number>): ValueCount[] {
  const counts = new Map<number, number>();
  for (const value of numbers) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => a.value - b.value);
}

/** The least value with at least the share of all observations at or below it. */
export function quantile(counts: readonly ValueCount[], share: number): number {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { value, count } of counts) {
    seen += count;
    if (seen >= share * total) return value;
  }
  return counts.at(-1)?.value ?? 0;
}

/** Share of the sum held by the largest share of observations, at least one of them. */
export function headShare(counts: readonly ValueCount[], share: number): number {
  const observations = counts.reduce((sum, { count }) => sum + count, 0);
  const sum = counts.reduce((total, { value, count }) => total + value * count, 0);
  let left = Math.max(1, Math.floor(share * observations));
  let held = 0;
  for (const { value, count } of counts.toReversed()) {
    const taken = Math.min(left, count);
    held += taken * value;
    left -= taken;
    if (left === 0) break;
  }
  return sum === 0 ? 0 : held / sum;
}
