/**
 * About how much one query asks of a graph: the numbers that it reads or computes. What an answer takes grows with them,
 * whatever machine it is. Estimates: a graph has no place that counts.
 */

/** Of each score that is a product of vectors: priors and what is hidden. */
const OF_SCORE = 4;
/** Of each column that evidence is added up for: sums, counts, and which are candidates. */
const OF_COLUMN = 8;
/** Of each piece of evidence: where it lies, whose it is, what it is worth. */
const OF_PIECE = 12;

/** Products with the vectors of all columns. */
export function productsWork(columns: number, dimension: number): number {
  return columns * (dimension + OF_SCORE);
}

/** Pieces of evidence, added up by columns. */
export function evidenceWork(columns: number, pieces: number): number {
  return OF_COLUMN * columns + OF_PIECE * pieces;
}

/** Mean of what is told of items, those counting most that are most often asked: as often as they stand in training rows. */
export function usually(trainCounts: Uint32Array, ofItem: (code: number) => number): number {
  let [sum, rows] = [0, 0];
  trainCounts.forEach((count, code) => {
    if (count === 0) return;
    sum += count * ofItem(code);
    rows += count;
  });
  return rows === 0 ? 0 : sum / rows;
}

/** Mean length of the rows of a matrix by items. */
export function usualRow(
  trainCounts: Uint32Array,
  { offsets }: { readonly offsets: ArrayLike<number> },
): number {
  return usually(trainCounts, (code) => (offsets[code + 1] ?? 0) - (offsets[code] ?? 0));
}
