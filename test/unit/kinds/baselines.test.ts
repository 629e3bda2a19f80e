import { afterEach, describe, expect, test } from 'vitest';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import { groupPopularity } from '../../../src/pipeline/kinds/group-popularity/kind.ts';
import { markov } from '../../../src/pipeline/kinds/markov/kind.ts';
import type { ModelKind } from '../../../src/pipeline/kinds/model-kind.ts';
import { popularity } from '../../../src/pipeline/kinds/popularity/kind.ts';
import { modelKind } from '../../../src/pipeline/kinds/registry.ts';
import { planNextItemRun } from '../../../src/pipeline/flows/next-item/model-plan.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanup.splice(0).map((remove) => remove()));
});

async function recommenderOf(kind: ModelKind, data: PreparedData): Promise<Recommender> {
  const { scorer, remove } = await fitted(kind, data);
  cleanup.push(remove);
  return new Recommender({ scorer, trainCounts: data.trainCounts, seed: 1 });
}

// Counts: 0 five times, 1 four, 2 three, 3 two, 4 once, 5 only in test. Groups: {0, 4}, {1, 2}, {3}, 5 has none.
const data = preparedFrom(
  [
    [0, 1, 2, 0, 1],
    [0, 2, 1, 3, 0],
    [0, 1, 2, 3, 4],
    [5, 5, 5],
  ],
  { train: 3, groups: [0, 1, 1, 2, 0, -1] },
);

describe('popularity', () => {
  test('recommends by training count, the same to everyone, and nothing that is not in training', async () => {
    const recommender = await recommenderOf(popularity, data);
    const list = recommender.recommend(Int32Array.of(3), { k: 10, seen: 'kept' });
    expect(Array.from(list.items)).toEqual([0, 1, 2, 3, 4]);
    expect(Array.from(list.scores)).toEqual([5, 4, 3, 2, 1]);
    expect(list.answeredBy).toBe('model');
    expect(Array.from(recommender.recommend(Int32Array.of(0, 2), { k: 2, seen: 'removed' }).items)).toEqual([
      1, 3,
    ]);
  });
});

describe('same-group popularity', () => {
  test("the last item's artist first, then the most popular of all", async () => {
    const recommender = await recommenderOf(groupPopularity, data);
    const items = (query: number[], seen: 'kept' | 'removed'): number[] =>
      Array.from(recommender.recommend(Int32Array.from(query), { k: 10, seen }).items);
    expect(items([0, 2], 'kept')).toEqual([1, 2, 0, 3, 4]);
    expect(items([4], 'removed')).toEqual([0, 1, 2, 3]);
  });

  test('an item without an artist is an unknown query: popularity answers', async () => {
    const recommender = await recommenderOf(groupPopularity, data);
    const list = recommender.recommend(Int32Array.of(5), { k: 2, seen: 'kept' });
    expect([Array.from(list.items), list.answeredBy]).toEqual([[0, 1], 'popularity']);
    expect(recommender.recommend(Int32Array.of(5), { k: 2, seen: 'kept', fallback: 'none' }).answeredBy).toBe(
      'nothing',
    );
  });

  test('needs a group column', () => {
    expect(groupPopularity.fits({ hasGroups: false })).toBe(false);
  });

  test('is found by the name it once had, in commands and in runs of earlier versions', () => {
    expect(modelKind('artist-popularity')).toBe(groupPopularity);
    const given = { models: 'artist-popularity,markov,blend', blendMembers: 'artist-popularity,markov' };
    const { models } = planNextItemRun(given, { hasGroups: true });
    expect(models.map(({ kind }) => kind)).toEqual(['group-popularity', 'markov', 'blend']);
    expect(models.at(-1)?.members).toEqual(['group-popularity', 'markov']);
  });

  test('is called by the column of the groups', () => {
    expect(groupPopularity.titleOf?.('category')).toBe('Most popular of the same category');
  });
});

describe('Markov', () => {
  test('what followed the last item, equal counts by popularity, then the rest by popularity', async () => {
    const recommender = await recommenderOf(markov, data);
    // 0 → 1 twice, 0 → 2 once; 2 → 0, 1 and 3 once each.
    expect(Array.from(recommender.recommend(Int32Array.of(3, 0), { k: 10, seen: 'kept' }).items)).toEqual([
      1, 2, 0, 3, 4,
    ]);
    expect(Array.from(recommender.recommend(Int32Array.of(2), { k: 10, seen: 'kept' }).items)).toEqual([
      0, 1, 3, 2, 4,
    ]);
  });

  test('transitions do not reach over the end of a sequence, and an item that never went on is unknown', async () => {
    const recommender = await recommenderOf(markov, data);
    expect(recommender.scorer.knows(4)).toBe(false);
    expect(recommender.recommend(Int32Array.of(4), { k: 1, seen: 'kept' }).answeredBy).toBe('popularity');
    // The last item of the first sequence is 1, the first of the second 0: no transition 1 → 0.
    const [, ...rest] = recommender.recommend(Int32Array.of(1), { k: 2, seen: 'kept' }).items;
    expect(rest).toEqual([3]);
  });
});
