import { describe, expect, test } from 'vitest';
import { buildQueries, queryItems, targetOf } from '../../../src/pipeline/metrics/queries.ts';
import { RecommendedItems } from '../../../src/pipeline/metrics/recommended-items.ts';
import { BestRanker } from '../../../src/pipeline/kinds/ranking/best-ranker.ts';
import type { BestItems, DenseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { cosineScorer } from '../../../src/pipeline/kinds/prod2vec/scorer.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { rankQueries } from '../../../src/pipeline/flows/next-item/evaluate/rank-queries.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';

const ITEMS = 900;
const data = preparedFrom(randomSequences(120, ITEMS, 10, 90), { train: 40, validation: 40 });

/**
 * Every seventh item without a vector, every eleventh with that of its predecessor, and 130 that are all the same, so
 * that there are ties everywhere: within lists, at their cut, and over their end.
 */
function tiedVectors(dimension: number): DenseScorer {
  const next = randomStream(5);
  const items = Int32Array.from({ length: ITEMS }, (_, item) => ITEMS - 1 - item).filter(
    (item) => item % 7 !== 0,
  );
  const values = new Float32Array(items.length * dimension);
  for (let row = 0; row < items.length; row++) {
    const same = (items[row] ?? 0) < 150 ? 1 : row > 0 && row % 11 === 0 ? row - 1 : undefined;
    for (let d = 0; d < dimension; d++)
      values[row * dimension + d] =
        same === undefined
          ? below(2000, next()) / 1000 - 1
          : same === 1
            ? 1
            : (values[same * dimension + d] ?? 0);
  }
  return cosineScorer({ dimension, items, values }, ITEMS, true);
}

describe('ranks from the best items alone', () => {
  for (const seen of ['kept', 'removed'] as const) {
    test(`ranks, unknown queries and top lists are those of all scores, also in ties (seen ${seen})`, async () => {
      const fast = tiedVectors(8);
      const slow = { ...fast };
      Reflect.deleteProperty(slow, 'best');
      const queries = buildQueries(data, 'test', 'every:2');
      for (const rule of fast.queryRules) {
        const results = [];
        const ranks: number[] = [];
        for (const scorer of [fast, slow]) {
          const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed: 3 });
          const into = new RecommendedItems(data.trainCounts, data.catalogue);
          const listed = await rankQueries(recommender, queries, rule, { lists: { seen, into } });
          const subset = Uint32Array.from(queries.targets.keys()).filter((q) => q % 3 === 1);
          const sampled = await rankQueries(recommender, queries, rule, { subset });
          ranks.push(...listed.kept);
          results.push([listed, into.coverage(), into.meanPopularity(), sampled.kept, sampled.removed]);
        }
        expect(results[0]).toEqual(results[1]);
        expect(ranks.some((rank) => rank > 0) && ranks.includes(0)).toBe(true);
      }
    });
  }

  test('lists are equal place by place, and what is undecided is said', () => {
    const scorer = tiedVectors(8);
    const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed: 3 });
    const queries = buildQueries(data, 'validation', 'every:2');
    const asked = Array.from(queries.targets.keys(), (q) => queryItems(queries, q));
    const ranker = new BestRanker(recommender.ties, 100);
    const lists = new Map<number, Int32Array | undefined>();
    const ranks = new Map<number, { kept: number; removed: number } | undefined>();
    recommender.bestEach(asked, 'whole-list', 128, (q, best, row) => {
      const query = asked[q] ?? new Int32Array(0);
      const out = { kept: -1, removed: -1 };
      if (row < 0) return;
      ranks.set(q, ranker.rank(best, row, query, targetOf(queries, q), out) ? out : undefined);
      lists.set(q, ranker.top(best, row, query, 'removed'));
    });
    const full = { kept: -1, removed: -1 };
    const within = (rank: number): number => (rank <= 100 ? rank : 0);
    recommender.scoreEach(asked, 'whole-list', (q, { candidates, known }) => {
      if (!known) return;
      const query = asked[q] ?? new Int32Array(0);
      recommender.ranker.rank(candidates, undefined, query, targetOf(queries, q), full);
      const rank = ranks.get(q);
      if (rank !== undefined)
        expect(rank).toEqual({ kept: within(full.kept), removed: within(full.removed) });
      const list = lists.get(q);
      if (list !== undefined)
        expect(list).toEqual(recommender.ranker.top(candidates, undefined, query, 'removed', 100).items);
    });
    for (const found of [ranks, lists]) {
      const decided = [...found.values()].filter((value) => value !== undefined).length;
      expect(decided).toBeGreaterThan(found.size / 10);
      expect(decided).toBeLessThan(found.size);
    }
  });

  test('a list that holds all there is decides everything', () => {
    const best: BestItems = {
      rowOf: Int32Array.of(0),
      depth: 4,
      items: Int32Array.of(5, 2, 7, -1),
      scores: Float32Array.of(3, 1, 1, -Infinity),
    };
    const ranker = new BestRanker(Uint32Array.of(0, 1, 2, 3, 4, 5, 9, 6), 2);
    const rankOf = (query: number[], target: number): unknown => {
      const out = { kept: -1, removed: -1 };
      return [ranker.rank(best, 0, Int32Array.from(query), target, out), out];
    };
    expect(rankOf([5], 7)).toEqual([true, { kept: 0, removed: 2 }]);
    expect(rankOf([], 5)).toEqual([true, { kept: 1, removed: 1 }]);
    expect(rankOf([5], 5)).toEqual([true, { kept: 1, removed: 0 }]);
    expect(rankOf([], 3)).toEqual([true, { kept: 0, removed: 0 }]);
    expect(ranker.top(best, 0, Int32Array.of(5), 'removed')).toEqual(Int32Array.of(2, 7));
    expect(ranker.top(best, 0, Int32Array.of(5), 'kept')).toEqual(Int32Array.of(5, 2));
  });
});
