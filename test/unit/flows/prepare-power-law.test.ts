import { describe, expect, it } from 'vitest';
import {
  geometricBins,
  headShare,
  quantile,
} from '../../../src/pipeline/flows/next-item/prepare/histogram.ts';
import { fitPowerLaw, hurwitzZeta } from '../../../src/pipeline/flows/next-item/prepare/power-law.ts';

/** Expected counts of a discrete power law from x_min on, for n observations, rounded. */
function lawCounts(alpha: number, xMin: number, n: number): { value: number; count: number }[] {
  const counts = [];
  for (let value = xMin; value < 1e5; value++) {
    const count = Math.round((n * value ** -alpha) / hurwitzZeta(alpha, xMin));
    if (count > 0) counts.push({ value, count });
  }
  return counts;
}

describe('hurwitzZeta', () => {
  it('agrees with known values', () => {
    expect(hurwitzZeta(2, 1)).toBeCloseTo(Math.PI ** 2 / 6, 12);
    expect(hurwitzZeta(4, 1)).toBeCloseTo(Math.PI ** 4 / 90, 12);
    expect(hurwitzZeta(3, 1)).toBeCloseTo(1.2020569031595942, 12);
    expect(hurwitzZeta(2.5, 30)).toBeCloseTo(hurwitzZeta(2.5, 29) - 29 ** -2.5, 14);
  });
});

describe('fitPowerLaw', () => {
  it('finds the exponent of data that follow a law from 1 on', () => {
    const fit = fitPowerLaw(lawCounts(2.3, 1, 1_000_000));
    expect(fit?.alpha).toBeCloseTo(2.3, 2);
    expect(fit?.distance).toBeLessThan(0.001);
  });

  it('finds where a law begins that holds for the tail only', () => {
    const body = Array.from({ length: 19 }, (_, i) => ({ value: i + 1, count: 3000 }));
    const fit = fitPowerLaw([...body, ...lawCounts(2.7, 20, 100_000)]);
    expect(fit?.xMin).toBe(20);
    expect(fit?.alpha).toBeCloseTo(2.7, 1);
  });

  it('is not made of too few observations, or of equal ones', () => {
    expect(fitPowerLaw([{ value: 3, count: 1000 }])).toBeUndefined();
    expect(
      fitPowerLaw([
        { value: 1, count: 20 },
        { value: 2, count: 20 },
      ]),
    ).toBeUndefined();
    expect(fitPowerLaw([])).toBeUndefined();
  });
});

describe('distributions', () => {
  const counts = [
    { value: 1, count: 90 },
    { value: 4, count: 6 },
    { value: 50, count: 4 },
  ];

  it('fall into bins that cover them once', () => {
    expect(geometricBins(counts, 2)).toEqual([
      { from: 1, to: 2, count: 90 },
      { from: 2, to: 4, count: 0 },
      { from: 4, to: 8, count: 6 },
      { from: 8, to: 16, count: 0 },
      { from: 16, to: 32, count: 0 },
      { from: 32, to: 64, count: 4 },
    ]);
  });

  it('have quantiles and a head', () => {
    expect([quantile(counts, 0.5), quantile(counts, 0.95), quantile(counts, 1)]).toEqual([1, 4, 50]);
    expect(headShare(counts, 0.01)).toBeCloseTo(50 / 314, 12);
    expect(headShare(counts, 0.05)).toBeCloseTo(204 / 314, 12);
  });
});
