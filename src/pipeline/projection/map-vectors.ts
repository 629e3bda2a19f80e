import { UserError } from '../../protocol/user-error.ts';
import type { ItemVectors } from '../kinds/ranking/scorer.ts';
import type { OpenModel } from '../model/open-model.ts';

/** Vectors as maps are made of them. */
export interface MapVectors {
  /** Item code of each row, the most frequent in training first. */
  readonly items: Int32Array;
  readonly dimension: number;
  /**
   * Rows × dimension, each of length 1: a map compares directions, also of a model whose neighbours go by the product with
   * lengths that say how sure it is. Shared with the threads that work on it.
   */
  readonly values: Float32Array;
  /** Items left out, whose vector is all zeroes. */
  readonly withoutDirection: number;
}

/** @throws UserError where the model has no vectors, or one that is no number */
export function mapVectors({ name, kind, scorer, catalogue }: OpenModel): MapVectors {
  const { vectors } = scorer;
  if (vectors === undefined)
    throw new UserError(
      `Model '${name}' (${kind}) has no item vectors, so there is no map of it.`,
      'Map another model of the run with --model: prod2vec and recency-encoder have vectors.',
    );
  const lengths = rowLengths(vectors, name);
  const rows = Int32Array.from(vectors.items.keys())
    .filter((row) => (lengths[row] ?? 0) > 0)
    .sort((a, b) => byFrequency(catalogue.trainCounts, vectors.items[a] ?? 0, vectors.items[b] ?? 0));
  const { dimension } = vectors;
  const values = new Float32Array(new SharedArrayBuffer(rows.length * dimension * 4));
  rows.forEach((row, at) => {
    const length = lengths[row] ?? 1;
    for (let d = 0; d < dimension; d++)
      values[at * dimension + d] = (vectors.values[row * dimension + d] ?? 0) / length;
  });
  return {
    items: rows.map((row) => vectors.items[row] ?? 0),
    dimension,
    values,
    withoutDirection: vectors.items.length - rows.length,
  };
}

function byFrequency(counts: Uint32Array, a: number, b: number): number {
  return (counts[b] ?? 0) - (counts[a] ?? 0) || a - b;
}

function rowLengths({ values, dimension, items }: ItemVectors, model: string): Float64Array {
  return Float64Array.from(items, (_, row) => {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += (values[row * dimension + d] ?? 0) ** 2;
    if (!Number.isFinite(sum))
      throw new UserError(
        `Model '${model}' has a vector that holds a NaN or an infinity.`,
        'Train again with a smaller learning rate (alpha).',
      );
    return Math.sqrt(sum);
  });
}
