import type { QueryRule } from '../../../protocol/report.ts';
import { ExactIndex } from '../../neighbours/exact-index.ts';
import type { DenseScorer, ItemVectors } from '../ranking/scorer.ts';
import { seenItems } from '../ranking/seen-items.ts';
import { bestItems, type EncoderSearch } from './best-items.ts';
import { QueryEncoder } from './encode-query.ts';
import type { EncoderModel } from './encoder-model.ts';
import { remembering } from './remembering.ts';
import type { EncoderWeightValues } from './weight-parts.ts';

/** What is added to the scores of a query's own items, by their newest place in it. */
export interface RepeatBonus {
  readonly newest: number;
  readonly second: number;
  readonly older: number;
}

export const NO_REPEATS: RepeatBonus = { newest: 0, second: 0, older: 0 };

/** The bonuses among the weights. */
export function repeatsOf({
  repeatNewest,
  repeatSecond,
  repeatOlder,
}: Pick<EncoderWeightValues, 'repeatNewest' | 'repeatSecond' | 'repeatOlder'>): RepeatBonus {
  return { newest: repeatNewest, second: repeatSecond, older: repeatOlder };
}

export interface EncoderScoring {
  readonly temperature: number;
  /** Added to each row's score. */
  readonly bias: Float32Array;
  readonly repeats: RepeatBonus;
}

/** Older places have one bonus, so that it does not matter how much older they are. */
const OLDER = 2;

const RULES: readonly QueryRule[] = ['decayed-list', 'last-item', 'whole-list'];

/**
 * The items of a query that have a row, the newest first, each with the number of known items that are newer than its
 * newest place, 2 at most.
 */
export function newestPlaces(query: Int32Array, rowOf: Int32Array): Map<number, number> {
  const places = new Map<number, number>();
  let lag = 0;
  for (let at = query.length - 1; at >= 0 && lag < OLDER; at--) {
    const row = rowOf[query[at] ?? -1] ?? -1;
    if (row < 0) continue;
    if (!places.has(row)) places.set(row, lag);
    lag++;
  }
  const items = seenItems(query);
  for (let at = items.length - 1; at >= 0; at--) {
    const row = rowOf[items[at] ?? -1] ?? -1;
    if (row >= 0 && !places.has(row)) places.set(row, OLDER);
  }
  return places;
}

function rowsByItem(items: Int32Array, itemCount: number): Int32Array {
  const rowOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, row) => (rowOf[item] = row));
  return rowOf;
}

/** Rows with their bias as one more dimension. */
function withBias(outputs: Float32Array, dimensions: number, bias: Float32Array): Float32Array {
  const rows = outputs.length / dimensions;
  const wide = dimensions + 1;
  const extended = new Float32Array(rows * wide);
  for (let row = 0; row < rows; row++) {
    extended.set(outputs.subarray(row * dimensions, (row + 1) * dimensions), row * wide);
    extended[row * wide + dimensions] = bias[row] ?? 0;
  }
  return extended;
}

/** Rows of items; of those that have none the first, which has to be looked over then. */
function rowsToScore(items: Int32Array, rowOf: Int32Array): Int32Array {
  const rows = new Int32Array(items.length);
  for (let i = 0; i < rows.length; i++) rows[i] = Math.max(0, rowOf[items[i] ?? -1] ?? -1);
  return rows;
}

/** Products of output vectors: the index has them, with one dimension more. */
function productsOf(
  index: ExactIndex,
  outputs: Float32Array,
  rowOf: Int32Array,
): NonNullable<ItemVectors['products']> {
  const wide = index.dimensions;
  const dimensions = wide - 1;
  return (from, items) => {
    const vectors = new Float32Array(from.length * wide);
    for (let at = 0; at < from.length; at++) {
      const row = rowOf[from[at] ?? -1] ?? -1;
      if (row >= 0) vectors.set(outputs.subarray(row * dimensions, (row + 1) * dimensions), at * wide);
    }
    const products = index.scoreRows(vectors, rowsToScore(items, rowOf));
    for (let i = 0; i < items.length; i++)
      if ((rowOf[items[i] ?? -1] ?? -1) < 0)
        for (let at = i; at < products.length; at += items.length) products[at] = 0;
    return products;
  };
}

