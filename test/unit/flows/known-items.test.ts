/** Nothing that came to be known through held-out rows alone is recommended, by any kind of model. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import { openModel } from '../../../src/pipeline/model/open-model.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { ALL_ITEMS_VARIANT } from '../../../src/pipeline/flows/next-item/evaluate/model-result.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { StepHarness } from '../support/step-harness.ts';

/** Ten items of each of six groups; the last two of each come up in held-out lists only. */
const ITEMS = 60;
const groups = Array.from({ length: ITEMS }, (_, item) => Math.floor(item / 10));
const isNew = (item: number): boolean => item % 10 >= 8;
const lists = Array.from({ length: 180 }, (_, s) =>
  Array.from(
    { length: 6 },
    (__, k) => 10 * (s % 6) + ((s * 3 + k * (s % 2 === 0 ? 1 : 3)) % (s < 120 ? 8 : 10)),
  ),
);
const parts = { train: 120, validation: 30, groups, itemCount: ITEMS };
const PARAMETERS: Readonly<Record<string, Record<string, number | boolean | string>>> = {
  prod2vec: { vectorSize: 8, epochs: 3, minCount: 1 },
  'recency-encoder': { vectorSize: 8, heads: 1, epochs: 3, tuneMinutes: 0 },
  blend: { members: 'recency-encoder,group-affinity,sequential-item-knn' },
};

async function harnessOf(data: PreparedData): Promise<StepHarness> {
  return StepHarness.create({
    data,
    models: modelKinds.map(({ name, composite }) => ({
      name,
      parameters: PARAMETERS[name] ?? {},
      ...(composite === true
        ? { members: ['recency-encoder', 'group-affinity', 'sequential-item-knn'] }
        : {}),
    })),
    parameters: { positions: 'every:1' },
  });
}

function hitRate(report: EvaluationReport, model: string): number {
  return report.metrics.test[model]?.metrics['hitRate@10']?.value ?? NaN;
}

describe('the catalogue of a run', () => {
  const data = preparedFrom(lists, parts);
  let harness: StepHarness;
  let report: EvaluationReport;
  beforeAll(async () => {
    harness = await harnessOf(data);
    report = await harness.run();
  });
  afterAll(() => harness.remove());

  test('all kinds were measured', () => {
    expect(report.failedBranches).toEqual([]);
    expect(report.models.map(({ name }) => name).sort()).toEqual(modelKinds.map(({ name }) => name).sort());
  });

  test.each(modelKinds.map(({ name }) => name))(
    '%s recommends items known at training time only',
    async (name) => {
      const { recommender } = await openModel(harness.stepFolder(`train/${name}`));
      for (let item = 0; item < ITEMS; item++) {
        if (isNew(item)) expect(recommender.scorer.recommends(item)).toBe(false);
        for (const query of [[item], [3, item], [item, 8, 18]]) {
          const { items } = recommender.recommend(Int32Array.from(query), { k: ITEMS, seen: 'kept' });
          expect([...items].filter(isNew)).toEqual([]);
        }
        expect([...recommender.similar(item, ITEMS).items].filter(isNew)).toEqual([]);
      }
    },
  );

  test('targets outside it are counted, said and missed by all', () => {
    const targets = lists.slice(150).flatMap((list) => list.slice(1));
    const unknown = targets.filter(isNew).length;
    expect(unknown).toBeGreaterThan(20);
    expect(report.protocol).toMatchObject({
      catalogue: { items: 48, added: 0, unknown: 12 },
      queries: { test: targets.length },
      unreachable: { test: { unknownTargets: unknown, repeatedTargets: 0 } },
    });
    expect(report.warnings.join('\n')).toContain(`${unknown} of the ${targets.length} test targets`);
    for (const { slices, unknownTargets } of Object.values(report.metrics.test)) {
      expect(unknownTargets).toBeGreaterThanOrEqual(unknown / targets.length - 1e-12);
      const cold = slices.find(({ group }) => group === 'not in training');
      expect(cold?.queries).toBe(unknown);
      expect(cold?.metrics['hitRate@100']?.value).toBe(0);
    }
  });

  test('kinds that can recommend new items have a variant with all items of the data, and only these', () => {
    for (const { name, recommendsNewItems } of modelKinds) {
      const variant = report.metrics.test[name]?.variants[ALL_ITEMS_VARIANT];
      expect([name, variant?.catalogue]).toEqual([name, recommendsNewItems === true ? 'all' : undefined]);
    }
    const variant = report.metrics.test['group-affinity']?.variants[ALL_ITEMS_VARIANT];
    expect(variant?.metrics['hitRate@10']?.value).toBeGreaterThan(hitRate(report, 'group-affinity'));
  });

  test('a catalogue file that names them makes them items like others', async () => {
    const named = Array.from({ length: ITEMS }, (_, item) => item).filter(isNew);
    const other = await harnessOf(preparedFrom(lists, { ...parts, catalogue: named }));
    const withFile = await other.run();
    expect(withFile.protocol.catalogue).toEqual({ items: ITEMS, added: named.length, unknown: 0 });
    expect(withFile.protocol.unreachable?.test).toEqual({ unknownTargets: 0, repeatedTargets: 0 });
    for (const kind of ['group-affinity', 'recency-encoder', 'blend']) {
      expect(withFile.metrics.test[kind]?.variants[ALL_ITEMS_VARIANT]).toBeUndefined();
      expect(
        withFile.metrics.test[kind]?.slices.find(({ group }) => group === 'not in training'),
      ).toBeDefined();
    }
    expect(hitRate(withFile, 'group-affinity')).toBeGreaterThan(hitRate(report, 'group-affinity'));
    await other.remove();
  });
});
