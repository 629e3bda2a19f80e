import { describe, expect, test } from 'vitest';
import { DrawnRanks, LANES, type RankedHits } from '../../../src/pipeline/metrics/drawn-ranks.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const SEQUENCES = 37;
const RANKS = 20;

function randomHits(count: number, seed: number): RankedHits {
  const next = randomStream(seed);
  const bounds = Array.from({ length: RANKS + 1 }, () => below(count + 1, next()));
  const starts = Uint32Array.from([0, ...bounds]).sort();
  return { hits: Uint32Array.from({ length: count }, () => below(SEQUENCES, next())), starts };
}

function drawSome(weights: Uint16Array, seed: number): void {
  const next = randomStream(seed);
  for (let i = 0; i < weights.length; i++) weights[i] = below(2 ** 16, next());
}

describe('draws of eight resamples', () => {
  const tables = [randomHits(500, 1), randomHits(0, 2), randomHits(3, 3)];
  const drawn = new DrawnRanks(tables, SEQUENCES, RANKS);
  drawSome(drawn.weights, 4);
  const weightOf = (sequence: number, lane: number): number => drawn.weights[sequence * LANES + lane] ?? NaN;

  test('of each rank are the sums of the weights of its hits', () => {
    tables.forEach(({ hits, starts }, t) => {
      const counted = drawn.of(t);
      for (let rank = 1; rank <= RANKS; rank++) {
        for (let lane = 0; lane < LANES; lane++) {
          const own = hits.subarray(starts[rank], starts[rank + 1]);
          const sum = own.reduce((before, sequence) => before + weightOf(sequence, lane), 0);
          expect(counted[rank * LANES + lane]).toBe(sum);
        }
      }
    });
  });

  test('of all queries are the sums of the weights by the queries of each sequence', () => {
    const perSequence = Uint32Array.from({ length: SEQUENCES }, (_, s) => (s * 7) % 11);
    const expected = Array.from({ length: LANES }, (_, lane) =>
      perSequence.reduce((before, queries, s) => before + queries * weightOf(s, lane), 0),
    );
    expect([...drawn.ofAll(perSequence)]).toEqual(expected);
  });

  test('are refused for a table there is none of', () => {
    expect(() => drawn.of(3)).toThrow('no table 3');
  });
});
