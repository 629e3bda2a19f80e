import { describe, expect, test } from 'vitest';
import { explainQueries } from '../../../src/pipeline/flows/next-item/evaluate/explain-queries.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import type { Scorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { fakeSparse } from '../support/fake-scorers.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';

const ITEMS = 40;
const data = preparedFrom(randomSequences(90, ITEMS, 3, 8), { train: 30, validation: 10, itemCount: ITEMS });
const queries = buildQueries(data, 'test', 'every:1');
const NAME = 'x'.repeat(5000);

/** Scores falling with the code; each item's one part is its code, and its facts are none. */
function scorerOf(explains: boolean): Scorer {
  const scorer = fakeSparse(ITEMS, (query) =>
    query.length === 1 ? undefined : new Map(Array.from({ length: 30 }, (_, item) => [item, ITEMS - item])),
  );
  if (!explains) return scorer;
  return {
    ...scorer,
    explain: (_, items) => ({
      groups: ['one'],
      items: Array.from(items, (item) =>
        item < 30 ? { parts: Float64Array.of(item % 2 === 0 ? item : -item), facts: [] } : undefined,
      ),
    }),
  };
}

function explain(hit: (q: number) => number, explains = true): ReturnType<typeof explainQueries> {
  const recommender = new Recommender({ scorer: scorerOf(explains), trainCounts: data.trainCounts, seed: 1 });
  const ranks = Int32Array.from(queries.targets, (_, q) => hit(q));
  return explainQueries(
    { recommender, queries, ranks, seen: 'kept', seed: 3, pause: () => Promise.resolve() },
    (codes) => Promise.resolve(new Map(Array.from(codes, (code) => [code, code === 0 ? NAME : `n${code}`]))),
  );
}

describe('explained queries', () => {
  test('are some hits and some misses, of those the model answers, the same by the same seed', async () => {
    const explained = await explain((q) => (q % 3 === 0 ? 4 : q % 3 === 1 ? 23 : 0));
    const shown = explained?.queries ?? [];
    const hits = shown.filter(({ rank }) => rank === 4);
    expect(hits.length).toBeGreaterThan(0);
    expect(hits.length).toBeLessThanOrEqual(10);
    expect(shown.length).toBeGreaterThan(hits.length);
    expect(shown.length).toBeLessThanOrEqual(20);
    for (const { list, newest, length, target, targetExplained } of shown) {
      expect(length).toBeGreaterThan(1);
      expect(newest).toHaveLength(Math.min(5, length));
      expect(list).toHaveLength(10);
      expect(list.map(({ parts }) => Math.abs(parts[0] ?? NaN))).toEqual(
        Array.from({ length: 10 }, (_, i) => i),
      );
      const code = Number(target.slice(1));
      expect(targetExplained?.item).toBe(code >= 10 && code < 30 ? target : undefined);
    }
    expect(await explain((q) => (q % 3 === 0 ? 4 : q % 3 === 1 ? 23 : 0))).toEqual(explained);
  });

  test('tell the mean absolute part over the first ten', async () => {
    const explained = await explain(() => 1);
    expect(explained?.groups).toEqual(['one']);
    expect(explained?.carried.parts).toEqual([4.5]);
    expect(explained?.carried.queries).toBeGreaterThan(20);
    expect(explained?.queries.every(({ rank }) => rank === 1)).toBe(true);
  });

  test('have names of a bounded length', async () => {
    const explained = await explain(() => 1);
    expect(explained?.queries[0]?.list[0]?.item).toBe('x'.repeat(300));
  });

  test('are none of a model that cannot explain', async () => {
    expect(await explain(() => 1, false)).toBeUndefined();
  });
});
