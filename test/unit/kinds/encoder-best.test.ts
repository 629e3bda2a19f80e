import { describe, expect, test } from 'vitest';
import { encoderScorer, type RepeatBonus } from '../../../src/pipeline/kinds/recency-encoder/scorer.ts';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import type { DenseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { rankQueries } from '../../../src/pipeline/flows/next-item/evaluate/rank-queries.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';

const ITEMS = 1200;
const KNOWN = 1100;
const DIMENSIONS = 8;
const LAGS = 6;
const NONE = new Int32Array(0);

/** Few distinct values, so that there are ties; items above `KNOWN` are unknown. */
function scorerWith(repeats: RepeatBonus): DenseScorer {
  const next = randomStream(11);
  const matrix = (rows: number): Float32Array =>
    Float32Array.from({ length: rows * DIMENSIONS }, () => below(5, next()) / 2 - 1);
  const model = {
    ...{ dimensions: DIMENSIONS, heads: 2, trained: KNOWN, recommended: KNOWN },
    items: Int32Array.from({ length: KNOWN }, (_, row) => KNOWN - 1 - row),
    vectors: matrix(KNOWN),
    outputs: matrix(KNOWN),
    lagWeights: matrix(LAGS),
  };
  const bias = Float32Array.from({ length: KNOWN }, () => below(3, next()) / 4);
  return encoderScorer(model, { temperature: 0.25, bias, repeats }, ITEMS, true);
}

describe("an encoder's best items", () => {
  test.each([
    ['without bonuses', { newest: 0, second: 0, older: 0 }],
    ['that never repeat', { newest: -20, second: -20, older: -4 }],
    ['that repeat', { newest: 1.5, second: 3, older: 0.5 }],
  ])('%s are those that scoring all items gives', (_, repeats) => {
    const scorer = scorerWith(repeats);
    const next = randomStream(3);
    const queries = Array.from({ length: 40 }, (__, q) =>
      Int32Array.from({ length: q % 9 }, () => below(ITEMS, next())),
    );
    for (const rule of scorer.queryRules) {
      for (const depth of [5, 160, KNOWN + 10]) {
        const best = scorer.best?.(queries, rule, depth);
        const all = new Float32Array(queries.length * KNOWN);
        const answered = scorer.score(queries, rule, all);
        queries.forEach((__, q) => {
          const row = best?.rowOf[q] ?? -2;
          expect(row >= 0 ? 1 : 0).toBe(answered[q]);
          if (row < 0 || best === undefined) return;
          const scores = all.subarray(q * KNOWN, (q + 1) * KNOWN);
          const sorted = scores.toSorted((a, b) => b - a).slice(0, depth);
          const found = best.scores.subarray(row * depth, row * depth + sorted.length);
          expect([...found]).toEqual([...sorted]);
          const items = best.items.subarray(row * depth, row * depth + sorted.length);
          items.forEach((item, i) => expect(scores[KNOWN - 1 - item]).toBe(found[i]));
          expect(new Set(items).size).toBe(sorted.length);
          expect(
            best.items.subarray(row * depth + sorted.length, (row + 1) * depth).every((item) => item === -1),
          ).toBe(true);
        });
      }
    }
  });

  test('by the last item do not depend on what came before it', () => {
    const scorer = scorerWith({ newest: 1.5, second: 3, older: 0.5 });
    const recommender = new Recommender({ scorer, trainCounts: new Uint32Array(ITEMS).fill(1), seed: 3 });
    const queries = [Int32Array.of(9, 4, 7), Int32Array.of(7), Int32Array.of(7, 7), Int32Array.of(30, 7)];
    const alone = recommender.recommend(Int32Array.of(7), { k: 20, rule: 'last-item', seen: 'kept' });
    for (const asked of [queries, queries.toReversed()]) {
      recommender.scoreEach(asked, 'last-item', (_, { candidates, background }) => {
        expect(recommender.ranker.top(candidates, background, NONE, 'kept', 20).items).toEqual(alone.items);
      });
      recommender.bestEach(asked, 'last-item', 20, (_, best, row) => {
        expect(best.scores.slice(row * 20, (row + 1) * 20)).toEqual(Float32Array.from(alone.scores));
      });
    }
  });

  test.each([
    ['that never repeat', { newest: -20, second: -20, older: -4 }],
    ['that repeat', { newest: 1.5, second: 3, older: 0.5 }],
  ])('rank a target as scoring all items does, where only that is asked (%s)', async (_, repeats) => {
    const data = preparedFrom(randomSequences(90, ITEMS, 10, 60), { train: 30, validation: 30 });
    const queries = buildQueries(data, 'test', 'every:2');
    const fast = scorerWith(repeats);
    const slow = { ...fast };
    Reflect.deleteProperty(slow, 'best');
    for (const rule of fast.queryRules) {
      const [found, expected] = await Promise.all(
        [fast, slow].map((scorer) =>
          rankQueries(new Recommender({ scorer, trainCounts: data.trainCounts, seed: 3 }), queries, rule),
        ),
      );
      expect(found).toEqual(expected);
      expect(found?.kept.some((rank) => rank > 0) && found.kept.includes(0)).toBe(true);
    }
  });
});
