/** What a stack looks at of the queries at hand. */
import type { Graph, Tensor } from '../../graph.ts';
import { batchOf, byValue, heldPlaces } from '../../histories.ts';
import * as ops from '../../operations.ts';
import { filled } from '../../pairs.ts';
import { askMember, type AskedMember, type Member } from './asked-member.ts';

export interface AskedQueries {
  /** Rows of item numbers, the newest first, −1 after the oldest. */
  readonly history: Tensor<'int32'>;
  readonly batch: Tensor<'int32'>;
  /** Items of each query. */
  readonly length: Tensor<'int32'>;
  /** Queries × items: whether the query holds the item. */
  readonly holds: Tensor<'bool'>;
  /** Different items of each query. */
  readonly different: Tensor<'int32'>;
  readonly members: readonly AskedMember[];
}

export function askQueries(
  graph: Graph,
  history: Tensor<'int32'>,
  { members, itemCount }: { readonly members: readonly Member[]; readonly itemCount: number },
): AskedQueries {
  const batch = batchOf(graph, history);
  const held = heldPlaces(graph, history);
  const zero = ops.int(graph, 0);
  const none = filled(graph, batch, itemCount, zero);
  const ones = ops.fill(graph, ops.stack(graph, [batchOf(graph, held)], 0), ops.int(graph, 1));
  const isHeld = ops.scatterUpdate(graph, none, byValue(graph, held, history), ones);
  const isItem = ops.cast(graph, ops.greaterEqual(graph, history, zero), 'int32');
  return {
    ...{ history, batch },
    length: ops.sum(graph, isItem, [1]),
    holds: ops.greater(graph, isHeld, zero),
    different: ops.sum(graph, isHeld, [1]),
    members: members.map((member) => askMember(graph, member, history)),
  };
}
