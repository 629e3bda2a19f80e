import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelKind } from '../../../src/pipeline/kinds/model-kind.ts';
import { Recommender, type Recommendation } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { modelKind, modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import type { ParameterValue } from '../../../src/protocol/parameters.ts';
import { fitted, type Fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';

/** Items 0 to 59 have training rows, 60 to 64 are in held-out sequences only, 64 has no group. */
const ITEMS = 65;
const TRAINED = 60;
const heldOut = Array.from({ length: 50 }, (_, s) => [s % TRAINED, 60 + (s % 5), (s * 7) % TRAINED]);
const data = preparedFrom([...randomSequences(90, TRAINED, 3), ...heldOut], {
  train: 90,
  validation: 25,
  itemCount: ITEMS,
  groups: Array.from({ length: ITEMS }, (_, item) => (item === 64 ? -1 : item % 9)),
});

/** Small enough to be quick, and with lists that end before the catalogue does. */
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, ParameterValue>>>> = {
  prod2vec: { vectorSize: 8, minCount: 6, epochs: 3 },
  'recency-encoder': { vectorSize: 8, epochs: 2, tune: false },
  'sequential-item-knn': { neighbours: 6, tune: false },
  'session-knn': { neighbours: 2, tune: false },
};

const models = new Map<string, Fitted>();

async function fit(kind: ModelKind): Promise<void> {
  const members =
    kind.composite === true ? ['sequential-item-knn', 'prod2vec'].map((name) => modelOf(name).member) : [];
  const parameters = PARAMETERS[kind.name] ?? {};
  models.set(kind.name, await fitted(kind, data, { parameters, members }));
}

function modelOf(name: string): Fitted {
  const model = models.get(name);
  if (model === undefined) throw new Error(`${name} is not fitted`);
  return model;
}

function recommenderOf(name: string): Recommender {
  return new Recommender({ scorer: modelOf(name).scorer, trainCounts: data.trainCounts, seed: 1 });
}

beforeAll(async () => {
  const composite = modelKinds.filter((kind) => kind.composite === true);
  for (const kind of modelKinds) if (!composite.includes(kind)) await fit(kind);
  for (const kind of composite) await fit(kind);
});

afterAll(async () => {
  for (const model of models.values()) {
    await model.remove();
  }
});

/** Lists of 1 to 12 items, some of which no model knows. */
function queries(count: number): Int32Array[] {
  const next = randomStream(11);
  return Array.from({ length: count }, () =>
    Int32Array.from({ length: 1 + below(12, next()) }, () => below(ITEMS, next())),
  );
}

function requireOneScale({ items, scores, answeredBy, popularFrom }: Recommendation): void {
  const own = [...scores.subarray(0, popularFrom)];
  expect(own.every(Number.isFinite)).toBe(true);
  expect(own).toEqual(own.toSorted((a, b) => b - a));
  const filled = [...scores.subarray(popularFrom)];
  const rows = [...items.subarray(popularFrom)].map((item) => data.trainCounts[item] ?? 0);
  expect(rows).toEqual(rows.toSorted((a, b) => b - a));
  expect(filled).toEqual(answeredBy === 'popularity' ? rows : rows.map(() => NaN));
  if (answeredBy === 'popularity') expect(popularFrom).toBe(0);
}

describe.each(modelKinds.map(({ name }) => name))('lists of %s', (name) => {
  it.each(['kept', 'removed'] as const)(
    'are sorted on one scale, marked, without repeats (seen %s)',
    (seen) => {
      const recommender = recommenderOf(name);
      for (const query of queries(150)) {
        for (const k of [1, 10, 200]) {
          const list = recommender.recommend(query, { k, seen });
          requireOneScale(list);
          expect(new Set(list.items).size).toBe(list.items.length);
          expect(list.items.length).toBeLessThanOrEqual(k);
          if (seen === 'removed') expect([...list.items].filter((item) => query.includes(item))).toEqual([]);
        }
      }
    },
  );

  it('are the beginning of longer ones, and without the fall-back hold what the model alone gave', () => {
    const recommender = recommenderOf(name);
    for (const query of queries(40)) {
      const long = recommender.recommend(query, { k: 200, seen: 'removed' });
      const short = recommender.recommend(query, { k: 7, seen: 'removed' });
      expect(short.items).toEqual(long.items.subarray(0, 7));
      expect(short.popularFrom).toBe(Math.min(short.items.length, long.popularFrom));
    }
  });

  it.each(['kept', 'removed'] as const)('asked for together are those asked for alone (seen %s)', (seen) => {
    const recommender = recommenderOf(name);
    const asked = queries(90).map((query, at) => ({ query, seen, k: [0, 1, 10, ITEMS, 2000][at % 5] ?? 1 }));
    const together = recommender.recommendEach(asked);
    asked.forEach(({ query, ...options }, at) =>
      expect(together[at]).toEqual(recommender.recommend(query, options)),
    );
  });

  it('are popularity for a query that the model knows nothing of', () => {
    const recommender = recommenderOf(name);
    const unknown = Int32Array.from(Array(ITEMS).keys()).filter((item) => !recommender.scorer.knows(item));
    for (const item of unknown) {
      const list = recommender.recommend(Int32Array.of(item), { k: 5, seen: 'kept' });
      const popular = recommenderOf('popularity').recommend(Int32Array.of(item), { k: 5, seen: 'kept' });
      expect(list.items).toEqual(popular.items);
      if (name !== 'popularity') expect([list.answeredBy, list.popularFrom]).toEqual(['popularity', 0]);
    }
  });

  it('of neighbours hold none that popularity filled in, nor the item itself', () => {
    const recommender = recommenderOf(name);
    for (let item = 0; item < ITEMS; item++) {
      if (!recommender.scorer.knows(item)) continue;
      const { items, scores } = recommender.similar(item, 200);
      expect([...items]).not.toContain(item);
      expect([...scores].every(Number.isFinite)).toBe(true);
      expect([...scores]).toEqual([...scores].toSorted((a, b) => b - a));
    }
  });
});

describe('what popularity fills in', () => {
  it('follows the items of the last group, and what followed the last item', () => {
    const query = Int32Array.of(5);
    const byGroup = recommenderOf('group-popularity').recommend(query, { k: 30, seen: 'kept' });
    const sameGroup = [...byGroup.items].map((item) => item % 9 === 5);
    expect(sameGroup.lastIndexOf(true) + 1).toBe(byGroup.popularFrom);
    const byTransitions = recommenderOf('markov').recommend(query, { k: TRAINED, seen: 'kept' });
    expect(byTransitions.popularFrom).toBeGreaterThan(0);
    expect(byTransitions.popularFrom).toBeLessThan(byTransitions.items.length);
  });

  it('is the model itself for the kind that is popularity', () => {
    const list = recommenderOf('popularity').recommend(Int32Array.of(5), { k: 30, seen: 'kept' });
    expect([list.answeredBy, list.popularFrom]).toEqual(['model', 30]);
    expect(modelKind('popularity').fits({ hasGroups: false })).toBe(true);
  });
});
