import { describe, expect, test } from 'vitest';
import {
  bootstrap,
  estimateOf,
  pointOf,
  replicatesOf,
  type RankTable,
} from '../../../src/pipeline/metrics/bootstrap.ts';
import { pairedTest } from '../../../src/pipeline/metrics/paired-test.ts';
import { buildQueries, type QuerySet } from '../../../src/pipeline/metrics/queries.ts';
import { meanMetric, RANK_METRICS } from '../../../src/pipeline/metrics/rank-metrics.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { preparedFrom } from '../support/prepared-from.ts';

/** Queries of sequences with the given numbers of queries each. */
function queriesOf(perSequence: readonly number[]): QuerySet {
  const sequences = perSequence.map((count) => Array.from({ length: count + 1 }, () => 0));
  return buildQueries(preparedFrom(sequences, { train: 0, validation: 0 }), 'test', 'every:1');
}

const randomRanks = (count: number, seed: number, share = 0.5): Int32Array => {
  const next = randomStream(seed);
  return Int32Array.from({ length: count }, () => (next() / 2 ** 32 < share ? 1 + below(150, next()) : 0));
};

describe('bootstrap over sequences', () => {
  const queries = queriesOf([1, 5, 2, 9, 1, 1, 3, 4, 7, 2]);
  const ranks = randomRanks(queries.targets.length, 1);

  test('points are the plain means, also of a subset', () => {
    const subset = Uint32Array.of(0, 3, 4, 17, 20);
    const [all, some] = bootstrap([{ ranks }, { ranks, subset }], queries, {
      samples: 100,
      seed: 1,
      part: 'test',
    });
    for (const metric of RANK_METRICS) {
      if (all === undefined || some === undefined) throw new Error('no replicates');
      expect(pointOf(all, metric)).toBeCloseTo(meanMetric(metric, ranks), 12);
      expect(pointOf(some, metric)).toBeCloseTo(
        meanMetric(
          metric,
          Int32Array.from(subset, (q) => ranks[q] ?? 0),
        ),
        12,
      );
      expect(estimateOf(some, metric).n).toBe(5);
    }
  });

  test('replicates have the spread of the ratio estimator, by sequences', () => {
    const many = queriesOf(Array.from({ length: 400 }, (_, i) => 1 + (i % 7)));
    // All queries of a sequence agree, so that resampling queries instead would give much narrower intervals.
    const next = randomStream(9);
    const hit = Array.from({ length: 400 }, () => (below(10, next()) < 4 ? 1 : 0));
    const clustered = Int32Array.from(many.sequence, (s) => hit[s] ?? 0);
    const [replicates] = bootstrap([{ ranks: clustered }], many, { samples: 2000, seed: 3, part: 'test' });
    if (replicates === undefined) throw new Error('no replicates');
    const values = replicatesOf(replicates, 'hitRate@1');
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    const sizes = Array.from({ length: 400 }, (_, i) => 1 + (i % 7));
    const total = sizes.reduce((sum, n) => sum + n, 0);
    const p = pointOf(replicates, 'hitRate@1');
    const byFormula = Math.sqrt(sizes.reduce((sum, n, s) => sum + (n * ((hit[s] ?? 0) - p)) ** 2, 0)) / total;
    expect(deviation / byFormula).toBeGreaterThan(0.93);
    expect(deviation / byFormula).toBeLessThan(1.07);
  });

  test('of users who were split are as wide as if each user were one long sequence', () => {
    const sequences = Array.from({ length: 120 }, () => [0, 0, 0, 0]);
    const users = sequences.map((_, s) => s % 12);
    const split = { train: 0, validation: 0 };
    const few = buildQueries(preparedFrom(sequences, { ...split, users }), 'test', 'every:1');
    const many = buildQueries(preparedFrom(sequences, split), 'test', 'every:1');
    const hits = Int32Array.from(few.cluster, (user) => (user < 4 ? 1 : 0));
    const width = (set: QuerySet): number => {
      const [replicates] = bootstrap([{ ranks: hits }], set, { samples: 500, seed: 1, part: 'test' });
      if (replicates === undefined) throw new Error('no replicates');
      const { low, high } = estimateOf(replicates, 'hitRate@1');
      return high - low;
    };
    expect(width(few) / width(many)).toBeGreaterThan(2.5);
  });

  test('about 95 % of intervals cover the truth', () => {
    const set = queriesOf(Array.from({ length: 150 }, () => 2));
    let covered = 0;
    const rounds = 150;
    for (let round = 0; round < rounds; round++) {
      const drawn = Int32Array.from(randomRanks(300, 100 + round, 0.3), (rank) => (rank > 0 ? 1 : 0));
      const [replicates] = bootstrap([{ ranks: drawn }], set, { samples: 200, seed: round, part: 'test' });
      if (replicates === undefined) throw new Error('no replicates');
      const { low, high } = estimateOf(replicates, 'hitRate@1');
      if (low <= 0.3 && high >= 0.3) covered++;
    }
    expect(covered / rounds).toBeGreaterThan(0.89);
    expect(covered / rounds).toBeLessThan(0.99);
  });

  test('equal seeds repeat, other seeds and parts do not, and tables share their draws', () => {
    const of = (seed: number, part: string, tables: RankTable[]): Float64Array[] =>
      bootstrap(tables, queries, { samples: 200, seed, part }).map(({ values }) => values);
    const [first] = of(1, 'test', [{ ranks }]);
    expect(of(1, 'test', [{ ranks: randomRanks(ranks.length, 5) }, { ranks }])[1]).toEqual(first);
    expect(of(2, 'test', [{ ranks }])[0]).not.toEqual(first);
    expect(of(1, 'validation', [{ ranks }])[0]).not.toEqual(first);
  });
});

describe('paired test', () => {
  const queries = queriesOf(Array.from({ length: 300 }, () => 3));
  const compare = (a: Int32Array, b: Int32Array, samples = 1000): ReturnType<typeof pairedTest> => {
    const [left, right] = bootstrap([{ ranks: a }, { ranks: b }], queries, {
      samples,
      seed: 1,
      part: 'test',
    });
    if (left === undefined || right === undefined) throw new Error('no replicates');
    return pairedTest({ name: 'a', replicates: left }, { name: 'b', replicates: right }, 'hitRate@100');
  };
  const base = randomRanks(900, 21, 0.4);

  test('a model against itself: no difference, p = 1', () => {
    expect(compare(base, base)).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
  });

  test('a small but steady gain is seen where two intervals alone would overlap', () => {
    let gained = 0;
    const better = base.map((rank) => (rank === 0 && gained++ % 18 === 0 ? 50 : rank));
    const result = compare(better, base);
    expect(result.difference).toBeGreaterThan(0);
    expect(result.low).toBeGreaterThan(0);
    expect(result.p).toBeLessThan(0.01);
    expect(compare(base, better).difference).toBe(-result.difference);
  });

  test('models of equal quality differ seldom', () => {
    let significant = 0;
    for (let round = 0; round < 60; round++) {
      if (compare(randomRanks(900, 1000 + round, 0.4), randomRanks(900, 2000 + round, 0.4), 200).p < 0.05)
        significant++;
    }
    expect(significant).toBeLessThanOrEqual(9);
  });
});
