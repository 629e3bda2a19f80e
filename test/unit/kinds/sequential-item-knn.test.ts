import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/protocol/user-error.ts';
import { defaultsOf, type ParameterValue } from '../../../src/protocol/parameters.ts';
import type { QueryRule } from '../../../src/protocol/report.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { Scorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { sequentialItemKnn } from '../../../src/pipeline/kinds/sequential-item-knn/kind.ts';
import {
  knnParameters,
  type KnnParameters,
} from '../../../src/pipeline/kinds/sequential-item-knn/parameters.ts';
import { shuffled } from '../../../src/pipeline/seeded-random.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { expectFormula, scoresOf, type Formula } from '../support/sparse-scores.ts';

/** The formula as it is written, with a map of pairs. */
function naiveScores(
  training: readonly number[][],
  p: KnnParameters,
  query: readonly number[],
  rule: QueryRule,
): Map<number, number> {
  const counts = new Map<number, number>();
  const pairs = new Map<string, number>();
  const add = (a: number, b: number, value: number): unknown =>
    pairs.set(`${a} ${b}`, (pairs.get(`${a} ${b}`) ?? 0) + value);
  for (const sequence of training) {
    sequence.forEach((a, i) => {
      counts.set(a, (counts.get(a) ?? 0) + 1);
      sequence.slice(i + 1, i + 51).forEach((b, gap) => {
        if (a === b && !p.self) return;
        add(a, b, p.delta ** gap);
        add(b, a, p.back * p.delta ** gap);
      });
    });
  }
  const scores = new Map<number, number>();
  const newestFirst = [...query].reverse().slice(0, rule === 'last-item' ? 1 : p.history);
  newestFirst.forEach((i, k) => {
    const decayed = p.weighting === 'geometric' ? p.fade ** k : (k + 1) ** -p.fade;
    const weight = rule === 'decayed-list' ? decayed : 1;
    for (const [pair, c] of pairs) {
      const [from = 0, to = 0] = pair.split(' ').map(Number);
      if (from !== i || c === 0) continue;
      const m = c / ((counts.get(i) ?? 0) ** p.alpha * ((counts.get(to) ?? 0) + p.lambda) ** p.gamma);
      scores.set(to, (scores.get(to) ?? 0) + weight * m);
    }
  });
  for (const item of new Set(query))
    if (scores.has(item)) scores.set(item, (scores.get(item) ?? 0) * p.repeat);
  return scores;
}

async function knn(data: PreparedData, parameters: Record<string, ParameterValue>): Promise<Scorer> {
  const { scorer, remove } = await fitted(sequentialItemKnn, data, { parameters });
  await remove();
  return scorer;
}

const training = randomSequences(40, 30, 1, 70);
const data = preparedFrom([...training, [0, 1, 2]], { train: 40, itemCount: 32 });

