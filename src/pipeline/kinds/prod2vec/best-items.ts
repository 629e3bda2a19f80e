import type { QueryRule } from '../../../protocol/report.ts';
import type { BestItems } from '../ranking/scorer.ts';
import { searchBest, type VectorSearch } from '../ranking/vector-search.ts';

const NONE = { rows: new Int32Array(0) };

/**
 * The nearest items of each query; under `last-item` the query item itself is left out.
 * @param targets see `DenseScorer.best`
 */
export function bestItems(
  search: VectorSearch,
  queries: readonly Int32Array[],
  rule: QueryRule,
  depth: number,
  targets?: Int32Array,
): BestItems {
  return searchBest(search, { queries, rule, depth, targets }, (query) =>
    rule === 'last-item' ? { rows: Int32Array.of(search.rowOf[query.at(-1) ?? -1] ?? -1) } : NONE,
  );
}
