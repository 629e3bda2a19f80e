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

/** Seeded sequences of 12 in which few items are frequent and many are rare (Zipf), and what follows is chance. */
export function skewedSequences(count: number, items: number, seed: number): number[][] {
  const next = randomStream(seed);
  const draw = (): number => Math.floor((items + 1) ** ((next() >>> 0) / 2 ** 32)) - 1;
  const once = Array.from({ length: items }, (_, item) => item);
  return [once, ...Array.from({ length: count }, () => Array.from({ length: 12 }, draw))];
}
