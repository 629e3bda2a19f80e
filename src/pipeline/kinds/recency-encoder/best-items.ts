import type { QueryRule } from '../../../protocol/report.ts';
import type { ExactIndex } from '../../neighbours/exact-index.ts';
import type { BestItems } from '../ranking/scorer.ts';

export interface EncoderSearchIndex {
  readonly index: ExactIndex;
  /** Item code of each row of the index. */
  readonly items: Int32Array;
  /** Row of each item code, −1 where it has none. */
  readonly rowOf: Int32Array;
  /** Fills a vector of the index's dimensions; false where no item of the query is known. */
  readonly fill: (query: Int32Array, rule: QueryRule, out: Float32Array) => boolean;
  /** Rows of the query's own items with what is added to their scores; none where nothing is. */
  readonly ownRows: (query: Int32Array) => ReadonlyMap<number, number>;
}

/**
 * The best items of each query by the pruned search. A query's own items are left out of it and put in their places with
 * their bonus, so that lists have the items and the scores that scoring all rows gives.
 * @param targets see `DenseScorer.best`
 */
export function bestItems(
  { index, items, rowOf, fill, ownRows }: EncoderSearchIndex,
  queries: readonly Int32Array[],
  rule: QueryRule,
  depth: number,
  targets?: Int32Array,
): BestItems {
  const { dimensions } = index;
  const vectors = new Float32Array(queries.length * dimensions);
  const own: ReadonlyMap<number, number>[] = [];
  const floors: number[] = [];
  const places = Int32Array.from(queries, (query, q) => {
    const at = own.length;
    const vector = vectors.subarray(at * dimensions, (at + 1) * dimensions);
    if (!fill(query, rule, vector)) return -1;
    const rows = ownRows(query);
    const target = rowOf[targets?.[q] ?? -1] ?? -1;
    floors.push(target < 0 ? -Infinity : withBonus(index.scoreRow(vector, target), rows, target));
    return own.push(rows) - 1;
  });
  const exclude = own.map((rows) => Int32Array.from(rows.keys()));
  const known = vectors.subarray(0, own.length * dimensions);
  const found = index.search(known, depth, { exclude, floors: Float32Array.from(floors) });
  own.forEach((rows, q) => {
    if (rows.size === 0) return;
    const query = known.subarray(q * dimensions, (q + 1) * dimensions);
    const excluded = exclude[q] ?? new Int32Array(0);
    index.scoreRows(query, excluded).forEach((score, i) => {
      const row = excluded[i] ?? -1;
      insert(found.rows, found.scores, q * depth, depth, row, withBonus(score, rows, row));
    });
  });
  return {
    rowOf: places,
    depth,
    items: found.rows.map((row) => (row < 0 ? -1 : (items[row] ?? -1))),
    scores: found.scores,
    forTargets: targets !== undefined,
  };
}

/** What `score` makes of a row's score: float32 again. */
function withBonus(score: number, bonuses: ReadonlyMap<number, number>, row: number): number {
  return Math.fround(score + (bonuses.get(row) ?? 0));
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
