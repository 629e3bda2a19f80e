/** t-SNE (van der Maaten and Hinton 2008), exact: time and memory grow with the square of the number of items. */
import { TSNE } from '@keckelt/tsne';
import { randomStream } from '../seeded-random.ts';
import type { Projector, ProjectorInput } from './projector.ts';

const EPOCHS = 500;
const PERPLEXITY = 30;
const TWO_32 = 2 ** 32;
/** Standard deviation of where items start. */
const START = 1e-4;

export function tsne({ values, dimension, seed }: ProjectorInput): Projector {
  const rows = values.length / dimension;
  const made = new TSNE({ dim: 2, perplexity: Math.min(PERPLEXITY, (rows - 1) / 3), epsilon: 10 });
  made.initDataRaw(
    Array.from({ length: rows }, (_, row) => [...values.subarray(row * dimension, (row + 1) * dimension)]),
  );
  start(placesOf(made), seed);
  let epoch = 0;
  return {
    epochs: EPOCHS,
    get epoch() {
      return epoch;
    },
    run(until) {
      for (; epoch < Math.min(until, EPOCHS); epoch++) made.step();
    },
    positions: () => Float32Array.from(placesOf(made).flat()),
  };
}

function placesOf(made: { getSolution(): unknown }): number[][] {
  const solution = made.getSolution();
  if (!isPlaces(solution)) throw new Error('t-SNE gave no places');
  return solution;
}

function isPlaces(value: unknown): value is number[][] {
  return Array.isArray(value) && value.every(Array.isArray);
}

/** The library starts from unseeded random numbers: ours take their places. */
function start(solution: number[][], seed: number): void {
  const next = randomStream(seed);
  const uniform = (): number => (next() + 0.5) / TWO_32;
  for (const place of solution)
    for (const axis of place.keys())
      place[axis] = START * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
