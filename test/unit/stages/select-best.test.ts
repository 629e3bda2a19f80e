import { describe, expect, test } from 'vitest';
import { bootstrap } from '../../../src/pipeline/metrics/bootstrap.ts';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { selectBest } from '../../../src/pipeline/stages/report/select-best.ts';
import { selectionMetric } from '../../../src/pipeline/stages/report/report-step.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const sequences = Array.from({ length: 8 }, (_, s) => [s, s + 1, s + 2]);
const queries = buildQueries(preparedFrom(sequences, { train: 0, validation: 8 }), 'validation', 'last');

function contenders(ranks: Readonly<Record<string, readonly number[]>>) {
  const tables = Object.values(ranks).map((values) => ({ ranks: Int32Array.from(values) }));
  const replicates = bootstrap(tables, queries, { samples: 100, seed: 1, part: 'validation' });
  return Object.keys(ranks).flatMap((name, i) => {
    const own = replicates[i];
    return own === undefined ? [] : [{ name, hasVectors: false, replicates: own }];
  });
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
    expect(two).toMatch(/1\.0000; the same as late, but by ndcg@100 0\.\d+ ahead of late; the difference is/);
  });

  test('the metric decides before finer ones', () => {
    const models = contenders({ few: [1, 1, 1, 1, 0, 0, 0, 0], many: [90, 90, 90, 90, 90, 90, 90, 90] });
    expect(selectBest(models, 'hitRate@100').best).toBe('many');
    expect(selectBest(models, 'ndcg@10').best).toBe('few');
  });
});

describe('the metric that chooses', () => {
  const small = preparedFrom(sequences);
  const large = preparedFrom([Array.from({ length: 150 }, (_, item) => item)]);

  test('looks at the first ten places where 100 are the whole catalogue, and by leave-one-out', () => {
    expect(selectionMetric('auto', small)).toBe('ndcg@10');
    expect(selectionMetric('auto', large)).toBe('hitRate@100');
    expect(selectionMetric('auto', { ...large, layout: { ...large.layout, leaveOneOut: true } })).toBe(
      'ndcg@10',
    );
    expect(selectionMetric('mrr@20', small)).toBe('mrr@20');
  });
});
