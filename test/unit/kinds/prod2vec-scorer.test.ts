import { describe, expect, test } from 'vitest';
import type { QueryRule } from '../../../src/protocol/report.ts';
import { cosineScorer } from '../../../src/pipeline/kinds/prod2vec/scorer.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const DIMENSION = 6;
const ITEMS = 40;
const next = randomStream(3);
/** Items 0 … 39 in another order, every third without a vector. */
const items = Int32Array.from([...Array(ITEMS).keys()].filter((item) => item % 3 !== 0).reverse());
const values = Float32Array.from({ length: items.length * DIMENSION }, () => below(2000, next()) / 1000 - 1);
const vectorOf = (item: number): number[] => {
  const row = items.indexOf(item);
  const vector = Array.from(values.subarray(row * DIMENSION, (row + 1) * DIMENSION));
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
};
const scorer = cosineScorer({ dimension: DIMENSION, items, values }, ITEMS, true);

/** Cosines of the query vector by its definition. */
function cosines(query: readonly number[], rule: QueryRule): Map<number, number> {
  const listed = rule === 'last-item' ? query.slice(-1) : query;
  const sum = Array.from({ length: DIMENSION }, () => 0);
  listed.forEach((item, at) => {
    if (item % 3 === 0) return;
    const weight = rule === 'decayed-list' ? 1 / (listed.length - at) : 1;
    vectorOf(item).forEach((x, d) => (sum[d] = (sum[d] ?? 0) + weight * x));
  });
  const length = Math.hypot(...sum);
  return new Map(
    Array.from(items, (item) => [
      item,
      vectorOf(item).reduce((dot, x, d) => dot + (x * (sum[d] ?? 0)) / length, 0),
    ]),
  );
}

describe('prod2vec as a scorer', () => {
  const queries = [[4], [1, 2, 5, 7], [8, 3, 10], [3, 11, 11, 0, 13]];

  test('scores are cosines under each query rule', () => {
    for (const rule of scorer.queryRules) {
      const out = new Float32Array(queries.length * items.length);
      const answered = scorer.score(
        queries.map((query) => Int32Array.from(query)),
        rule,
        out,
      );
      queries.forEach((query, q) => {
        const expected = cosines(query, rule);
        expect(answered[q]).toBe(1);
        items.forEach((item, column) => {
          const score = out[q * items.length + column] ?? NaN;
          if (rule === 'last-item' && item === query.at(-1)) expect(score).toBe(-Infinity);
          else expect(score).toBeCloseTo(expected.get(item) ?? NaN, 5);
        });
      });
    }
  });

  test('the query item is left out under the last item, as in most_similar, also where seen items are kept', () => {
    const recommender = new Recommender({ scorer, trainCounts: new Uint32Array(ITEMS).fill(1), seed: 1 });
    const list = recommender.recommend(Int32Array.of(5, 4), { k: ITEMS, seen: 'kept' });
    expect(Array.from(list.items)).not.toContain(4);
    expect(Array.from(list.items)).toContain(5);
    expect(list.items.length).toBe(items.length - 1);
    expect(
      Array.from(recommender.recommend(Int32Array.of(5, 4), { k: ITEMS, seen: 'removed' }).items),
    ).not.toContain(5);
  });

  test('an unknown last item is an unknown query for the last-item rule only', () => {
    const out = new Float32Array(items.length);
    const query = [Int32Array.of(4, 3)];
    expect(Array.from(scorer.queryRules, (rule) => scorer.score(query, rule, out)[0])).toEqual([0, 1, 1]);
    expect(scorer.score([Int32Array.of(3, 6)], 'whole-list', out)[0]).toBe(0);
    expect(scorer.score([new Int32Array(0)], 'last-item', out)[0]).toBe(0);
  });

  test('a query gets the same scores alone and in a block', () => {
    const blocks = Array.from({ length: 37 }, (_, i) => Int32Array.of(i + 1, i + 2, ((i * 3) % 13) + 1));
    for (const rule of scorer.queryRules) {
      const together = new Float32Array(blocks.length * items.length);
      const answered = scorer.score(blocks, rule, together);
      blocks.forEach((query, q) => {
        if (answered[q] === 0) return;
        const alone = new Float32Array(items.length);
        scorer.score([query], rule, alone);
        expect(alone).toEqual(together.slice(q * items.length, (q + 1) * items.length));
      });
    }
  });
});
