import { describe, expect, test } from 'vitest';
import { exp, log, log2, pow, powers } from '../../../src/pipeline/deterministic-math.ts';

const near = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(1e-300, Math.abs(expected) * 4e-15));
};

describe('functions of fixed arithmetic', () => {
  test('log agrees with the library over the whole range', () => {
    for (let e = -300; e <= 300; e += 7)
      for (const m of [1, 1.1, 1.4142, 1.5, 1.99]) near(log(m * 10 ** e), Math.log(m * 10 ** e));
    near(log(1.0000001), Math.log(1.0000001));
    near(log(5e-324), Math.log(5e-324));
  });

  test('log at the edges of its domain', () => {
    expect([log(1), log(0), log(-1), log(Infinity)]).toEqual([0, -Infinity, NaN, Infinity]);
  });

  test('exp agrees with the library', () => {
    for (let x = -700; x <= 700; x += 3.7) near(exp(x), Math.exp(x));
    expect([exp(0), exp(-1000), exp(1000)]).toEqual([1, 0, Infinity]);
    expect(exp(NaN)).toBeNaN();
  });

  test('pow: fractional exponents, and the cases that must be exact', () => {
    for (const x of [0.3, 1, 2, 7, 123456]) for (const y of [-2, -0.4, 0.1, 0.75, 3]) near(pow(x, y), x ** y);
    expect([pow(0, 0), pow(0, 2), pow(5, 1), pow(1, 9)]).toEqual([1, 0, 5, 1]);
  });

  test('log2 and powers', () => {
    near(log2(8), 3);
    near(log2(101), Math.log2(101));
    expect(Array.from(powers(0.5, 4))).toEqual([1, 0.5, 0.25, 0.125]);
  });
});