/** Scores of few items. */
function scoringSome({
  index,
  rowOf,
  fill,
  ownRows,
}: Omit<EncoderSearch, 'items'>): NonNullable<DenseScorer['scoreItems']> {
  const vector = new Float32Array(index.dimensions);
  return (query, rule, wanted, out) => {
    if (!fill(query, rule, vector)) return false;
    if (wanted.length === 0) return true;
    const own = ownRows(query);
    const scores = index.scoreRows(vector, rowsToScore(wanted, rowOf));
    for (let i = 0; i < wanted.length; i++) {
      const row = rowOf[wanted[i] ?? -1] ?? -1;
      out[i] = row < 0 ? -Infinity : (scores[i] ?? 0) + (own.get(row) ?? 0);
    }
    return true;
  };
}

/** Score of item j: h · oⱼ/τ + biasⱼ + the bonus where the query holds j. The bias is one more dimension of the product. */
export function encoderScorer(
  model: EncoderModel,
  { temperature, bias, repeats }: EncoderScoring,
  itemCount: number,
  deterministic: boolean,
): DenseScorer {
  const { dimensions, recommended: rows } = model;
  const items = model.items.subarray(0, rows);
  const wide = dimensions + 1;
  const rowOf = rowsByItem(model.items, itemCount);
  const columnOf = rows === model.items.length ? rowOf : rowsByItem(items, itemCount);
  const outputs = model.outputs.subarray(0, rows * dimensions);
  const index = new ExactIndex(withBias(outputs, dimensions, bias), wide, { deterministic });
  const encoder = new QueryEncoder(model.vectors, model.lagWeights, dimensions, rowOf, model.heads);
  const bonusOf = (lag: number): number =>
    lag === 0 ? repeats.newest : lag === 1 ? repeats.second : repeats.older;
  const hasBonus = repeats.newest !== 0 || repeats.second !== 0 || repeats.older !== 0;
  const knows = (item: number): boolean => (rowOf[item] ?? -1) >= 0;
  const fill = remembering(wide, (query, rule, vector) => {
    const known = encoder.fill(query, rule, vector);
    for (let d = 0; d < dimensions; d++) vector[d] = (vector[d] ?? 0) / temperature;
    vector[dimensions] = 1;
    return known;
  });
  const ownRows = (query: Int32Array): ReadonlyMap<number, number> => {
    const bonuses = new Map<number, number>();
    if (hasBonus) for (const [row, lag] of newestPlaces(query, columnOf)) bonuses.set(row, bonusOf(lag));
    return bonuses;
  };
  return {
    shape: 'dense',
    items,
    vocabulary: rows,
    knows,
    recommends: (item) => (columnOf[item] ?? -1) >= 0,
    queryRules: RULES,
    // o tells similar items better than E or the score of a one-item query (docs/models.md).
    vectors: {
      ...{ dimension: dimensions, items, values: outputs, similarity: 'product' },
      products: productsOf(index, outputs, columnOf),
    },
    score(queries, rule, out) {
      const block = new Float32Array(queries.length * wide);
      const answered = Uint8Array.from(queries, (query, q) =>
        fill(query, rule, block.subarray(q * wide, (q + 1) * wide)) ? 1 : 0,
      );
      index.scoreBlock(block, out);
      queries.forEach((query, q) => {
        for (const [row, bonus] of ownRows(query)) {
          const at = q * rows + row;
          out[at] = (out[at] ?? 0) + bonus;
        }
      });
      return answered;
    },
    scoreItems: scoringSome({ index, rowOf: columnOf, fill, ownRows }),
    best: (queries, rule, depth, targets) =>
      bestItems({ index, items, rowOf: columnOf, fill, ownRows }, queries, rule, depth, targets),
  };
}
