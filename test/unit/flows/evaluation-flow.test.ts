import * as fs from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import { readNpy } from '../../../src/pipeline/data/npy.ts';
import { meanMetric, RANK_METRICS } from '../../../src/pipeline/metrics/rank-metrics.ts';
import { buildQueries, queryItems, targetOf } from '../../../src/pipeline/metrics/queries.ts';
import { openModel } from '../../../src/pipeline/model/open-model.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { StepHarness, type HarnessOptions } from '../support/step-harness.ts';

const ITEMS = 250;
const sequences = randomSequences(400, ITEMS, 4, 25);
const data = preparedFrom(sequences, {
  train: 280,
  validation: 80,
  groups: Array.from({ length: ITEMS }, (_, item) => item % 40),
});
const MODELS: HarnessOptions['models'] = [
  { name: 'p2v', kind: 'prod2vec', parameters: { minCount: 4, epochs: 5, vectorSize: 12 } },
  { name: 'p2v-small', kind: 'prod2vec', parameters: { minCount: 12, epochs: 2, vectorSize: 4 } },
  { name: 'sequential-item-knn' },
  { name: 'popularity' },
  { name: 'group-popularity' },
  { name: 'markov' },
];

describe('train, evaluate and report', () => {
  let harness: StepHarness;
  let report: EvaluationReport;
  beforeAll(async () => {
    harness = await StepHarness.create({ data, models: MODELS });
    report = await harness.run();
  });
  afterAll(() => harness.remove());

  test('every model has all figures on both parts, with its own query rule stated', () => {
    for (const part of ['validation', 'test'] as const) {
      expect(Object.keys(report.metrics[part])).toEqual(MODELS.map(({ name }) => name));
      for (const result of Object.values(report.metrics[part])) {
        expect(Object.keys(result.metrics).sort()).toEqual([...RANK_METRICS].sort());
        expect(result.queryStated).not.toBe('');
        for (const { value, low, high, n } of Object.values(result.metrics)) {
          expect(n).toBe(report.protocol.queries[part]);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
      }
    }
    const rules = Object.entries(report.metrics.test).map(([name, { query }]) => [name, query]);
    expect(Object.fromEntries(rules)).toMatchObject({
      p2v: 'last-item',
      'sequential-item-knn': 'decayed-list',
      popularity: 'none',
      markov: 'last-item',
    });
  });

  test('the figures are those of the ranks, and the ranks those of what is served', async () => {
    const queries = buildQueries(data, 'test', 'every:5');
    for (const { name } of report.models) {
      const { array: ranks } = await readNpy(harness.file(`evaluate/${name}`, 'ranksTest'), Int32Array);
      for (const metric of RANK_METRICS)
        expect(report.metrics.test[name]?.metrics[metric]?.value).toBeCloseTo(meanMetric(metric, ranks), 12);
      const { recommender } = await openModel(harness.stepFolder(`train/${name}`));
      for (let q = 0; q < queries.targets.length; q += 7) {
        const served = recommender.recommend(queryItems(queries, q), { k: 100, seen: 'kept' });
        const place = served.items.indexOf(targetOf(queries, q));
        const score = served.scores[place];
        const rank = ranks[q] ?? 0;
        // The rank is the last place of the target's equals; 0 where they reach over the end of the list.
        if (place < 0) expect(rank).toBe(0);
        else if (rank === 0) expect(served.scores.at(-1)).toBe(score);
        else {
          expect(rank).toBeGreaterThan(place);
          expect([served.scores[rank - 1], served.scores[rank] === score]).toEqual([score, false]);
        }
      }
    }
  });

  test('prod2vec has the tutorial rule: last positions only, all of them in the denominator', () => {
    const tutorial = report.metrics.test['p2v']?.variants['hitRate@100 (tutorial rule)'];
    expect(tutorial).toMatchObject({ query: 'last-item', seen: 'kept', fallback: 'random' });
    expect(tutorial?.metrics['hitRate@100']?.n).toBe(40);
    expect(report.metrics.test['markov']?.variants['hitRate@100 (tutorial rule)']).toBeUndefined();
  });

  test('variants hold the other query rules with seen items kept and removed', () => {
    expect(Object.keys(report.metrics.validation['sequential-item-knn']?.variants ?? {})).toEqual([
      'decayed-list, seen removed',
      'last-item, seen kept',
      'last-item, seen removed',
      'whole-list, seen kept',
      'whole-list, seen removed',
    ]);
  });

  test('slices add up to all queries', () => {
    for (const { slices } of Object.values(report.metrics.test)) {
      const sums = new Map<string, number>();
      for (const { slice, queries } of slices) sums.set(slice, (sums.get(slice) ?? 0) + queries);
      expect([...sums.keys()]).toEqual(['target popularity', 'sequence length', 'query', 'target']);
      for (const sum of sums.values()) expect(sum).toBe(report.protocol.queries.test);
    }
  });

  test('the best on validation is chosen, and no more is said of how sure that is', () => {
    const { selection } = report;
    const value = (name: string, metric: string): number =>
      report.metrics.validation[name]?.metrics[metric]?.value ?? -1;
    const ahead = (a: string, b: string, metric: string): number => value(a, metric) - value(b, metric);
    const order = report.models
      .map(({ name }) => name)
      .sort((a, b) => ahead(b, a, selection.metric) || ahead(b, a, 'ndcg@100'));
    expect([selection.best, selection.runnerUp]).toEqual(order.slice(0, 2));
    expect(selection.bestEmbedding).toBe(order.find((name) => name.startsWith('p2v')));
    expect(selection.why).toContain(`${selection.best} has the best ${selection.metric} on validation`);
    expect(selection.why).not.toMatch(/noise|interval/);
  });

  test('models are tested on the test part alone, and the verdict is what these tests say', () => {
    expect(report.pairs.validation).toEqual([]);
    expect(report.pairs.test).toHaveLength(15 * 7);
    const [verdict] = report.verdicts;
    expect(verdict).toMatchObject({ metric: report.selection.metric, best: report.selection.best });
    for (const { a, b, metric, difference, adjusted = 1, p } of report.pairs.test) {
      expect(adjusted).toBeGreaterThanOrEqual(p);
      if (metric !== verdict?.metric || ![a, b].includes(verdict.best ?? '')) continue;
      const ahead = a === verdict.best ? difference : -difference;
      const other = a === verdict.best ? b : a;
      const place = adjusted >= 0.05 ? verdict.tied : ahead > 0 ? verdict.below : verdict.above;
      expect(place).toContain(other);
    }
  });

  test('in deterministic mode the same run gives the same bytes', async () => {
    const again = await StepHarness.create({ data, models: MODELS });
    const repeated = await again.run();
    const timeless = (value: EvaluationReport): EvaluationReport => ({
      ...value,
      models: value.models.map((model) => ({ ...model, seconds: 0 })),
    });
    expect(timeless(repeated)).toEqual(timeless(report));
    const written: [string, string][] = [
      ['train/p2v', 'vectors'],
      ['train/p2v', 'model'],
      ['train/sequential-item-knn', 'neighboursTargets'],
      ['train/sequential-item-knn', 'neighboursValues'],
      ['train/sequential-item-knn', 'parameters'],
      ['evaluate/markov', 'result'],
      ['evaluate/markov', 'ranksTest'],
    ];
    for (const [step, artifact] of written) {
      expect(await fs.readFile(again.file(step, artifact))).toEqual(
        await fs.readFile(harness.file(step, artifact)),
      );
    }
    await again.remove();
  });
});

describe('what goes wrong', () => {
  test('a model that fails leaves the others standing', async () => {
    const harness = await StepHarness.create({
      data,
      models: [{ name: 'none', kind: 'prod2vec', parameters: { minCount: 100_000 } }, { name: 'markov' }],
    });
    const report = await harness.run();
    expect(report.models.map(({ name }) => name)).toEqual(['markov']);
    expect(report.failedBranches.map(({ name }) => name)).toEqual(['none']);
    expect(report.failedBranches[0]?.message).toMatch(/training rows/);
    expect(report.selection).toMatchObject({ best: 'markov' });
    expect(report.selection.bestEmbedding).toBeUndefined();
    await harness.remove();
  });

  test('a catalogue smaller than k is a warning', async () => {
    const small = preparedFrom(randomSequences(60, 20, 1), { train: 40, validation: 10 });
    const harness = await StepHarness.create({
      data: small,
      models: [{ name: 'popularity' }],
    });
    expect((await harness.run()).warnings.join()).toMatch(/catalogue has 20 items/);
    await harness.remove();
  });

  test('no test sequences is an error that says what to do', async () => {
    const none = preparedFrom(randomSequences(20, 20, 1), { train: 15, validation: 5 });
    const harness = await StepHarness.create({ data: none, models: [{ name: 'popularity' }] });
    await expect(harness.run()).rejects.toThrow(/No model could be trained and evaluated/);
    expect(harness.failure('evaluate/popularity')).toMatch(/no test sequences/);
    await harness.remove();
  });
});

describe('leave-one-out', () => {
  test('seen items are removed in the headline, a repeated target is a miss, one query a sequence', async () => {
    // Every test target stands in its query.
    const repeating = Array.from({ length: 30 }, (_, s) => [
      s % 10,
      (s + 1) % 10,
      (s + 2) % 10,
      (s + 3) % 10,
      s % 10,
    ]);
    const prepared = preparedFrom(repeating, { leaveOneOut: true });
    const harness = await StepHarness.create({
      data: prepared,
      models: [{ name: 'markov' }, { name: 'sequential-item-knn' }],
    });
    const report = await harness.run();
    expect(report.protocol).toMatchObject({
      seen: 'removed',
      positions: 'leave-one-out',
      queries: { validation: 30, test: 30 },
    });
    expect(report.selection.metric).toBe('ndcg@10');
    for (const result of Object.values(report.metrics.test))
      expect(result.metrics['hitRate@100']?.value).toBe(0);
    expect(
      report.metrics.test['markov']?.variants['last-item, seen kept']?.metrics['hitRate@100']?.value,
    ).toBe(1);
    expect(report.metrics.validation['markov']?.metrics['hitRate@10']?.value).toBeGreaterThan(0);
    await harness.remove();
  });
});

describe('a large validation part', () => {
  test('is ranked on a seeded sample of its queries, the test part in full', async () => {
    const sequences = Array.from({ length: 200 }, (_, s) =>
      Array.from({ length: 12 }, (_, i) => (s * 5 + i * 3) % 40),
    );
    const harness = await StepHarness.create({
      data: preparedFrom(sequences, { train: 140, validation: 40 }),
      models: [{ name: 'markov' }, { name: 'popularity' }],
      parameters: { validationQueries: 50 },
    });
    const report = await harness.run();
    // Three targets each: after 5 and 10 items, and the last.
    expect(report.protocol).toMatchObject({
      queries: { validation: 50, test: 60 },
      sampledFrom: { validation: 120 },
    });
    expect(report.protocol.sequences.validation).toBeGreaterThan(25);
    expect(report.protocol.sequences.test).toBe(20);
    for (const result of Object.values(report.metrics.validation))
      expect(result.metrics['hitRate@10']?.n).toBe(50);
    await harness.remove();
  });
});
