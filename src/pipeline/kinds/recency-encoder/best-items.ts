import type { QueryRule } from '../../../protocol/report.ts';
import type { BestItems } from '../ranking/scorer.ts';
import { searchBest, type VectorSearch } from '../ranking/vector-search.ts';

export interface EncoderSearch extends VectorSearch {
  /** Rows of the query's own items with what is added to their scores; none where nothing is. */
  readonly ownRows: (query: Int32Array) => ReadonlyMap<number, number>;
}

/**
 * The best items of each query by the pruned search. A query's own items are left out of it and put in their places with
 * their bonus, so that lists have the items and the scores that scoring all rows gives.
 * @param targets see `DenseScorer.best`
 */
export function bestItems(
  search: EncoderSearch,
  queries: readonly Int32Array[],
  rule: QueryRule,
  depth: number,
  targets?: Int32Array,
): BestItems {
  return searchBest(search, { queries, rule, depth, targets }, (query) => {
    const bonuses = search.ownRows(query);
    // What `score` makes of a row's score: float32 again.
    const listed = (score: number, row: number): number => Math.fround(score + (bonuses.get(row) ?? 0));
    return { rows: Int32Array.from(bonuses.keys()), listed };
  });
}
