import { describe, expect, test } from 'vitest';
import type { Candidates, StaticRanking } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { Ranker } from '../../../src/pipeline/kinds/ranking/ranker.ts';
import { popularityRanking } from '../../../src/pipeline/kinds/ranking/static-ranking.ts';
import { ScoreBlock } from '../../../src/pipeline/kinds/ranking/score-block.ts';
import { below, randomStream, tieOrder } from '../../../src/pipeline/seeded-random.ts';

function candidatesOf(scores: ReadonlyMap<number, number>, itemCount: number): Candidates {
  const items = Int32Array.from(scores.keys());
  const slotOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, slot) => (slotOf[item] = slot));
  return { items, scores: Float64Array.from(scores.values()), count: items.length, slotOf };
}

const ranker = (itemCount: number): Ranker => new Ranker(itemCount, tieOrder(itemCount, 1));
const rankOf = (
  candidates: Candidates,
  query: number[],
  target: number,
  background?: StaticRanking,
): { kept: number; removed: number } => {
  const out = { kept: -1, removed: -1 };
  ranker(candidates.slotOf.length).rank(candidates, background, Int32Array.from(query), target, out);
  return out;
};

/** The definition, item by item: all scores in one list, candidates above the background. */
function naiveRank(
  scores: ReadonlyMap<number, number>,
  background: StaticRanking | undefined,
  query: number[],
  target: number,
  removed: boolean,
): number {
  const levels = new Map<number, [number, number]>();
  if (background !== undefined)
    for (const item of background.items) levels.set(item, [0, background.scores[item] ?? 0]);
  for (const [item, score] of scores) levels.set(item, [1, score]);
  if (removed) for (const item of query) levels.delete(item);
  const own = levels.get(target);
  if (own === undefined) return 0;
  let rank = 0;
  for (const [level, score] of levels.values())
    if (level > own[0] || (level === own[0] && score >= own[1])) rank++;
  return rank;
}

describe('ranks', () => {
  test('ties are pessimistic: a target is put behind all its equals', () => {
    const scores = new Map([
      [0, 3],
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 1],
    ]);
    expect(rankOf(candidatesOf(scores, 6), [], 0).kept).toBe(1);
    for (const tied of [1, 2, 3]) expect(rankOf(candidatesOf(scores, 6), [], tied).kept).toBe(4);
    expect(rankOf(candidatesOf(scores, 6), [], 4).kept).toBe(5);
  });

  test('a model that scores everything equal finds nothing', () => {
    const scores = new Map(Array.from({ length: 300 }, (_, item) => [item, 1]));
    expect(rankOf(candidatesOf(scores, 300), [], 7)).toEqual({ kept: 300, removed: 300 });
  });

  test('seen items: kept they take places, removed they do not, and a removed target is a miss', () => {
    const scores = new Map([
      [0, 5],
      [1, 4],
      [2, 3],
      [3, 2],
    ]);
    expect(rankOf(candidatesOf(scores, 4), [0, 1, 1], 2)).toEqual({ kept: 3, removed: 1 });
    expect(rankOf(candidatesOf(scores, 4), [0, 1], 1)).toEqual({ kept: 2, removed: 0 });
  });

  test('what the model cannot recommend is a miss', () => {
    expect(rankOf(candidatesOf(new Map([[0, 1]]), 3), [], 2)).toEqual({ kept: 0, removed: 0 });
    expect(
      rankOf(
        candidatesOf(
          new Map([
            [0, 1],
            [1, -Infinity],
          ]),
          3,
        ),
        [],
        1,
      ),
    ).toEqual({ kept: 0, removed: 0 });
  });

  test('agrees with the definition on random scores, queries and backgrounds, and leaves the scores as they were', () => {
    const next = randomStream(7);
    const itemCount = 60;
    const background = popularityRanking(
      Uint32Array.from({ length: itemCount }, () => below(6, next())),
      tieOrder(itemCount, 3),
    );
    for (let round = 0; round < 400; round++) {
      const scores = new Map<number, number>();
      for (let i = below(40, next()); i > 0; i--) scores.set(below(itemCount, next()), below(8, next()));
      const query = Array.from({ length: below(12, next()) }, () => below(itemCount, next()));
      const target = below(itemCount, next());
      for (const behind of [undefined, background]) {
        const candidates = candidatesOf(scores, itemCount);
        expect(rankOf(candidates, query, target, behind)).toEqual({
          kept: naiveRank(scores, behind, query, target, false),
          removed: naiveRank(scores, behind, query, target, true),
        });
        expect(Array.from(candidates.scores)).toEqual([...scores.values()]);
      }
    }
  });
});

