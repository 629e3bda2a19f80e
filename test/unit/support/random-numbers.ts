import { randomStream } from '../../../src/pipeline/seeded-random.ts';

/** A seeded stream of numbers of mean 0 and spread 1: sums of twelve uniform ones. */
export function normalStream(seed: number): () => number {
  const next = randomStream(seed);
  return () => Array.from({ length: 12 }, () => next() / 2 ** 32).reduce((sum, one) => sum + one, -6);
}
