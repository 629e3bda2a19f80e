import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/protocol/user-error.ts';
import { defaultsOf, type ParameterValue } from '../../../src/protocol/parameters.ts';
import type { QueryRule } from '../../../src/protocol/report.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { SparseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import type { FitResult } from '../../../src/pipeline/kinds/fitting/fit-context.ts';
import { sessionKnn } from '../../../src/pipeline/kinds/session-knn/kind.ts';
import {
  sessionKnnParameters,
  type SessionKnnParameters,
} from '../../../src/pipeline/kinds/session-knn/parameters.ts';
import { shuffled } from '../../../src/pipeline/seeded-random.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { expectFormula, scoresOf, type Formula, type Scores } from '../support/sparse-scores.ts';

/** The formula as it is written, over all sequences. */
function naiveScores(
  training: readonly number[][],
  p: SessionKnnParameters,
  query: readonly number[],
  rule: QueryRule,
): Scores {
  const holds = (item: number): number[][] => training.filter((n) => n.includes(item));
  const newestFirst = [...query].reverse().slice(0, rule === 'last-item' ? 1 : p.history);
  const lags = newestFirst.map((item, k) => ({
    item,
    weight: rule === 'decayed-list' ? (k + 1) ** -p.fade : 1,
  }));
  const distinct = lags.filter(({ item }, k) => newestFirst.indexOf(item) === k);
  const neighbours = training.flatMap((sequence, s) => {
    const shared = distinct.filter(
      ({ item }) => sequence.includes(item) && holds(item).slice(-p.sample).includes(sequence),
    );
    const [newest] = shared;
    if (newest === undefined) return [];
    const sum = shared.reduce(
      (total, { item, weight }) => total + weight * (training.length / holds(item).length) ** p.rarity,
      0,
    );
    const similarity = sum * sequence.length ** -p.lengthPenalty;
    return [{ sequence, s, similarity, from: sequence.lastIndexOf(newest.item) }];
  });
  neighbours.sort((a, b) => b.similarity - a.similarity || b.s - a.s);
  const highest = neighbours[0]?.similarity ?? 1;
  const scores: Scores = new Map();
  for (const { sequence, similarity, from } of neighbours.slice(0, p.neighbours)) {
    sequence.forEach((item, at) => {
      const g = Math.abs(at - from);
      const side = at > from ? 1 : p.back;
      if (g === 0 || g > 200 || side === 0) return;
      const count = training.flat().filter((other) => other === item).length;
      const vote =
        (similarity / highest) ** p.sharpness * side * p.delta ** (g - 1) * (count + 10) ** -p.gamma;
      scores.set(item, (scores.get(item) ?? 0) + vote * (query.includes(item) ? p.repeat : 1));
    });
  }
  return scores;
}

async function fit(
  data: PreparedData,
  parameters: Record<string, ParameterValue>,
): Promise<{ scorer: SparseScorer; result: FitResult }> {
  const { scorer, result, remove } = await fitted(sessionKnn, data, { parameters });
  await remove();
  if (scorer.shape !== 'sparse') throw new Error('not sparse');
  return { scorer, result };
}

const untuned = async (
  data: PreparedData,
  parameters: Record<string, ParameterValue> = {},
): Promise<SparseScorer> => (await fit(data, { ...parameters, tune: false })).scorer;

const training = randomSequences(40, 30, 1, 70);
const data = preparedFrom([...training, [0, 1, 2]], { train: 40, itemCount: 32 });

