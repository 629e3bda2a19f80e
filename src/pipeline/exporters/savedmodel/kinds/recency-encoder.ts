import type { EncoderModel } from '../../../kinds/recency-encoder/encoder-model.ts';
import { readEncoder, type StoredEncoder } from '../../../kinds/recency-encoder/read-encoder.ts';
import type { RepeatBonus } from '../../../kinds/recency-encoder/scorer.ts';
import { onceAGraph, type Graph, type Tensor } from '../graph.ts';
import { byValue, compacted, heldPlaces, mapped, newestFew, widthOf } from '../histories.ts';
import { columnsOf, placesOf, type KindExporter, type ItemOrder } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { productsWork } from '../query-work.ts';
import { arrayData, rowsData } from '../tensor-data.ts';

/** The model's arrays, as constants of a graph. */
interface Constants {
  readonly vectors: Tensor<'float'>;
  readonly rowOf: Tensor<'int32'>;
  readonly lagWeights: Tensor<'float'>;
  readonly outputs: Tensor<'float'>;
  readonly bias: Tensor<'float'>;
  readonly columnOf: Tensor<'int32'>;
}

/** Cosines of the weighted newest items with output vectors, priors of items, and bonuses of repeats. */
export const recencyEncoder: KindExporter = {
  kind: 'recency-encoder',
  async load(context) {
    const { model, scoring } = await readEncoder({
      catalogue: context.catalogue,
      locate: (artifact) => context.stored.locate(artifact),
    });
    const itemCount = context.catalogue.trainCounts.length;
    const { columns, rows } = columnsOf(model.items.subarray(0, model.recommended), context.order);
    const rowOf = rowsByNumber(model.items, context.order);
    const here = constantsOf({ model, scoring }, { rows, rowOf, columnOf: placesOf(columns, itemCount) });
    return {
      shape: 'dense',
      columns,
      background: 'none',
      knows: Uint8Array.from(rowOf, (row) => (row >= 0 ? 1 : 0)),
      work: (items) => productsWork(columns.length + items, model.dimensions),
      score(graph, history) {
        const constants = here(graph);
        // Unknown items are passed over and take no lag.
        const own = compacted(graph, mapped(graph, history, constants.rowOf), 'left');
        const vector = queryVector(graph, constants, own, model);
        const scaled = ops.divide(graph, vector, ops.scalar(graph, 'float', scoring.temperature));
        const products = ops.matMul(graph, scaled, constants.outputs, true);
        const scores = ops.add(graph, products, constants.bias);
        const seen = compacted(graph, mapped(graph, history, constants.columnOf), 'left');
        return {
          scores: withBonus(graph, scores, seen, scoring.repeats),
          known: ops.any(graph, ops.greaterEqual(graph, own, ops.int(graph, 0)), 1),
        };
      },
      products: {
        dimension: model.dimensions,
        of: (graph, a, b) => outputProducts(graph, here(graph), a, b),
      },
    };
  },
};

function rowsByNumber(items: Int32Array, { numbers }: ItemOrder): Int32Array {
  const rowOf = new Int32Array(numbers.length).fill(-1);
  items.forEach((item, row) => (rowOf[numbers[item] ?? -1] = row));
  return rowOf;
}

interface Places {
  /** Row of each column. */
  readonly rows: Int32Array;
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
}

function constantsOf(
  { model, scoring }: StoredEncoder,
  { rows, rowOf, columnOf }: Places,
): (graph: Graph) => Constants {
  const { dimensions: dimension, items, vectors, outputs, lagWeights } = model;
  const bias = Float32Array.from(rows, (row) => scoring.bias[row] ?? 0);
  const outputRows = rowsData({
    ...{ rows: rows.length, dimension },
    fill(at, out) {
      const start = (rows[at] ?? 0) * dimension;
      out.set(outputs.subarray(start, start + dimension));
    },
  });
  return onceAGraph((graph) => ({
    vectors: graph.constant(arrayData('float', vectors, [items.length, dimension]), 'item_vectors'),
    rowOf: graph.constant(arrayData('int32', rowOf), 'vector_of_item'),
    lagWeights: graph.constant(
      arrayData('float', lagWeights, [lagWeights.length / dimension, dimension]),
      'lag_weights',
    ),
    outputs: graph.constant(outputRows, 'output_vectors'),
    bias: graph.constant(arrayData('float', bias), 'item_bias'),
    columnOf: graph.constant(arrayData('int32', columnOf), 'column_of_seen'),
  }));
}

