import { expect, test } from 'vitest';
import { exp } from '../../../src/pipeline/deterministic-math.ts';
import { Exponentials } from '../../../src/pipeline/kinds/ranking/exponentials.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const next = randomStream(5);
const random = (most: number): number => (-most * below(1_000_001, next())) / 1_000_000;

test.each([0, 1, 3, 778, 20_001])('exponentials of %i numbers have the bits of `exp`', (count) => {
  const exponentials = new Exponentials();
  for (const most of [1e-9, 1, 30, 800, 1e300]) {
    const values = Float64Array.from({ length: count }, () => random(most));
    const expected = values.map((value) => exp(value));
    exponentials.take(values);
    expect([...values]).toEqual([...expected]);
  }
});

test('halves of powers of two, the ends of the range, and what is no number are those of `exp`', () => {
  const halves = Array.from({ length: 40 }, (_, k) => -(k + 0.5) * Math.LN2);
  const values = Float64Array.from([...halves, 0, -0, -708, -708.1, -1e308, -Infinity, NaN, -5e-324]);
  const expected = values.map((value) => exp(value));
  new Exponentials().take(values);
  expect([...values]).toEqual([...expected]);
});
