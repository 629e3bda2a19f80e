/** What is asked of held-out sequences, counted by hand. */
import { describe, expect, test } from 'vitest';
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import { buildQueries, queryItems } from '../../../src/pipeline/metrics/queries.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { StepHarness, type HarnessOptions } from '../support/step-harness.ts';

async function reportOf(
  data: PreparedData,
  models: readonly string[],
  parameters: HarnessOptions['parameters'] = {},
): Promise<EvaluationReport> {
  const harness = await StepHarness.create({
    data,
    models: models.map((name) => ({ name })),
    parameters,
  });
  const report = await harness.run();
  await harness.remove();
  return report;
}

const hitRate = (report: EvaluationReport, model: string, part: 'validation' | 'test' = 'test'): number =>
  report.metrics[part][model]?.metrics['hitRate@10']?.value ?? NaN;

describe('leave-one-out with targets that repeat', () => {
  // Of every four lists one ends with its first item; the last but one never repeats.
  const lists = Array.from({ length: 40 }, (_, s) => [
    ...Array.from({ length: 5 }, (__, k) => (s + k) % 15),
    s % 4 === 0 ? s % 15 : (s + 5) % 15,
  ]);
  const data = preparedFrom(lists, { leaveOneOut: true });

  test('counts and says the targets that no model can hit', async () => {
    const report = await reportOf(data, ['markov']);
    expect(report.protocol.unreachable).toEqual({
      validation: { unknownTargets: 0, repeatedTargets: 0 },
      test: { unknownTargets: 0, repeatedTargets: 10 },
    });
    const said = report.warnings.filter((warning) => warning.includes('--seen kept'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^10 of the 40 test targets stand in their own query/);
    expect(hitRate(report, 'markov')).toBeLessThanOrEqual(0.75);
  });

  test('with --seen kept they count, and the kinds are tuned for it', async () => {
    const always = preparedFrom(
      lists.map((list) => [...list.slice(0, 3), ...list.slice(0, 3)]),
      { leaveOneOut: true },
    );
    const kinds = ['sequential-item-knn', 'markov'];
    const kept = await reportOf(always, kinds, { seen: 'kept', selectBy: 'hitRate@1' });
    const removed = await reportOf(always, kinds, { selectBy: 'hitRate@1' });
    expect(kept.protocol).toMatchObject({ seen: 'kept', unreachable: { test: { repeatedTargets: 0 } } });
    expect(kept.warnings.join()).not.toContain('--seen kept');
    expect(removed.protocol).toMatchObject({
      seen: 'removed',
      unreachable: { test: { repeatedTargets: 40 } },
    });
    for (const kind of kinds) expect([hitRate(removed, kind), hitRate(kept, kind)]).toEqual([0, 1]);
    const rules = Object.keys(kept.metrics.test['sequential-item-knn']?.variants ?? {});
    expect(rules).toContain('decayed-list, seen removed');
    expect(rules).not.toContain('decayed-list, seen kept');
  });
});

describe('seen items removed under another split', () => {
  const lists = Array.from({ length: 60 }, (_, s) => Array.from({ length: 6 }, (__, k) => (s * 5 + k) % 20));
  test('is what is tuned and what is measured', async () => {
    const data = preparedFrom(lists, { train: 40, validation: 10 });
    const report = await reportOf(data, ['sequential-item-knn'], {
      seen: 'removed',
      positions: 'last',
    });
    expect(report.protocol.seen).toBe('removed');
    expect(report.models[0]?.parameters['repeat']).toBe(1);
    expect(Object.keys(report.metrics.test['sequential-item-knn']?.variants ?? {})[0]).toBe(
      'decayed-list, seen kept',
    );
  });
});

describe('targets that are all unknown', () => {
  const data = preparedFrom([...Array.from({ length: 20 }, (_, s) => [s % 5, (s + 1) % 5, (s + 2) % 5]), [5, 6, 7], [6, 7, 5]], { train: 20, validation: 1 }); // prettier-ignore

  test('are said, and nothing is called the best by figures', async () => {
    const report = await reportOf(data, ['popularity', 'markov'], { positions: 'every:1' });
    expect(report.protocol.unreachable?.test).toEqual({ unknownTargets: 2, repeatedTargets: 0 });
    expect(report.warnings.filter((warning) => warning.startsWith('All 2 test targets'))).toHaveLength(1);
    expect(report.selection.best).toBe('popularity');
    expect(report.selection.why).toMatch(/^No model hits any validation target/);
    expect(report.selection.why).not.toMatch(/best|noise|0\.0000/);
  });
});

describe('one very long sequence', () => {
  const long = Array.from({ length: 2001 }, (_, k) => k % 37);
  const short = (count: number): number[][] =>
    Array.from({ length: count }, (_, s) => Array.from({ length: 8 }, (__, k) => (s + k) % 37));
  const data = preparedFrom([...short(60), ...short(20), ...short(30), long], { train: 60, validation: 20 });

  test('gives so many queries at most: its last, and others drawn by the seed', () => {
    const cap = { queriesPerSequence: 40, seed: 1 };
    const queries = buildQueries(data, 'test', 'every:1', cap);
    expect([queries.targets.length, queries.cutSequences]).toEqual([30 * 7 + 40, 1]);
    const lengths = Array.from(queries.targets.subarray(210), (_, i) => queryItems(queries, 210 + i).length);
    expect(new Set(lengths).size).toBe(40);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect([lengths.at(-1), queries.isLast.at(-1)]).toEqual([2000, 1]);
    expect(lengths[0]).toBeLessThan(400);
    expect(buildQueries(data, 'test', 'every:1', cap)).toEqual(queries);
    expect(buildQueries(data, 'test', 'every:1', { ...cap, seed: 2 }).targets).not.toEqual(queries.targets);
  });

  test('with a step, only positions of the step are drawn', () => {
    const queries = buildQueries(data, 'test', 'every:5', { queriesPerSequence: 10, seed: 1 });
    const lengths = Array.from(queries.targets.subarray(60), (_, i) => queryItems(queries, 60 + i).length);
    expect(lengths).toHaveLength(10);
    expect(lengths.every((length) => length % 5 === 0)).toBe(true);
  });

  test('shorter ones keep all positions, and 0 is no limit', () => {
    const all = buildQueries(data, 'test', 'every:5');
    expect(buildQueries(data, 'test', 'every:5', { queriesPerSequence: 0, seed: 1 })).toEqual(all);
    expect(buildQueries(data, 'test', 'every:5', { queriesPerSequence: 400, seed: 1 })).toEqual(all);
    expect(buildQueries(data, 'test', 'every:5', { queriesPerSequence: 399, seed: 1 }).cutSequences).toBe(1);
  });

  test('is said where it is over 5 % of the queries, and so is the limit', async () => {
    const report = await reportOf(data, ['popularity'], { positions: 'every:1', queriesPerSequence: 40 });
    expect(report.protocol).toMatchObject({
      queries: { validation: 140, test: 250 },
      queriesPerSequence: { most: 40, cut: { validation: 0, test: 1 } },
    });
    const said = report.warnings.filter((warning) => warning.startsWith('One '));
    expect(said).toEqual([
      expect.stringMatching(/^One test sequence has 40 of the 250 test queries \(16 %\)/),
    ]);
  });

  test('is not said where all sequences have equally many', async () => {
    const even = preparedFrom(short(30), { train: 20, validation: 5 });
    const report = await reportOf(even, ['popularity'], { positions: 'every:1' });
    expect(report.warnings.filter((warning) => warning.startsWith('One '))).toEqual([]);
  });
});
