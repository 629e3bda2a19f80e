import { describe, expect, it } from 'vitest';
import { sampleCorrections } from '../../../src/pipeline/kinds/recency-encoder/sample-corrections.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

/** Fifty items, the first with a hundred times the rows of the last. */
const ZIPF = Array.from({ length: 50 }, (_, i) => Math.round(400 / (i + 1) ** 1.18));
/** One item holds half of all rows. */
const HALF = ZIPF.with(
  0,
  ZIPF.slice(1).reduce((a, b) => a + b, 0),
);

/** π of each item as the corrections have it. */
function probabilities(counts: readonly number[], negatives: number, drawnRows: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const vocabulary = { counts: Uint32Array.from(counts), total };
  return Array.from(sampleCorrections(vocabulary, negatives, drawnRows), (value) => Math.exp(-value));
}

/**
 * How often each item was a negative of the positions whose target is another one: negatives are drawn without regard to the
 * target, which is drawn by rows, and masked.
 */
function simulated(counts: readonly number[], negatives: number, drawnRows: number): number[] {
  const rows = counts.flatMap((count, item) => new Array<number>(count).fill(item));
  const next = randomStream(11);
  const row = (): number => rows[below(rows.length, next())] ?? NaN;
  const times = counts.map(() => ({ drawn: 0, other: 0 }));
  for (let batch = 0; batch < 200_000; batch++) {
    const drawn = new Set<number>();
    for (let draw = 0; draw < drawnRows; draw++) drawn.add(row());
    while (drawn.size < negatives) drawn.add(below(counts.length, next()));
    const target = row();
    times.forEach((item, code) => {
      if (code === target) return;
      item.other++;
      if (drawn.has(code)) item.drawn++;
    });
  }
  return times.map(({ drawn, other }) => drawn / other);
}

describe('corrections of sampled logits', () => {
  it.each([
    ['uniform', ZIPF, 12, 0],
    ['half by rows', ZIPF, 12, 6],
    ['half by rows', ZIPF, 25, 12],
    ['all by rows', ZIPF, 12, 12],
    ['all by rows', ZIPF, 25, 25],
    ['half by rows, of which one item holds half', HALF, 12, 6],
    ['all by rows, of which one item holds half', HALF, 25, 25],
    ['all items but one', ZIPF, 49, 24],
  ])('are those of π as draws have it: %s', (_what, counts, negatives, drawnRows) => {
    const drawn = simulated(counts, negatives, drawnRows);
    probabilities(counts, negatives, drawnRows).forEach((probability, item) => {
      expect(Math.abs(probability / (drawn[item] ?? NaN) - 1)).toBeLessThan(0.018);
    });
  });

  it('are probabilities of S draws in all, the higher the more rows an item has', () => {
    for (const counts of [ZIPF, HALF])
      for (const drawnRows of [0, 1, 6, 12]) {
        const all = probabilities(counts, 12, drawnRows);
        expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(12, 4);
        expect(all).toEqual([...all].sort((a, b) => b - a));
        expect(all.every((probability) => probability > 0 && probability <= 1)).toBe(true);
      }
  });

  it('are log(N/S) without draws by rows, whatever the counts', () => {
    for (const negatives of [1, 12, 49])
      for (const probability of probabilities(ZIPF, negatives, 0))
        expect(probability).toBeCloseTo(negatives / 50, 6);
  });

  it('are next to 0 with S = N − 1, where one item is left out, more likely a rare one', () => {
    for (const drawnRows of [0, 24, 49]) {
      const left = probabilities(ZIPF, 49, drawnRows).map((probability) => 1 - probability);
      expect(left.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
      for (const share of left) expect(share).toBeLessThan(1.5 / 50);
      if (drawnRows > 0) expect(left[0]).toBeLessThan(0.2 * (left.at(-1) ?? 0));
    }
  });

  it('are exact for the fewest items there can be', () => {
    const small = [
      { counts: [3, 1], negatives: 1, drawnRows: 0, exact: [1 / 2, 1 / 2] },
      { counts: [3, 1], negatives: 1, drawnRows: 1, exact: [3 / 4, 1 / 4] },
      // One draw by rows, and one of the two others: ½ + ½ · ½, and twice ¼ + ¾ · ½.
      { counts: [2, 1, 1], negatives: 2, drawnRows: 1, exact: [3 / 4, 5 / 8, 5 / 8] },
    ];
    for (const { counts, negatives, drawnRows, exact } of small)
      probabilities(counts, negatives, drawnRows).forEach((probability, item) => {
        expect(probability).toBeCloseTo(exact[item] ?? NaN, 6);
      });
  });

  it('stay finite where an item has all rows but one, and where it has one of a hundred million', () => {
    for (const counts of [
      [1e8, 1, 1],
      [1e8, 1, 1, 1],
    ])
      for (const probability of probabilities(counts, 2, 2)) {
        expect(probability).toBeGreaterThan(1e-9);
        expect(probability).toBeLessThanOrEqual(1);
      }
  });
});
