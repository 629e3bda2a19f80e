/** A slow, plain search to compare with, and data to search. */
import { keyedRandom } from './keyed-random.ts';

/**
 * Scores as the kernel defines them: float32 roundings, lane l sums dimensions l, l + 4, …, then (l0 + l2) + (l1 + l3).
 */
export function float32Score(a: Float32Array, b: Float32Array): number {
  const lanes = [0, 0, 0, 0];
  for (const [i, x] of a.entries()) {
    lanes[i % 4] = Math.fround((lanes[i % 4] ?? 0) + Math.fround(x * (b[i] ?? NaN)));
  }
  const [l0 = 0, l1 = 0, l2 = 0, l3 = 0] = lanes;
  return Math.fround(Math.fround(l0 + l2) + Math.fround(l1 + l3));
}

export function float64Score(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);
}

export const rowsOf = (vectors: Float32Array, dimensions: number): Float32Array[] =>
  Array.from({ length: vectors.length / dimensions }, (_, r) =>
    vectors.subarray(r * dimensions, (r + 1) * dimensions),
  );

/** The k best by float32 score, ties by lower row, as { rows, scores } padded with −1 and −Infinity. */
export function referenceSearch(
  vectors: Float32Array,
  queries: Float32Array,
  dimensions: number,
  k: number,
  exclude: readonly Int32Array[] = [],
): { rows: number[]; scores: number[] } {
  const rows: number[] = [];
  const scores: number[] = [];
  const items = rowsOf(vectors, dimensions);
  rowsOf(queries, dimensions).forEach((query, q) => {
    const ranked = items
      .map((item, row) => ({ row, score: float32Score(query, item) }))
      .filter(({ row }) => !exclude[q]?.includes(row))
      .sort((a, b) => b.score - a.score || a.row - b.row);
    for (let i = 0; i < k; i++) {
      rows.push(ranked[i]?.row ?? -1);
      scores.push(ranked[i]?.score ?? -Infinity);
    }
  });
  return { rows, scores };
}

/** Independent normal-ish coordinates. */
export function randomVectors(count: number, dimensions: number, seed: number): Float32Array {
  const random = keyedRandom(seed);
  return Float32Array.from({ length: count * dimensions }, () => random() + random() + random() - 1.5);
}

/** Tight clusters far from the origin, as undertrained embeddings have them. */
export function clusteredVectors(
  count: number,
  dimensions: number,
  clusters: number,
  seed: number,
): Float32Array {
  const centres = randomVectors(clusters, dimensions, seed);
  const noise = randomVectors(count, dimensions, seed + 1);
  return noise.map((x, i) => {
    const cluster = Math.floor(i / dimensions) % clusters;
    return 0.7 + (centres[cluster * dimensions + (i % dimensions)] ?? 0) + x * 0.05;
  });
}
