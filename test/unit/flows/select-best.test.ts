import { describe, expect, test } from 'vitest';
import { selectBest } from '../../../src/pipeline/flows/next-item/report/select-best.ts';
import { selectionMetric } from '../../../src/pipeline/flows/next-item/report/selection-metric.ts';
import { tuningMetric } from '../../../src/pipeline/kinds/fitting/tuning-metric.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import { clustered } from '../support/clustered.ts';
import { preparedFrom } from '../support/prepared-from.ts';

function contenders(ranks: Readonly<Record<string, readonly number[]>>) {
  return Object.entries(ranks).map(([name, own]) => ({
    name,
    hasVectors: false,
    ranks: clustered(own.map((rank) => [rank])),
  }));
}

describe('the best model', () => {
  test('where all hit, is the one that ranks targets higher', () => {
    const models = contenders({
      late: [9, 9, 9, 9, 9, 9, 9, 9],
      early: [1, 2, 1, 2, 1, 2, 1, 2],
      same: [1, 2, 1, 2, 1, 2, 1, 2],
    });
    const { best, runnerUp, why } = selectBest(models, 'hitRate@100');
    expect([best, runnerUp]).toEqual(['early', 'same']);
    expect(why).toContain('same has the same figures, and the order of the run decides');
    const two = selectBest(models.slice(0, 2), 'hitRate@100').why;
    expect(two).toMatch(/1\.0000, the same as late, but a better ndcg@100: 0\.\d+ to 0\.\d+\.$/);
  });

  test('the metric decides before finer ones', () => {
    const models = contenders({ few: [1, 1, 1, 1, 0, 0, 0, 0], many: [90, 90, 90, 90, 90, 90, 90, 90] });
    expect(selectBest(models, 'hitRate@100').best).toBe('many');
    expect(selectBest(models, 'ndcg@10').best).toBe('few');
  });

  test('there is none where nothing is hit', () => {
    const { none, why } = selectBest(contenders({ one: [0, 0, 0], two: [0, 0, 0] }), 'hitRate@10');
    expect(none).toBe(true);
    expect(why).toContain('no figures choose between them');
  });
});

/** Data of so many items, all of them in training. */
const dataOf = (items: number): PreparedData =>
  preparedFrom([Array.from({ length: items }, (_, item) => item)]);
const leaveOneOut = (data: PreparedData): PreparedData => ({
  ...data,
  layout: { ...data.layout, leaveOneOut: true },
});

describe('the metric that chooses', () => {
  test.each([
    [12, 'ndcg@10'],
    [99, 'ndcg@10'],
    [400, 'hitRate@10'],
    [1999, 'hitRate@10'],
    [2000, 'hitRate@20'],
    [5000, 'hitRate@50'],
    [9999, 'hitRate@50'],
    [10_000, 'hitRate@100'],
    [40_000, 'hitRate@100'],
  ] as const)('of %d items is %s: no more than 1 %% of them, but ten', (items, metric) => {
    expect(selectionMetric('auto', dataOf(items))).toBe(metric);
  });

  test('counts the items that may be recommended, not those that only held-out rows hold', () => {
    const data = preparedFrom([[0, 1, 2], Array.from({ length: 30_000 }, (_, item) => item)], { train: 1 });
    expect(selectionMetric('auto', data)).toBe('ndcg@10');
    const known = {
      ...dataOf(30_000),
      catalogue: Uint8Array.from({ length: 30_000 }, (_, i) => (i < 2500 ? 1 : 0)),
    };
    expect(selectionMetric('auto', known)).toBe('hitRate@20');
  });

  test('by leave-one-out is the one of published tables, and a given one is taken', () => {
    expect(selectionMetric('auto', leaveOneOut(dataOf(40_000)))).toBe('ndcg@10');
    expect(selectionMetric('mrr@20', dataOf(400))).toBe('mrr@20');
  });

  test('is as deep as the one that models tune themselves by', () => {
    const tuned = (data: PreparedData, selectBy = 'auto'): string => tuningMetric('auto', { data, selectBy });
    expect([400, 2000, 5000, 40_000].map((items) => tuned(dataOf(items)))).toEqual([
      'ndcg@10',
      'ndcg@20',
      'ndcg@50',
      'ndcg@100',
    ]);
    expect(tuned(leaveOneOut(dataOf(40_000)))).toBe('ndcg@10');
    expect(tuned(dataOf(400), 'hitRate@50')).toBe('hitRate@50');
    expect(tuningMetric('mrr@5', { data: dataOf(400), selectBy: 'hitRate@50' })).toBe('mrr@5');
  });
});
