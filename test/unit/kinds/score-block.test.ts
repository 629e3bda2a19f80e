import { describe, expect, test } from 'vitest';
import { ScoreBlock } from '../../../src/pipeline/kinds/ranking/score-block.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

describe('rows in the memory of the kernel', () => {
  const next = randomStream(4);
  const random = (): number => (below(2_000_001, next()) - 1_000_000) / 30_011;

  test.each([1, 3, 4, 37, 130])('a weighted sum has the bits of JavaScript (%i columns)', (width) => {
    for (const weight of [1, 0.35, -1, 1 / 3, 0]) {
      const block = new ScoreBlock(3, width);
      for (let at = 0; at < block.scores.length; at++) block.scores[at] = random();
      const before = block.scores.slice();
      block.addScaled(2, 1, weight);
      const expected = before.map((value, at) =>
        at < 2 * width ? value : value + weight * (before[at - width] ?? 0),
      );
      expect([...block.scores]).toEqual([...expected]);
    }
  });

  test.each([1, 4, 7, 64])('finds the least score above −Infinity (%i columns)', (width) => {
    const block = new ScoreBlock(2, width);
    block.row(1).fill(-Infinity);
    expect(block.leastFinite(1)).toBe(Infinity);
    for (let at = 0; at < width; at++) {
      const row = block.row(1);
      row.fill(3).set([-Infinity], (at + 1) % width);
      row[at] = -7.5;
      expect(block.leastFinite(1)).toBe(-7.5);
    }
  });

  test('a scan of a part counts slots from its start', () => {
    const block = new ScoreBlock(2, 40);
    block.row(1).forEach((_, at, row) => (row[at] = at % 10));
    const part = block.scan(1).part(13, 20);
    expect(part.countNotBelow(8)).toBe(4);
    expect([...part.gather(8, 0, 40).slots]).toEqual([5, 6, 15, 16]);
  });
});