describe('session kNN', () => {
  const settings: Partial<SessionKnnParameters>[] = [
    {},
    { neighbours: 7, sharpness: 2.5, fade: 1.3, rarity: 1, lengthPenalty: 0.5, gamma: 0.4 },
    { back: 0, delta: 0.7, repeat: 0, history: 3, rarity: 0, neighbours: 3 },
    { sample: 4, repeat: 0.5, lengthPenalty: 0, neighbours: 5 },
  ];
  for (const setting of settings) {
    test(`scores are those of the formula: ${JSON.stringify(setting)}`, async () => {
      const scorer = await untuned(data, setting);
      const parameters = { ...defaultsOf(sessionKnnParameters), ...setting };
      const formula: Formula = (query, rule) => naiveScores(training, parameters, query, rule);
      expectFormula(scorer, [[3], [1, 2, 3, 3, 7], [31, 5], training[5] ?? []], formula, 8);
    });
  }

  test('an answer does not depend on the queries before it', async () => {
    const scorer = await untuned(data);
    const first = scoresOf(scorer, [1, 2, 3], 'decayed-list');
    scoresOf(scorer, training[7] ?? [], 'decayed-list');
    scoresOf(scorer, [31], 'decayed-list');
    expect(scoresOf(scorer, [1, 2, 3], 'decayed-list')).toEqual(first);
  });

  test('among equally similar sequences the later ones vote', async () => {
    const scorer = await untuned(preparedFrom([[0, 1], [0, 2], [0, 3]]), { neighbours: 2 }); // prettier-ignore
    expect([...scoresOf(scorer, [0], 'last-item').keys()].sort()).toEqual([2, 3]);
  });

  test('items further than 200 from the newest shared one get no vote', async () => {
    const between = (count: number): number[] => [0, ...Array.from({ length: count }, () => 2), 1];
    const has = async (count: number): Promise<boolean> =>
      scoresOf(await untuned(preparedFrom([between(count)])), [0], 'last-item').has(1);
    expect([await has(199), await has(200)]).toEqual([true, false]);
  });

  test('a sequence of one item says nothing', async () => {
    const scorer = await untuned(preparedFrom([[0], [1, 2], [2, 2]]));
    expect([0, 1, 2].map((item) => scorer.knows(item))).toEqual([false, true, true]);
    expect([0, 1, 2].map((item) => scorer.recommends(item))).toEqual([false, true, true]);
    expect(scorer.vocabulary).toBe(2);
    expect(scorer.candidates(Int32Array.of(0), 'decayed-list')).toBeUndefined();
  });

  test('without votes backwards an item that only ends sequences is unknown, and a first one is not recommended', async () => {
    const scorer = await untuned(preparedFrom([[0, 1], [2, 1]]), { back: 0 }); // prettier-ignore
    expect([0, 1, 2].map((item) => scorer.knows(item))).toEqual([true, false, true]);
    expect([0, 1, 2].map((item) => scorer.recommends(item))).toEqual([false, true, false]);
    expect(scorer.candidates(Int32Array.of(1), 'decayed-list')).toBeUndefined();
  });

  test('a query of unknown items, or of none, is unknown; unknown ones among others change nothing', async () => {
    const scorer = await untuned(data);
    expect([scorer.knows(31), scorer.recommends(31), scorer.knows(-1)]).toEqual([false, false, false]);
    for (const query of [[31, 30], [-1, 32, 99], []])
      expect(scorer.candidates(Int32Array.from(query), 'decayed-list')).toBeUndefined();
    expect(scoresOf(scorer, [3, 4, -1], 'whole-list')).toEqual(scoresOf(scorer, [3, 4], 'whole-list'));
  });

  test('does not learn from held-out items', async () => {
    const parts = { train: 2, validation: 0 };
    const held = preparedFrom([[0, 1, 2], [0, 1, 2], [0, 3, 4]], parts); // prettier-ignore
    expect(scoresOf(await untuned(held), [0], 'last-item').has(3)).toBe(false);
    const each = preparedFrom([[0, 1, 2, 3], [0, 1, 4, 5]], { leaveOneOut: true }); // prettier-ignore
    expect([...scoresOf(await untuned(each), [0], 'last-item').keys()]).toEqual([1]);
  });
});

describe('its tuning', () => {
  const sequences = randomSequences(300, 60, 2);
  const parts = preparedFrom(sequences, { train: 220, validation: 40 });

  test('gives the same parameters and scores again, and is no worse than the defaults', async () => {
    const [one, two] = [await fit(parts, {}), await fit(parts, {})];
    expect(one.result).toEqual(two.result);
    expect(scoresOf(one.scorer, [1, 2, 3], 'decayed-list')).toEqual(
      scoresOf(two.scorer, [1, 2, 3], 'decayed-list'),
    );
    const fixed = Object.keys(sessionKnnParameters).filter((name) => !name.startsWith('tune'));
    const defaults: Record<string, ParameterValue> = defaultsOf(sessionKnnParameters);
    const given = Object.fromEntries(fixed.map((name) => [name, defaults[name] ?? 0]));
    const atDefaults = await fit(parts, given);
    expect(atDefaults.result.parameters).toEqual(defaults);
    expect(one.result.metrics['tuning ndcg@10']).toBeGreaterThan(
      atDefaults.result.metrics['tuning ndcg@10'] ?? 1,
    );
  });

  test('leaves what is given as it is', async () => {
    const { result } = await fit(parts, { delta: 0.42, neighbours: 17 });
    expect(result.parameters).toMatchObject({ delta: 0.42, neighbours: 17 });
  });

  test('finds that lists hold an item once, where they do and it matters', async () => {
    // Each list is a part of one of four sets in random order, so what the neighbours hold is mostly in it already.
    const lists = Array.from({ length: 120 }, (_, s) =>
      Array.from(shuffled(20, s).subarray(0, 14), (item) => 20 * (s % 4) + item),
    );
    const { result } = await fit(preparedFrom(lists, { train: 90, validation: 20 }), { tuneBy: 'mrr@20' });
    expect(result.parameters?.['repeat']).toBe(0);
  });

  test('without validation queries the start stays', async () => {
    const { result } = await fit(preparedFrom(sequences), {});
    expect(result.parameters).toEqual(defaultsOf(sessionKnnParameters));
  });
});

test('refuses parameters that make no sense', async () => {
  await expect(fit(data, { delta: 0 })).rejects.toThrow(UserError);
  await expect(fit(data, { neighbours: 0 })).rejects.toThrow(UserError);
});
