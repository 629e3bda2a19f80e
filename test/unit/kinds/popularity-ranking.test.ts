import { expect, test } from 'vitest';
import { popularityRanking } from '../../../src/pipeline/kinds/ranking/static-ranking.ts';
import { below, randomStream, tieOrder } from '../../../src/pipeline/seeded-random.ts';

test('items stand by descending count, equal counts in random order, and those without a row not at all', () => {
  const next = randomStream(5);
  const pick = [0, 1, 2, 3, 65_535, 65_536, 65_537, 200_000, 2 ** 32 - 1];
  const counts = Uint32Array.from({ length: 2000 }, () => pick[below(pick.length, next())] ?? 0);
  const ties = tieOrder(counts.length, 7);
  const { items, scores } = popularityRanking(counts, ties);
  const expected = [...counts.keys()]
    .filter((item) => (counts[item] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (ties[a] ?? 0) - (ties[b] ?? 0));
  expect([...items]).toEqual(expected);
  counts.forEach((count, item) => expect(scores[item]).toBe(count === 0 ? -Infinity : count));
});
