import { describe, expect, test } from 'vitest';
import { tooFew } from '../../../src/protocol/report.ts';
import { clusteredRanks, valueOf } from '../../../src/pipeline/metrics/clustered-ranks.ts';
import { estimateOf } from '../../../src/pipeline/metrics/estimate.ts';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { meanMetric, RANK_METRICS } from '../../../src/pipeline/metrics/rank-metrics.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { clustered } from '../support/clustered.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const next = randomStream(1);
const some = Array.from({ length: 40 }, () =>
  Array.from({ length: 1 + below(9, next()) }, () => below(140, next())),
);
const width = ({ low, high }: { low: number; high: number }): number => high - low;
const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('an estimate', () => {
  test('has the plain mean as its value, also of a subset, and counts what it rests on', () => {
    const ranks = Int32Array.from(some.flat());
    const cluster = Uint32Array.from(some.flatMap((own, c) => own.map(() => c)));
    const subset = Uint32Array.of(0, 1, 2, 20, 21, 40, 60, 80, 100, 120, 140);
    const part = clusteredRanks({ ranks, subset }, { cluster, clusterCount: some.length });
    const ofPart = Int32Array.from(subset, (q) => ranks[q] ?? 0);
    for (const metric of RANK_METRICS) {
      expect(estimateOf(clustered(some), metric).value).toBeCloseTo(meanMetric(metric, ranks), 12);
      expect(valueOf(part, metric)).toBeCloseTo(meanMetric(metric, ofPart), 12);
    }
    expect(estimateOf(part, 'mrr@10')).toMatchObject({
      n: 11,
      clusters: new Set([...subset].map((q) => cluster[q])).size,
    });
  });

  test('of single queries that hit or miss is Wilson’s interval', () => {
    // 10 of 50: 0.1124 to 0.3304 (Newcombe 1998).
    const { low, high } = estimateOf(clustered([...repeat(10, [1]), ...repeat(40, [0])]), 'hitRate@1');
    expect(low).toBeCloseTo(0.1124, 4);
    expect(high).toBeCloseTo(0.3304, 4);
  });

  test('is as wide as its clusters are few, not its queries', () => {
    const hits = [1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0];
    const once = estimateOf(clustered(hits.map((hit) => [hit])), 'ndcg@10');
    const tenTimes = estimateOf(clustered(hits.map((hit) => repeat(10, hit))), 'ndcg@10');
    expect(width(tenTimes) / width(once)).toBeGreaterThan(0.95);
    const apart = estimateOf(clustered(hits.flatMap((hit) => repeat(10, [hit]))), 'ndcg@10');
    expect(width(apart)).toBeLessThan(width(tenTimes) / 2);
  });

  test('of users who were split takes the sequences of one user together', () => {
    const sequences = repeat(120, [0, 0, 0, 0]);
    const split = { train: 0, validation: 0 };
    const users = sequences.map((_, s) => s % 12);
    const byUser = buildQueries(preparedFrom(sequences, { ...split, users }), 'test', 'every:1');
    const bySequence = buildQueries(preparedFrom(sequences, split), 'test', 'every:1');
    const ranks = Int32Array.from(byUser.cluster, (user) => (user < 4 ? 1 : 0));
    const few = estimateOf(clusteredRanks({ ranks }, byUser), 'hitRate@1');
    const many = estimateOf(clusteredRanks({ ranks }, bySequence), 'hitRate@1');
    expect([few.clusters, many.clusters]).toEqual([12, 120]);
    expect(width(few) / width(many)).toBeGreaterThan(2.5);
  });

  test('of no hits at all is no certainty: the interval reaches up as far as so few clusters leave open', () => {
    const none = (clusters: number) => estimateOf(clustered(repeat(clusters, [0, 0, 0])), 'hitRate@10');
    expect(none(20)).toMatchObject({ value: 0, low: 0 });
    expect(none(20).high).toBeGreaterThan(0.13);
    expect(none(200).high).toBeLessThan(0.03);
    expect(estimateOf(clustered(repeat(20, [1, 1])), 'hitRate@1')).toMatchObject({ value: 1, high: 1 });
  });

  test.each([0, 1, 2, 5])('of %d clusters says that they are too few', (clusters) => {
    const estimate = estimateOf(clustered(repeat(clusters, [1, 0, 3])), 'hitRate@10');
    expect(tooFew(estimate)).toBe(true);
    expect(estimate).toMatchObject({ low: 0, high: 1 });
    expect(estimate.value).toBeCloseTo(clusters === 0 ? 0 : 2 / 3, 12);
  });
});
