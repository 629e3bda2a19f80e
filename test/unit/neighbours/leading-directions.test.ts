import { expect, test } from 'vitest';
import { energyAtBest, leadingDirections } from '../../../src/pipeline/neighbours/leading-directions.ts';
import { randomVectors } from './reference-search.ts';

const DIMENSIONS = 320;
const ROWS = 900;

/** Vectors with so many directions, none of which holds more than the others. */
function ofRank(rank: number): Float32Array {
  const directions = randomVectors(rank, DIMENSIONS, 1);
  const weights = randomVectors(ROWS, rank, 2);
  const vectors = new Float32Array(ROWS * DIMENSIONS);
  for (let row = 0; row < ROWS; row++)
    for (let r = 0; r < rank; r++)
      for (let d = 0; d < DIMENSIONS; d++) {
        const at = row * DIMENSIONS + d;
        vectors[at] =
          (vectors[at] ?? 0) + (weights[row * rank + r] ?? 0) * (directions[r * DIMENSIONS + d] ?? 0);
      }
  return vectors;
}

test('a glance at few vectors tells what a few directions can hold, and not too little', () => {
  expect(energyAtBest(ofRank(20), DIMENSIONS, 31)).toBeCloseTo(1, 6);
  for (const rank of [60, 300]) {
    const vectors = ofRank(rank);
    const { energy } = leadingDirections(vectors, DIMENSIONS, 31);
    const glance = energyAtBest(vectors, DIMENSIONS, 31);
    expect(glance).toBeGreaterThan((energy.at(-1) ?? 1) - 0.01);
    expect(glance).toBeLessThan(0.9);
  }
});

test('the energy within the directions is that of the projections on them', () => {
  const vectors = ofRank(60);
  const { directions, energy } = leadingDirections(vectors, DIMENSIONS, 3);
  let [all, within] = [0, 0];
  for (let at = 0; at < vectors.length; at += DIMENSIONS) {
    const row = vectors.subarray(at, at + DIMENSIONS);
    const along = (direction: ArrayLike<number>): number =>
      row.reduce((sum, x, d) => sum + x * (direction[d] ?? 0), 0);
    all += row.reduce((sum, x) => sum + x * x, 0);
    within += directions.reduce((sum, direction) => sum + along(direction) ** 2, 0);
  }
  expect(within / all).toBeCloseTo(energy.at(-1) ?? 0, 4);
});
