/** Scores of kinds that give evidence for few items of a query. */
import type { Graph, Tensor } from './graph.ts';
import { batchOf, byValue, heldPlaces } from './histories.ts';
import type { ScoredQueries } from './kind-graph.ts';
import * as ops from './operations.ts';

/** Evidence for items, added up. */
export interface Evidence {
  /** Queries × columns, 0 where there is none. */
  readonly sums: Tensor<'double'>;
  /** Where there is some, be it 0. */
  readonly touched: Tensor<'bool'>;
}

/** @param at coordinates (query, column) of each piece of evidence, in the order in which they are added up */
export function addedUp(
  graph: Graph,
  { batch, columns }: { readonly batch: Tensor<'int32'>; readonly columns: number },
  at: Tensor<'int32'>,
  values: Tensor<'double'>,
): Evidence {
  const size = ops.stack(graph, [batch, ops.int(graph, columns)], 0);
  const ones = ops.fill(graph, ops.stack(graph, [batchOf(graph, at)], 0), ops.int(graph, 1));
  const counts = ops.scatterNd(graph, at, ones, size);
  return {
    sums: ops.scatterNd(graph, at, values, size),
    touched: ops.greater(graph, counts, ops.int(graph, 0)),
  };
}

/** Multiplies the evidence for items that the query holds. @param seen columns of these, −1 for none */
export function scaledSeen(
  graph: Graph,
  { sums, touched }: Evidence,
  seen: Tensor<'int32'>,
  factor: number,
): Evidence {
  if (factor === 1) return { sums, touched };
  const at = byValue(graph, heldPlaces(graph, seen), seen);
  // An item that stands there twice is written twice, with the same.
  const scaled = ops.multiply(graph, ops.gatherNd(graph, sums, at), ops.scalar(graph, 'double', factor));
  return { sums: ops.scatterUpdate(graph, sums, at, scaled), touched };
}

/** Items without evidence are no candidates, and a query that has none is not known. */
export function candidates(graph: Graph, { sums, touched }: Evidence): ScoredQueries<'double'> {
  return {
    scores: ops.select(graph, touched, sums, ops.scalar(graph, 'double', -Infinity)),
    known: ops.any(graph, touched, 1),
  };
}