/** Products of the output vectors of pairs of items; 0 where either may not be recommended, or is −1. */
function outputProducts(
  graph: Graph,
  { outputs, columnOf }: Pick<Constants, 'outputs' | 'columnOf'>,
  a: Tensor<'int32'>,
  b: Tensor<'int32'>,
): Tensor<'float'> {
  const zero = ops.int(graph, 0);
  const columns = [mapped(graph, a, columnOf), mapped(graph, b, columnOf)] as const;
  const [first, second] = columns.map((column) =>
    ops.gather(graph, outputs, ops.maximum(graph, column, zero)),
  ) as [Tensor<'float'>, Tensor<'float'>];
  const products = ops.sum(graph, ops.multiply(graph, first, second), [1]);
  const isMissing = ops.less(graph, ops.minimum(graph, ...columns), zero);
  return ops.select(graph, isMissing, ops.scalar(graph, 'float', 0), products);
}

/** unit(Σₖ wₖ ⊙ E[item k steps before the newest]), head by head. @param own rows of the items, the newest first */
function queryVector(
  graph: Graph,
  { vectors, lagWeights }: Constants,
  own: Tensor<'int32'>,
  { dimensions, heads, lagWeights: weights }: EncoderModel,
): Tensor<'float'> {
  const newest = newestFew(graph, own, weights.length / dimensions);
  const zero = ops.int(graph, 0);
  const parts = ops.gather(graph, vectors, ops.maximum(graph, newest, zero));
  const lags = ops.stack(graph, [widthOf(graph, newest), ops.int(graph, -1)], 0);
  const weighted = ops.multiply(graph, parts, ops.slice(graph, lagWeights, ops.ints(graph, [0, 0]), lags));
  const isHeld = ops.expand(graph, ops.greaterEqual(graph, newest, zero), 2);
  const summed = ops.sum(graph, ops.select(graph, isHeld, weighted, ops.scalar(graph, 'float', 0)), [1]);
  const byHead = ops.reshape(graph, summed, ops.ints(graph, [-1, heads, dimensions / heads]));
  const squares = ops.sum(graph, ops.multiply(graph, byHead, byHead), [2], true);
  // All heads have the same length, so that products are means of their cosines.
  const lengths = ops.multiply(
    graph,
    ops.squareRoot(graph, squares),
    ops.scalar(graph, 'float', Math.sqrt(heads)),
  );
  const units = ops.divideNoNan(graph, byHead, lengths);
  return ops.reshape(graph, units, ops.ints(graph, [-1, dimensions]));
}

/**
 * Adds to the scores of a query's own items what their newest place in it is worth: the newest item, the one before, or an
 * older one.
 * @param seen columns of the query's items, the newest first
 */
function withBonus(
  graph: Graph,
  scores: Tensor<'float'>,
  seen: Tensor<'int32'>,
  { newest, second, older }: RepeatBonus,
): Tensor<'float'> {
  if (newest === 0 && second === 0 && older === 0) return scores;
  const held = heldPlaces(graph, seen);
  const at = byValue(graph, held, seen);
  const lag = ops.gather(graph, held, ops.int(graph, 1), { axis: 1 });
  const never = ops.fill(graph, ops.shape(graph, scores), ops.int(graph, 2 ** 31 - 1));
  const lags = ops.gatherNd(graph, ops.scatterMin(graph, never, at, lag), at);
  const bonuses = graph.constant(arrayData('float', Float32Array.of(newest, second, older)), 'repeat_bonus');
  const bonus = ops.gather(graph, bonuses, ops.minimum(graph, lags, ops.int(graph, 2)));
  // An item that stands there twice is written twice, with the same.
  return ops.scatterUpdate(graph, scores, at, ops.add(graph, ops.gatherNd(graph, scores, at), bonus));
}
