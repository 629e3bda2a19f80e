import type { QueryRule } from '../../../protocol/report.ts';
import type { ExactIndex } from '../../neighbours/exact-index.ts';
import type { BestItems } from '../ranking/scorer.ts';
import type { QueryVectors } from './query-vectors.ts';

export interface VectorSearch {
  readonly index: ExactIndex;
  readonly maker: QueryVectors;
  /** Item code of each row of the index. */
  readonly items: Int32Array;
  /** Row of each item code, −1 where it has no vector. */
  readonly rowOf: Int32Array;
}

/**
 * The nearest items of each query; under `last-item` the query item itself is left out.
 * @param targets see `DenseScorer.best`
 */
export function bestItems(
  { index, maker, items, rowOf }: VectorSearch,
  queries: readonly Int32Array[],
  rule: QueryRule,
  depth: number,
  targets?: Int32Array,
): BestItems {
  const { dimensions } = index;
  const vectors = new Float32Array(queries.length * dimensions);
  const exclude: Int32Array[] = [];
  const floors: number[] = [];
  let known = 0;
  const rows = Int32Array.from(queries, (query, q) => {
    const vector = vectors.subarray(known * dimensions, (known + 1) * dimensions);
    if (!maker.fill(query, rule, vector)) return -1;
    exclude.push(rule === 'last-item' ? Int32Array.of(rowOf[query.at(-1) ?? -1] ?? -1) : new Int32Array(0));
    const target = rowOf[targets?.[q] ?? -1] ?? -1;
    floors.push(target < 0 ? -Infinity : index.scoreRow(vector, target));
    return known++;
  });
  const found = index.search(vectors.subarray(0, known * dimensions), depth, {
    exclude,
    floors: Float32Array.from(floors),
  });
  return {
    rowOf: rows,
    depth,
    items: found.rows.map((row) => items[row] ?? -1),
    scores: found.scores,
    forTargets: targets !== undefined,
  };
}