describe('sequential item-kNN', () => {
  const settings: Partial<KnnParameters>[] = [
    {},
    { weighting: 'geometric', fade: 0.6, alpha: 0.4, gamma: 0.4, lambda: 5, back: 0.5 },
    { back: 0, delta: 0.7, alpha: 0, gamma: 1, history: 3 },
    { self: true, back: 0.2, delta: 0.8 },
    { repeat: 0.3 },
    { self: true, repeat: 2 },
  ];
  for (const setting of settings) {
    test(`scores are those of the formula: ${JSON.stringify(setting)}`, async () => {
      const scorer = await knn(data, { ...setting, tune: false, neighbours: 1000 });
      const parameters = { ...defaultsOf(knnParameters), ...setting };
      const formula: Formula = (query, rule) => naiveScores(training, parameters, query, rule);
      expectFormula(scorer, [[3], [1, 2, 3, 3, 7], [31, 5], training[5] ?? []], formula, 5);
    });
  }

  test('pairs of an item with itself are counted where targets repeat and seen items are kept, and only there', async () => {
    const again = Array.from({ length: 30 }, (_, s) => [s % 7, 10 + (s % 5), s % 7, s % 7, s % 7]);
    const never = Array.from({ length: 30 }, (_, s) => [s % 7, 10 + (s % 5), 20 + (s % 3), 15 + (s % 4)]);
    const selfOf = async (sequences: number[][], leaveOneOut = false): Promise<unknown> => {
      const parts = leaveOneOut ? { leaveOneOut } : { train: 20, validation: 5 };
      const { result, remove } = await fitted(sequentialItemKnn, preparedFrom(sequences, parts), {
        parameters: { tuneBy: 'mrr@20' },
      });
      await remove();
      return result.parameters?.['self'];
    };
    expect(await selfOf(again)).toBe(true);
    expect(await selfOf(never)).toBe(false);
    expect(await selfOf(again, true)).toBe(false);
  });

  test('seen items are left out where lists hold an item once, and only where the ranking keeps them', async () => {
    // Each list holds seven of ten items that belong together, in any order.
    const sets = Array.from({ length: 90 }, (_, s) =>
      [...shuffled(10, s).subarray(0, 7)].map((item) => item + 10 * (s % 5)),
    );
    const repeatOf = async (leaveOneOut: boolean): Promise<unknown> => {
      const parts = leaveOneOut ? { leaveOneOut } : { train: 60, validation: 20 };
      const { result, remove } = await fitted(sequentialItemKnn, preparedFrom(sets, parts), {});
      await remove();
      return result.parameters?.['repeat'];
    };
    expect(await repeatOf(false)).toBe(0);
    expect(await repeatOf(true)).toBe(1);
  });

  test('pairs further apart than 50 do not count', async () => {
    const far = [0, ...Array.from({ length: 50 }, () => 2), 1];
    const near = [0, ...Array.from({ length: 49 }, () => 2), 1];
    const flags = { tune: false, delta: 1 };
    expect(scoresOf(await knn(preparedFrom([far]), flags), [0], 'last-item').has(1)).toBe(false);
    expect(scoresOf(await knn(preparedFrom([near]), flags), [0], 'last-item').has(1)).toBe(true);
  });

  test('keeps the strongest targets of each row', async () => {
    const whole = scoresOf(await knn(data, { tune: false }), [4], 'last-item');
    const cut = scoresOf(await knn(data, { tune: false, neighbours: 5 }), [4], 'last-item');
    const strongest = [...whole].sort(([, a], [, b]) => b - a).slice(0, 5);
    expect(whole.size).toBeGreaterThan(5);
    expect([...cut].sort(([, a], [, b]) => b - a)).toEqual(strongest);
  });

  test('knows only items with neighbours; a query without any is unknown', async () => {
    const scorer = await knn(data, { tune: false });
    expect([scorer.knows(3), scorer.knows(31), scorer.recommends(31)]).toEqual([true, false, false]);
    if (scorer.shape === 'sparse')
      expect(scorer.candidates(Int32Array.of(31, 30), 'decayed-list')).toBeUndefined();
  });

  test('does not learn from held-out items', async () => {
    const held = preparedFrom(
      [
        [0, 1, 2],
        [0, 1, 2],
        [0, 3, 4],
      ],
      { train: 2, validation: 0 },
    );
    expect(scoresOf(await knn(held, { tune: false }), [0], 'last-item').has(3)).toBe(false);
    const leaveOneOut = preparedFrom(
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ],
      { leaveOneOut: true },
    );
    const scores = scoresOf(await knn(leaveOneOut, { tune: false }), [0], 'last-item');
    expect([...scores.keys()]).toEqual([1]);
  });

  test('neither the names (codes) of items nor of sequences matter', async () => {
    const renamed = training.map((sequence) => sequence.map((item) => 29 - item)).reverse();
    const mirror = preparedFrom([...renamed, [29, 28, 27]], { train: 40, itemCount: 32 });
    const query = [1, 2, 3];
    const a = scoresOf(await knn(data, { tune: false }), query, 'decayed-list');
    const b = scoresOf(
      await knn(mirror, { tune: false }),
      query.map((item) => 29 - item),
      'decayed-list',
    );
    expect(a.size).toBe(b.size);
    for (const [item, score] of a) expect(b.get(29 - item)).toBeCloseTo(score, 5);
  });
});

describe('its tuning', () => {
  const sequences = randomSequences(300, 60, 2, 15);
  const split = preparedFrom(sequences, { train: 200, validation: 60 });

  const tunedBy = async (
    parameters: Record<string, ParameterValue>,
  ): Promise<{ value: number; bytes: unknown; parameters: Record<string, ParameterValue> }> => {
    const { result, scorer, remove } = await fitted(sequentialItemKnn, split, {
      parameters: { tuneBy: 'mrr@10', ...parameters },
    });
    await remove();
    const value = result.metrics['tuning mrr@10'] ?? NaN;
    return {
      value,
      bytes: [result, [...scoresOf(scorer, [1, 2, 3], 'decayed-list')]],
      parameters: { ...result.parameters },
    };
  };

  test('is no worse than its start on the queries it sees, and leaves what was given', async () => {
    const { delta, back, alpha, gamma, lambda, weighting, fade } = defaultsOf(knnParameters);
    const start = await tunedBy({ delta, back, alpha, gamma, lambda, weighting, fade });
    const free = await tunedBy({});
    expect(start.parameters).toMatchObject({ delta, back, alpha, gamma, lambda, weighting, fade });
    expect(free.value).toBeGreaterThan(start.value);
    expect((await tunedBy({ gamma: 0.37 })).parameters['gamma']).toBe(0.37);
  });

  test('repeats exactly', async () => {
    expect((await tunedBy({})).bytes).toEqual((await tunedBy({})).bytes);
  });

  test('finds nearly every target of sequences that always go on the same way', async () => {
    const forward = Array.from({ length: 300 }, (_, s) =>
      Array.from({ length: 8 }, (__, i) => (s * 7 + i) % 50),
    );
    const { result, remove } = await fitted(
      sequentialItemKnn,
      preparedFrom(forward, { train: 200, validation: 60 }),
      { parameters: { tuneBy: 'mrr@10', back: 0.8 } },
    );
    expect(result.metrics['tuning mrr@10']).toBeGreaterThan(0.9);
    await remove();
  });

  test('wrong parameters are named', async () => {
    await expect(fitted(sequentialItemKnn, split, { parameters: { alpha: -1, fade: NaN } })).rejects.toThrow(
      UserError,
    );
    await expect(fitted(sequentialItemKnn, split, { parameters: { alpha: -1 } })).rejects.toThrow(
      /alpha must be a number from 0 to 1/,
    );
  });
});
