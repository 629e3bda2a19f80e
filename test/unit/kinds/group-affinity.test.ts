import { describe, expect, test } from 'vitest';
import { defaultsOf, type ParameterValue } from '../../../src/protocol/parameters.ts';
import type { QueryRule } from '../../../src/protocol/report.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import { groupAffinity } from '../../../src/pipeline/kinds/group-affinity/kind.ts';
import {
  groupAffinityParameters,
  type GroupAffinityParameters,
} from '../../../src/pipeline/kinds/group-affinity/parameters.ts';
import type { SparseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import type { FitResult } from '../../../src/pipeline/kinds/fitting/fit-context.ts';
import { shuffled } from '../../../src/pipeline/seeded-random.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { expectFormula, scoresOf, type Formula } from '../support/sparse-scores.ts';

/** The formula as it is written. */
function naiveScores(
  { trainCounts, catalogue, itemGroups = new Int32Array(0) }: PreparedData,
  p: GroupAffinityParameters,
  query: readonly number[],
  rule: QueryRule,
): Map<number, number> {
  const power = (item: number): number => ((trainCounts[item] ?? 0) + p.lambda) ** p.popularity;
  const scores = new Map<number, number>();
  itemGroups.forEach((group, item) => {
    if (group < 0 || catalogue[item] !== 1) return;
    const newestFirst = [...query].reverse().slice(0, rule === 'last-item' ? 1 : p.history);
    const weights = newestFirst.map((_, k) => (rule === 'decayed-list' ? (k + 1) ** -p.fade : 1));
    const affinity = newestFirst.reduce(
      (sum, other, k) => sum + (itemGroups[other] === group ? (weights[k] ?? 0) : 0),
      0,
    );
    let all = 0;
    itemGroups.forEach((other, code) => (all += other === group && catalogue[code] === 1 ? power(code) : 0));
    const share = power(item) / all;
    if (affinity > 0) scores.set(item, affinity * share * (query.includes(item) ? p.repeat : 1));
  });
  return scores;
}

async function fit(
  data: PreparedData,
  parameters: Record<string, ParameterValue>,
): Promise<{ scorer: SparseScorer; result: FitResult }> {
  const { scorer, result, remove } = await fitted(groupAffinity, data, { parameters });
  await remove();
  if (scorer.shape !== 'sparse') throw new Error('not sparse');
  return { scorer, result };
}

// Items 0 to 9 have groups of three, three, three and one; 10 has none; 2, 5 and 9 have no training rows,
// and only 5 is not in the catalogue.
const groups = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, -1];
const training = [[0, 1, 3, 0], [4, 0, 3], [6, 7, 8, 6], [0, 10, 4]]; // prettier-ignore
const data = preparedFrom([...training, [2, 5, 9]], { train: 4, groups, catalogue: [2, 9] });

describe('group affinity', () => {
  const settings: Partial<GroupAffinityParameters>[] = [
    {},
    { popularity: 0.8, lambda: 3, fade: 1 },
    { popularity: -0.5, repeat: 0.3, history: 2 },
    { repeat: 0 },
  ];
  for (const setting of settings) {
    test(`scores are those of the formula: ${JSON.stringify(setting)}`, async () => {
      const { scorer } = await fit(data, { ...setting, tune: false });
      const parameters = { ...defaultsOf(groupAffinityParameters), ...setting };
      const formula: Formula = (query, rule) => naiveScores(data, parameters, query, rule);
      expectFormula(scorer, [[0], [3, 0, 3], [10, 4, 10], [2, 9, 9, 6, 1]], formula, 10);
    });
  }

  test('new items of the catalogue are recommended, others only tell a group; a list without groups is unknown', async () => {
    const { scorer } = await fit(data, { tune: false });
    expect(scoresOf(scorer, [0], 'last-item').has(2)).toBe(true);
    expect(scoresOf(scorer, [9], 'last-item')).toEqual(new Map([[9, 1]]));
    expect([...scoresOf(scorer, [5], 'last-item').keys()].sort()).toEqual([3, 4]);
    expect([scorer.knows(5), scorer.recommends(5)]).toEqual([true, false]);
    expect([scorer.recommends(2), scorer.recommends(10), scorer.knows(10)]).toEqual([true, false, false]);
    expect(scorer.candidates(Int32Array.of(10), 'decayed-list')).toBeUndefined();
  });

  test('of a large group the items with the largest shares are kept, with the shares they have in all of it', async () => {
    const { scorer } = await fit(data, { tune: false, popularity: 1, groupItems: 2 });
    const { scorer: whole } = await fit(data, { tune: false, popularity: 1 });
    const kept = scoresOf(scorer, [0], 'last-item');
    const all = scoresOf(whole, [0], 'last-item');
    expect([...kept.keys()].sort()).toEqual([0, 1]);
    for (const [item, score] of kept) expect(score).toBeCloseTo(all.get(item) ?? NaN, 12);
    expect(scorer.recommends(2)).toBe(false);
  });

  test('among equals of a large group neither codes nor rows of held-out parts decide who is kept', async () => {
    const equal = preparedFrom(
      [
        [50, 51],
        [0, 1, 2],
      ],
      {
        train: 1,
        groups: Array.from({ length: 52 }, () => 0),
        catalogue: Array.from({ length: 52 }, (_, item) => item),
      },
    );
    const { scorer } = await fit(equal, { tune: false, groupItems: 20 });
    const kept = [...scoresOf(scorer, [50], 'last-item').keys()];
    expect(kept).toHaveLength(20);
    expect(Math.max(...kept)).toBeGreaterThan(30);
  });

  test('its parameters are found on validation: lists hold an item once, and new items come up', async () => {
    // Each list holds seven of the ten items of one group; the last items of a group come up in held-out lists only.
    const lists = Array.from({ length: 120 }, (_, s) => {
      const items = shuffled(s < 60 ? 7 : 10, s).subarray(0, 6);
      return [...items].map((item) => item + 10 * (s % 6));
    });
    const many = preparedFrom(lists, {
      train: 60,
      validation: 40,
      itemCount: 60,
      groups: Array.from({ length: 60 }, (_, item) => Math.floor(item / 10)),
      catalogue: Array.from({ length: 60 }, (_, item) => item),
    });
    const { result } = await fit(many, {});
    expect(result.parameters?.['repeat']).toBe(0);
    expect(result.parameters?.['popularity']).toBeLessThan(0);
    expect(result.metrics['tuning ndcg@10']).toBeGreaterThan(0);
  });
});
