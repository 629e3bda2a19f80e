import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

/** Seeded random sequences in which the next item often follows from the last, and frequent items are frequent. */
export function randomSequences(count: number, items: number, seed: number, longest = 20): number[][] {
  const next = randomStream(seed);
  return Array.from({ length: count }, () => {
    const length = 3 + below(longest - 2, next());
    const sequence = [below(items, next())];
    while (sequence.length < length) {
      const last = sequence.at(-1) ?? 0;
      const follows = below(3, next()) > 0;
      const skewed = Math.min(below(items, next()), below(items, next()));
      sequence.push(follows ? (last + 1 + below(3, next())) % items : skewed);
    }
    return sequence;
  });
}
