import { describe, expect, test } from 'vitest';
import { holm } from '../../../src/pipeline/metrics/holm.ts';
import { errorsAhead, pairedTests } from '../../../src/pipeline/metrics/paired-test.ts';
import { signFlipTest } from '../../../src/pipeline/metrics/sign-flips.ts';
import type { PairedTest } from '../../../src/protocol/report.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { clustered } from '../support/clustered.ts';

type Ranks = readonly (readonly number[])[];

function compare(a: Ranks, b: Ranks): PairedTest {
  const models = [
    { name: 'a', ranks: clustered(a) },
    { name: 'b', ranks: clustered(b) },
  ];
  const [found] = pairedTests(models, 'hitRate@10');
  if (found === undefined) throw new Error('two models have a test');
  return found;
}

const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('the sign-flip test', () => {
  test('is exact: Fisher’s count for Darwin’s maize, and the shares of a few', () => {
    // Fisher 1935, The Design of Experiments, 21: 1,726 of 32,768.
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signFlipTest(darwin)).toBe(1726 / 32768);
    expect(signFlipTest([1, 1, 1])).toBe(2 / 8);
    expect(signFlipTest([3, -1])).toBe(1);
    expect(signFlipTest([0.1, 0.2, 0, -0.3])).toBe(1);
    expect(signFlipTest([])).toBe(1);
  });
});

describe('a paired test', () => {
  test('of one or a few clusters never has a p below what their number allows', () => {
    // One sequence of a thousand queries once gave a p of .002.
    const won = repeat(1000, 1);
    const lost = repeat(1000, 0);
    expect(compare([won], [lost])).toMatchObject({ difference: 1, p: 1, low: -1, high: 1, clusters: 1 });
    for (const clusters of [2, 5, 8, 16])
      expect(compare(repeat(clusters, won), repeat(clusters, lost)).p).toBe(2 ** (1 - clusters));
    expect(compare(repeat(30, won), repeat(30, lost)).p).toBeGreaterThanOrEqual(2 ** -29);
  });

  test('counts the clusters in which models differ, not those in which they agree', () => {
    const base = repeat(500, [0, 3, 0]);
    const better = base.map((ranks, c) => (c < 4 ? [1, ...ranks.slice(1)] : ranks));
    expect(compare(better, base).p).toBe(2 ** -3);
  });

  test('of a model against itself shows nothing', () => {
    const base = repeat(80, [0, 4, 20]);
    const { low, high, ...rest } = compare(base, base);
    expect(rest).toMatchObject({ difference: 0, p: 1, adjusted: 1 });
    expect(low).toBe(-high);
    expect(high).toBeLessThan(0.02);
    expect(errorsAhead(clustered(base), clustered(base), 'hitRate@10')).toBe(0);
  });

  test('sees a small but steady gain where two intervals alone would overlap, either way round', () => {
    const next = randomStream(3);
    const base = Array.from({ length: 300 }, () => Array.from({ length: 3 }, () => below(25, next())));
    const better = base.map((ranks, c) => (c % 9 === 0 ? [1, 1, ...ranks.slice(2)] : ranks));
    const found = compare(better, base);
    expect(found.low).toBeGreaterThan(0);
    expect(found.p).toBeLessThan(0.001);
    const turned = compare(base, better);
    expect(turned.difference).toBe(-found.difference);
    expect(turned.p).toBeCloseTo(found.p, 12);
  });
});

test('standard errors ahead are counted by clusters, and none where there are too few to tell', () => {
  const better = repeat(8, [1, 1]);
  const worse = [...repeat(4, [1, 1]), ...repeat(4, [0, 0])];
  const ahead = (a: Ranks, b: Ranks): number => errorsAhead(clustered(a), clustered(b), 'hitRate@1');
  // Eight clusters whose differences are 1 four times: mean .5, standard error .5 / √7.
  expect(ahead(better, worse)).toBeCloseTo(Math.sqrt(7), 12);
  expect(ahead(worse, better)).toBeCloseTo(-Math.sqrt(7), 12);
  expect(ahead(better, better)).toBe(0);
  expect(ahead(better.slice(0, 5), worse.slice(3))).toBe(0);
});

test('Holm’s correction multiplies by the tests that are left, and keeps the order', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, i) => expect(adjusted[i]).toBeCloseTo(p, 12));
  expect(holm([0.6, 0.9])).toEqual([1, 1]);
});

test('tests of several models stand together, in each metric', () => {
  const win = repeat(10, [1]);
  const lose = repeat(10, [0]);
  const models = [win, lose, lose].map((ranks, i) => ({ name: `m${i}`, ranks: clustered(ranks) }));
  const tests = pairedTests(models, 'hitRate@10');
  expect(tests.map(({ a, b }) => a + b)).toEqual(['m0m1', 'm0m2', 'm1m2']);
  expect(tests[0]).toMatchObject({ p: 2 ** -9, adjusted: 3 * 2 ** -9 });
});
