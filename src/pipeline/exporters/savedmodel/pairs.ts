/** Numbers of items after queries, each pair by itself. */
import type { Graph, Tensor } from './graph.ts';
import * as ops from './operations.ts';
import type { Numeric } from './operations.ts';

/** What stands in a matrix of queries × columns. @param column −1: none */
export function atPairs<T extends Numeric>(
  graph: Graph,
  matrix: Tensor<T>,
  query: Tensor<'int32'>,
  column: Tensor<'int32'>,
  none: Tensor<T>,
): Tensor<T> {
  const zero = ops.int(graph, 0);
  const at = ops.stack(graph, [query, ops.maximum(graph, column, zero)], 1);
  return ops.select(graph, ops.less(graph, column, zero), none, ops.gatherNd(graph, matrix, at));
}

/** Numbers of each pair side by side. */
export function sideBySide(
  graph: Graph,
  columns: readonly [Tensor<'double'>, ...Tensor<'double'>[]],
): Tensor<'float'> {
  return ops.cast(graph, ops.stack(graph, columns, 1), 'float');
}

/** log(1 + a scale × shares). */
export function logScaled(graph: Graph, shares: Tensor<'double'>, scale: number): Tensor<'double'> {
  return ops.logOnePlus(graph, ops.multiply(graph, shares, ops.scalar(graph, 'double', scale)));
}

/** A matrix of one number: queries × columns. */
export function filled<T extends 'int32' | 'float' | 'double'>(
  graph: Graph,
  batch: Tensor<'int32'>,
  columns: number,
  value: Tensor<T>,
): Tensor<T> {
  return ops.fill(graph, ops.stack(graph, [batch, ops.int(graph, columns)], 0), value);
}

/** Of places of a list how many before each hold, counted within its segment. @param segment ascending */
export function heldBefore(
  graph: Graph,
  holds: Tensor<'int32'>,
  segment: Tensor<'int32'>,
  segments: Tensor<'int32'>,
): Tensor<'int32'> {
  const row = ops.expand(graph, holds, 0);
  const before = ops.reshape(graph, ops.exclusiveSums(graph, row, 'left'), ops.ints(graph, [-1]));
  const first = ops.segmentMin(graph, before, segment, segments);
  return ops.subtract(graph, before, ops.gather(graph, first, segment));
}
