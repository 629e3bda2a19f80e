/** A member of a stack in a graph, asked about the queries at hand. */
import { onceAGraph, type Graph, type Tensor } from '../../graph.ts';
import { placesOf, type KindGraph } from '../../kind-graph.ts';
import * as ops from '../../operations.ts';
import { arrayData } from '../../tensor-data.ts';

export interface Member {
  readonly name: string;
  readonly kind: KindGraph;
  /** Item of each column. */
  readonly itemOf: (graph: Graph) => Tensor<'int32'>;
  /** Column of each item, −1 for none. */
  readonly columnOf: (graph: Graph) => Tensor<'int32'>;
}

export function memberOf(name: string, kind: KindGraph, itemCount: number): Member {
  const columns = kind.columns ?? Int32Array.from({ length: itemCount }, (_, item) => item);
  const held = (array: Int32Array, named: string): ((graph: Graph) => Tensor<'int32'>) =>
    onceAGraph((graph) => graph.constant(arrayData('int32', array), named));
  return {
    ...{ name, kind },
    itemOf: held(columns, 'item_of_member_column'),
    columnOf: held(placesOf(columns, itemCount), 'member_column_of_item'),
  };
}

export interface AskedMember extends Member {
  /** Queries × the member's columns; −Infinity: no candidate, as everywhere in a row of a query it does not know. */
  readonly scores: Tensor<'double'>;
  readonly known: Tensor<'bool'>;
  /** Of each query the sum of its positive scores; only of one that gives evidence for few items. */
  readonly total: Tensor<'double'>;
}

export function askMember(graph: Graph, member: Member, history: Tensor<'int32'>): AskedMember {
  const { scores, known } = member.kind.score(graph, history);
  const none = ops.scalar(graph, 'double', -Infinity);
  const own = ops.select(graph, ops.expand(graph, known, 1), ops.cast(graph, scores, 'double'), none);
  const zero = ops.scalar(graph, 'double', 0);
  const total = ops.sum(graph, ops.maximum(graph, own, zero), [1]);
  if (member.kind.shape === 'dense') return { ...member, scores: own, known, total };
  // Evidence that sums to nothing is none.
  const hasSome = ops.and(graph, known, ops.greater(graph, total, zero));
  return {
    ...{ ...member, total, known: hasSome },
    scores: ops.select(graph, ops.expand(graph, hasSome, 1), own, none),
  };
}
