import { describe, expect, test } from 'vitest';
import { popularityRanking } from '../../../src/pipeline/kinds/ranking/static-ranking.ts';
import { Ranker } from '../../../src/pipeline/kinds/ranking/ranker.ts';
import { differentItems, seenItems } from '../../../src/pipeline/kinds/ranking/seen-items.ts';
import { CandidateSet } from '../../../src/pipeline/kinds/ranking/candidate-set.ts';
import { below, randomStream, tieOrder } from '../../../src/pipeline/seeded-random.ts';

const next = randomStream(3);
const ITEMS = 500;
/** New items come up until its end. */
const session = Int32Array.from({ length: 40_000 }, (_, at) =>
  below(Math.max(1, Math.floor((at / 40_000) * ITEMS)), next()),
);
const sorted = (items: Iterable<number>): number[] => [...items].sort((a, b) => a - b);

describe('the items of a long query', () => {
  test('are each given once, whatever the order in which the queries of a sequence come', () => {
    for (const length of [39_999, 10_001, 25_000, 40_000, 12_345, 10_001]) {
      const query = session.subarray(0, length);
      const expected = sorted(new Set(query));
      expect(sorted(seenItems(query))).toEqual(expected);
      expect(sorted(differentItems(query))).toEqual(expected);
    }
  });

  test('are those of its own sequence, and more sequences than are remembered can be asked in turn', () => {
    const flat = new Int32Array(40 * 11_000).map((_, at) => Math.floor(at / 11_000));
    for (let round = 0; round < 2; round++)
      for (let s = 0; s < 40; s++)
        expect([...seenItems(flat.subarray(s * 11_000, s * 11_000 + 10_500))]).toEqual([s]);
  });

  test('of a short one are the query as it is', () => {
    const query = Int32Array.of(3, 1, 3);
    expect(seenItems(query)).toBe(query);
    expect([...differentItems(query)]).toEqual([3, 1]);
  });

  test('ranks and lists are those of the query with each item once', () => {
    const ties = tieOrder(ITEMS, 1);
    const ranker = new Ranker(ITEMS, ties);
    const counts = Uint32Array.from({ length: ITEMS }, (_, item) => (item % 7) + 1);
    const background = popularityRanking(counts, ties);
    const set = new CandidateSet(ITEMS);
    for (let item = 0; item < ITEMS; item += 2) set.push(item, below(20, next()));
    const query = session.subarray(0, 15_000);
    const once = Int32Array.from(new Set(query));
    expect(once.length).toBeLessThan(ITEMS);
    for (let target = 0; target < ITEMS; target += 3) {
      const [long, short] = [query, once].map((items) => {
        const rank = { kept: -1, removed: -1 };
        ranker.rank(set, background, items, target, rank);
        return rank;
      });
      expect(long).toEqual(short);
    }
    const lists = [query, once].map((items) => ranker.top(set, background, items, 'removed', 300));
    expect(lists[0]).toEqual(lists[1]);
  });
});