describe('top lists', () => {
  test('are the best by score, agree with a full sort, and leave out seen items when asked', () => {
    const next = randomStream(11);
    const itemCount = 5000;
    for (const k of [1, 10, 100]) {
      const scores = new Map(
        Array.from({ length: itemCount }, (_, item) => [item, below(100_000, next()) / 7]),
      );
      const query = Array.from({ length: 50 }, () => below(itemCount, next()));
      for (const seen of ['kept', 'removed'] as const) {
        const list = ranker(itemCount).top(
          candidatesOf(scores, itemCount),
          undefined,
          Int32Array.from(query),
          seen,
          k,
        );
        const allowed = [...scores].filter(([item]) => seen === 'kept' || !query.includes(item));
        const expected = allowed
          .map(([, score]) => score)
          .sort((a, b) => b - a)
          .slice(0, k);
        expect(Array.from(list.scores)).toEqual(expected);
        list.items.forEach((item, i) => expect(scores.get(item)).toBe(list.scores[i]));
      }
    }
  });

  test('equal scores come in the random order, not in the order of the codes', () => {
    const itemCount = 2000;
    const scores = new Map(Array.from({ length: itemCount }, (_, item) => [item, 1]));
    const ties = tieOrder(itemCount, 1);
    const list = ranker(itemCount).top(
      candidatesOf(scores, itemCount),
      undefined,
      new Int32Array(0),
      'kept',
      100,
    );
    const expected = Array.from({ length: itemCount }, (_, item) => item).sort(
      (a, b) => (ties[a] ?? 0) - (ties[b] ?? 0),
    );
    expect(Array.from(list.items)).toEqual(expected.slice(0, 100));
    expect(Array.from(list.items).some((item) => item > 1000)).toBe(true);
  });

  test('the background fills what the candidates leave open', () => {
    const background = popularityRanking(Uint32Array.of(5, 9, 7, 0, 8), tieOrder(5, 1));
    const candidates = candidatesOf(new Map([[0, 0.5]]), 5);
    const top = (seen: 'kept' | 'removed'): number[] =>
      Array.from(ranker(5).top(candidates, background, Int32Array.of(1), seen, 10).items);
    expect(top('kept')).toEqual([0, 1, 4, 2]);
    expect(top('removed')).toEqual([0, 4, 2]);
  });
});

describe('the kernel that scans dense rows', () => {
  test('ranks and lists are those of the plain loops, whatever the width', () => {
    const next = randomStream(5);
    for (const width of [1, 3, 8, 31, 1000, 4099]) {
      const block = new ScoreBlock(3, width);
      block.scores.forEach(
        (_, i) => (block.scores[i] = below(50, next()) === 0 ? -Infinity : below(400, next()) / 3 - 60),
      );
      const items = Int32Array.from({ length: width }, (_, i) => i);
      for (let row = 0; row < 3; row++) {
        const plain: Candidates = { items, scores: block.row(row).slice(), count: width, slotOf: items };
        const fast: Candidates = { ...plain, scores: block.row(row), scan: block.scan(row) };
        const query = Int32Array.from({ length: 9 }, () => below(width, next()));
        const target = below(width, next());
        expect(rankOf(fast, [...query], target)).toEqual(rankOf(plain, [...query], target));
        for (const k of [1, 10, 100]) {
          const [a, b] = [fast, plain].map((candidates) =>
            ranker(width).top(candidates, undefined, query, 'removed', k),
          );
          expect(a).toEqual(b);
        }
      }
    }
  });
});
