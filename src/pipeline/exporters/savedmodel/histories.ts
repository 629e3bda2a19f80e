/** Queries as kinds read them: rows of item numbers, the newest first, −1 after the oldest. */
import type { Graph, Tensor } from './graph.ts';
import * as ops from './operations.ts';

/** Which of some places hold something, as rows of coordinates (query, place). */
export function heldPlaces(graph: Graph, codes: Tensor<'int32'>): Tensor<'int32'> {
  return ops.where(graph, ops.greaterEqual(graph, codes, ops.int(graph, 0)));
}

/** The first column of coordinates: the query of each. */
export function queryOf(graph: Graph, coordinates: Tensor<'int32'>): Tensor<'int32'> {
  return ops.gather(graph, coordinates, ops.int(graph, 0), { axis: 1 });
}

/** Coordinates (query, what stands at the place). */
export function byValue(
  graph: Graph,
  coordinates: Tensor<'int32'>,
  values: Tensor<'int32'>,
): Tensor<'int32'> {
  return ops.stack(graph, [queryOf(graph, coordinates), ops.gatherNd(graph, values, coordinates)], 1);
}

/**
 * Moves what is not −1 to the front of its row.
 * @param newest whether the newest stands on the left or on the right; it comes first in the result
 */
export function compacted(graph: Graph, codes: Tensor<'int32'>, newest: 'left' | 'right'): Tensor<'int32'> {
  const isHeld = ops.cast(graph, ops.greaterEqual(graph, codes, ops.int(graph, 0)), 'int32');
  const lags = ops.exclusiveSums(graph, isHeld, newest);
  const held = heldPlaces(graph, codes);
  const one = ops.int(graph, 1);
  const values = ops.add(graph, ops.gatherNd(graph, codes, held), one);
  const moved = ops.scatterNd(graph, byValue(graph, held, lags), values, ops.shape(graph, codes));
  return ops.subtract(graph, moved, one);
}

/** Something of each item of a query (its row, its column), −1 where the query or the item has none. */
export function mapped(graph: Graph, codes: Tensor<'int32'>, of: Tensor<'int32'>): Tensor<'int32'> {
  const zero = ops.int(graph, 0);
  const found = ops.gather(graph, of, ops.maximum(graph, codes, zero));
  return ops.select(graph, ops.less(graph, codes, zero), ops.int(graph, -1), found);
}

/** The newest item of each query, or one so many before it; −1 where it has none. */
export function newestOf(graph: Graph, history: Tensor<'int32'>, before = 0): Tensor<'int32'> {
  return ops.gather(graph, widened(graph, history, before + 1), ops.int(graph, before), { axis: 1 });
}

/** The items before the newest, at most so many, and −1 after the oldest. */
export function beforeNewest(graph: Graph, history: Tensor<'int32'>, most = Infinity): Tensor<'int32'> {
  const all = widthOf(graph, history);
  const width = most === Infinity ? all : ops.minimum(graph, all, ops.int(graph, most));
  const size = ops.stack(graph, [ops.int(graph, -1), width], 0);
  return ops.slice(graph, widened(graph, history, 1), ops.ints(graph, [0, 1]), size);
}

/** With so many columns more that hold no items: then there always are as many. */
function widened(graph: Graph, history: Tensor<'int32'>, columns: number): Tensor<'int32'> {
  const size = ops.stack(graph, [batchOf(graph, history), ops.int(graph, columns)], 0);
  return ops.concat(graph, [history, ops.fill(graph, size, ops.int(graph, -1))], 1);
}

/** The newest items, at most so many. */
export function newestFew(graph: Graph, history: Tensor<'int32'>, most: number): Tensor<'int32'> {
  const width = ops.minimum(graph, widthOf(graph, history), ops.int(graph, most));
  const size = ops.stack(graph, [ops.int(graph, -1), width], 0);
  return ops.slice(graph, history, ops.ints(graph, [0, 0]), size);
}

export function batchOf(graph: Graph, rows: Tensor): Tensor<'int32'> {
  return ops.gather(graph, ops.shape(graph, rows), ops.int(graph, 0));
}

export function widthOf(graph: Graph, rows: Tensor): Tensor<'int32'> {
  return ops.gather(graph, ops.shape(graph, rows), ops.int(graph, 1));
}
