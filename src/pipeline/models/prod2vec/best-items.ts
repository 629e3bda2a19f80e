import type { QueryRule } from '../../../protocol/report.ts';
import type { NeighbourIndex } from '../../neighbours/neighbour-index.ts';
import type { BestItems } from '../model-kind.ts';
import type { QueryVectors } from './query-vectors.ts';

export interface VectorSearch {
  readonly index: NeighbourIndex;
  readonly maker: QueryVectors;
  /** Item code of each row of the index. */
  readonly items: Int32Array;
  /** Row of each item code, −1 where it has no vector. */
  readonly rowOf: Int32Array;
}

/** The nearest items of each query; under `last-item` the query item itself is left out. */
export function bestItems(
  { index, maker, items, rowOf }: VectorSearch,
  queries: readonly Int32Array[],
  rule: QueryRule,
  depth: number,
): BestItems {
  const { dimensions } = index;
  const vectors = new Float32Array(queries.length * dimensions);
  const exclude: Int32Array[] = [];
  let known = 0;
  const rows = Int32Array.from(queries, (query) => {
    const vector = vectors.subarray(known * dimensions, (known + 1) * dimensions);
    if (!maker.fill(query, rule, vector)) return -1;
    exclude.push(rule === 'last-item' ? Int32Array.of(rowOf[query.at(-1) ?? -1] ?? -1) : new Int32Array(0));
    return known++;
  });
  const found = index.search(vectors.subarray(0, known * dimensions), depth, { exclude });
  return { rowOf: rows, depth, items: found.rows.map((row) => items[row] ?? -1), scores: found.scores };
}
