import { expect, test } from 'vitest';
import { twoSidedQuantile, twoSidedTail } from '../../../src/pipeline/metrics/t-distribution.ts';

test("quantiles are those of the tables of Student's t", () => {
  const table: [number, number][] = [
    [1, 12.7062],
    [2, 4.30265],
    [5, 2.57058],
    [10, 2.22814],
    [30, 2.04227],
    [120, 1.97993],
    [Infinity, 1.95996],
  ];
  for (const [freedom, t] of table) expect(twoSidedQuantile(0.05, freedom)).toBeCloseTo(t, 4);
  expect(twoSidedQuantile(0.01, 10)).toBeCloseTo(3.16927, 4);
});

test('degrees of freedom need not be whole, and tails are the inverse of quantiles', () => {
  const between = twoSidedQuantile(0.05, 7.5);
  expect(between).toBeLessThan(twoSidedQuantile(0.05, 7));
  expect(between).toBeGreaterThan(twoSidedQuantile(0.05, 8));
  expect(twoSidedTail(between, 7.5)).toBeCloseTo(0.05, 10);
  expect(twoSidedTail(0, 3)).toBe(1);
  expect(twoSidedTail(2, 10)).toBeCloseTo(0.0733880348, 9);
});
