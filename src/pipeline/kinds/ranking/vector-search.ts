/** The best items of queries that are vectors, by the pruned search of the items' vectors. */
import type { QueryRule } from '../../../protocol/report.ts';
import type { ExactIndex } from '../../neighbours/exact-index.ts';
import type { BestItems } from './scorer.ts';

export interface VectorSearch {
  readonly index: ExactIndex;
  /** Item code of each row of the index. */
  readonly items: Int32Array;
  /** Row of each item code, −1 where it has none. */
  readonly rowOf: Int32Array;
  /** Fills a vector of the index's dimensions; false where no item of the query is known. */
  readonly fill: (query: Int32Array, rule: QueryRule, out: Float32Array) => boolean;
}

/** What a query leaves out of the search. */
export interface LeftOut {
  /** Rows; −1 is none. */
  readonly rows: Int32Array;
  /** Makes of a row's score that which it has in lists. Absent: the rows do not come into lists. */
  readonly listed?: (score: number, row: number) => number;
}

export interface AskedItems {
  readonly queries: readonly Int32Array[];
  readonly rule: QueryRule;
  readonly depth: number;
  /** See `DenseScorer.best`. */
  readonly targets?: Int32Array | undefined;
}

/** Rows that are left out but listed are put in their places, so that lists are those that scoring all rows gives. */
export function searchBest(
  { index, items, rowOf, fill }: VectorSearch,
  { queries, rule, depth, targets }: AskedItems,
  leftOutOf: (query: Int32Array) => LeftOut,
): BestItems {
  const { dimensions } = index;
  const vectors = new Float32Array(queries.length * dimensions);
  const vectorAt = (at: number): Float32Array => vectors.subarray(at * dimensions, (at + 1) * dimensions);
  const leftOut: LeftOut[] = [];
  const floors: number[] = [];
  const places = Int32Array.from(queries, (query, q) => {
    const vector = vectorAt(leftOut.length);
    if (!fill(query, rule, vector)) return -1;
    const own = leftOutOf(query);
    const target = rowOf[targets?.[q] ?? -1] ?? -1;
    floors.push(target < 0 ? -Infinity : listedScore(own, index.scoreRow(vector, target), target));
    return leftOut.push(own) - 1;
  });
  const found = index.search(vectors.subarray(0, leftOut.length * dimensions), depth, {
    exclude: leftOut.map(({ rows }) => rows),
    floors: Float32Array.from(floors),
  });
  leftOut.forEach(({ rows, listed }, q) => {
    if (listed === undefined || rows.length === 0) return;
    index.scoreRows(vectorAt(q), rows).forEach((score, i) => {
      const row = rows[i] ?? -1;
      insert(found.rows, found.scores, q * depth, depth, row, listed(score, row));
    });
  });
  return {
    rowOf: places,
    depth,
    items: itemsOf(found.rows, items),
    scores: found.scores,
    forTargets: targets !== undefined,
  };
}

function itemsOf(rows: Int32Array, items: Int32Array): Int32Array {
  const found = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) found[i] = items[rows[i] ?? -1] ?? -1;
  return found;
}

function listedScore({ listed }: LeftOut, score: number, row: number): number {
  return listed === undefined ? score : listed(score, row);
}

/** Puts a row in its place in a list by descending score, whose last entry falls off. */
function insert(
  rows: Int32Array,
  scores: Float32Array,
  first: number,
  depth: number,
  row: number,
  score: number,
): void {
  const last = first + depth - 1;
  if (!(score > (scores[last] ?? 0))) return;
  let at = last;
  for (; at > first && score > (scores[at - 1] ?? 0); at--) {
    rows[at] = rows[at - 1] ?? -1;
    scores[at] = scores[at - 1] ?? -Infinity;
  }
  rows[at] = row;
  scores[at] = score;
}
