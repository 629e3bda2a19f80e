import { describe, expect, test } from 'vitest';
import { meanMetric, RANK_METRICS } from '../../../src/pipeline/metrics/rank-metrics.ts';

describe('metrics of ranks', () => {
  // Six queries: ranks 1, 3, 10, 11, 100 and a miss.
  const ranks = Int32Array.of(1, 3, 10, 11, 100, 0);

  test('by hand', () => {
    expect(meanMetric('hitRate@1', ranks)).toBeCloseTo(1 / 6, 12);
    expect(meanMetric('hitRate@5', ranks)).toBeCloseTo(2 / 6, 12);
    expect(meanMetric('hitRate@20', ranks)).toBeCloseTo(4 / 6, 12);
    expect(meanMetric('mrr@5', ranks)).toBeCloseTo((1 + 1 / 3) / 6, 12);
    expect(meanMetric('mrr@20', ranks)).toBeCloseTo((1 + 1 / 3 + 1 / 10 + 1 / 11) / 6, 12);
    expect(meanMetric('ndcg@5', ranks)).toBeCloseTo(1.5 / 6, 12);
    expect(meanMetric('ndcg@20', ranks)).toBeCloseTo((1.5 + 1 / Math.log2(11) + 1 / Math.log2(12)) / 6, 12);
    expect(meanMetric('hitRate@10', ranks)).toBeCloseTo(3 / 6, 12);
    expect(meanMetric('hitRate@50', ranks)).toBeCloseTo(4 / 6, 12);
    expect(meanMetric('hitRate@100', ranks)).toBeCloseTo(5 / 6, 12);
    expect(meanMetric('mrr@10', ranks)).toBeCloseTo((1 + 1 / 3 + 1 / 10) / 6, 12);
    expect(meanMetric('mrr@100', ranks)).toBeCloseTo((1 + 1 / 3 + 1 / 10 + 1 / 11 + 1 / 100) / 6, 12);
    // 1/log2(2) = 1, 1/log2(4) = 1/2, 1/log2(11), 1/log2(12), 1/log2(101)
    expect(meanMetric('ndcg@10', ranks)).toBeCloseTo((1 + 0.5 + 1 / Math.log2(11)) / 6, 12);
    expect(meanMetric('ndcg@100', ranks)).toBeCloseTo(
      (1.5 + 1 / Math.log2(11) + 1 / Math.log2(12) + 1 / Math.log2(101)) / 6,
      12,
    );
  });

  test('a rank beyond 100 is a miss, and no queries give 0', () => {
    for (const metric of RANK_METRICS) {
      expect(meanMetric(metric, Int32Array.of(101, 0, 5000))).toBe(0);
      expect(meanMetric(metric, new Int32Array(0))).toBe(0);
    }
  });
});
