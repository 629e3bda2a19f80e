/** The items that are weighed: the best of each member, the query's own newest, and those of its groups. */
import { MOST_SEEN, OWN } from '../../../../kinds/stack/candidates.ts';
import { onceAGraph, type Graph, type Tensor } from '../../graph.ts';
import { batchOf, byValue, heldPlaces, newestFew, queryOf, widthOf } from '../../histories.ts';
import type { Pairs } from '../../kind-graph.ts';
import * as ops from '../../operations.ts';
import { arrayData } from '../../tensor-data.ts';
import type { AskedMember } from './asked-member.ts';
import type { AskedQueries } from './asked-queries.ts';
import type { OfGroups } from './group-candidates.ts';

export interface CandidateRule {
  /** Best items of each member, among those that are not removed. */
  readonly depth: number;
  readonly seenRemoved: boolean;
  /** Numbers of the items that may be recommended: the stack's columns. */
  readonly columns: Int32Array;
  /** Column of each item, −1 for none. */
  readonly columnOf: Int32Array;
  readonly groups: OfGroups | undefined;
}

/** Candidates of all queries, one after the other. */
export interface Weighed extends Pairs {
  /** Row of the query and column of the item. */
  readonly at: Tensor<'int32'>;
  readonly column: Tensor<'int32'>;
  /** Of each query, whether it has any. */
  readonly known: Tensor<'bool'>;
}

/** @returns candidates in the order of queries and columns, each once */
export function candidatesIn(rule: CandidateRule): (graph: Graph, queries: AskedQueries) => Weighed {
  const here = onceAGraph((graph) => ({
    columnOf: graph.constant(arrayData('int32', rule.columnOf), 'column_of_item'),
    itemOf: graph.constant(arrayData('int32', rule.columns), 'item_of_column'),
  }));
  return (graph, queries) => {
    const { columnOf, itemOf } = here(graph);
    const found = [
      ...queries.members.map((member) => bestOf(graph, member, queries, rule)),
      ...(rule.seenRemoved ? [] : [rowsOf(graph, newestFew(graph, queries.history, OWN))]),
      ...(rule.groups === undefined ? [] : [rule.groups(graph, queries)]),
    ];
    const isChosen = chosen(graph, queries, found, { columnOf, count: rule.columns.length });
    const at = ops.where(graph, isChosen);
    const column = ops.gather(graph, at, ops.int(graph, 1), { axis: 1 });
    return {
      ...{ at, column, query: queryOf(graph, at) },
      item: ops.gather(graph, itemOf, column),
      known: ops.any(graph, isChosen, 1),
    };
  };
}

/** Items of queries, as (query, item), those that stand for nothing left out. */
export function rowsOf(graph: Graph, items: Tensor<'int32'>): Tensor<'int32'> {
  return byValue(graph, heldPlaces(graph, items), items);
}

/** Queries × columns: what was found and may be recommended, for queries that any member knows. */
function chosen(
  graph: Graph,
  { batch, members }: AskedQueries,
  found: readonly Tensor<'int32'>[],
  { columnOf, count }: { readonly columnOf: Tensor<'int32'>; readonly count: number },
): Tensor<'bool'> {
  const [first, ...others] = found;
  if (first === undefined) throw new Error('a stack has members');
  const all = ops.concat(graph, [first, ...others], 0);
  const columns = ops.gather(graph, columnOf, ops.gather(graph, all, ops.int(graph, 1), { axis: 1 }));
  const isColumn = ops.where(graph, ops.greaterEqual(graph, columns, ops.int(graph, 0)));
  const at = ops.gatherNd(graph, ops.stack(graph, [queryOf(graph, all), columns], 1), isColumn);
  const ones = ops.fill(graph, ops.stack(graph, [batchOf(graph, at)], 0), ops.int(graph, 1));
  const size = ops.stack(graph, [batch, ops.int(graph, count)], 0);
  const isFound = ops.greater(graph, ops.scatterNd(graph, at, ones, size), ops.int(graph, 0));
  const known = members.map((member) => member.known).reduce((a, b) => ops.or(graph, a, b));
  return ops.and(graph, isFound, ops.expand(graph, known, 1));
}

/** (query, item) of a member's best. */
function bestOf(
  graph: Graph,
  { scores, itemOf }: AskedMember,
  { holds, different }: AskedQueries,
  { depth, seenRemoved }: CandidateRule,
): Tensor<'int32'> {
  const reach = ops.int(graph, seenRemoved ? depth + MOST_SEEN : depth);
  const [values, places] = ops.topK(graph, scores, ops.minimum(graph, reach, widthOf(graph, scores)));
  const items = ops.gather(graph, itemOf(graph), places);
  const isScored = ops.greater(graph, values, ops.scalar(graph, 'double', -Infinity));
  const kept = seenRemoved
    ? ops.and(graph, isScored, isLeft(graph, { items, holds, different }, depth))
    : isScored;
  return rowsOf(graph, ops.select(graph, kept, items, ops.int(graph, -1)));
}

interface BestFirst {
  /** Queries × places, best first. */
  readonly items: Tensor<'int32'>;
  readonly holds: Tensor<'bool'>;
  readonly different: Tensor<'int32'>;
}

/** Whether an item is among the best so many that the query does not hold, of those that were looked at. */
function isLeft(graph: Graph, { items, holds, different }: BestFirst, depth: number): Tensor<'bool'> {
  const isNew = ops.not(graph, ops.gather(graph, holds, items, { axis: 1, batchDims: 1 }));
  const place = ops.upTo(graph, widthOf(graph, items));
  const inTheWay = ops.minimum(graph, different, ops.int(graph, MOST_SEEN));
  const asked = ops.add(graph, inTheWay, ops.int(graph, depth));
  const isAsked = ops.less(graph, place, ops.expand(graph, asked, 1));
  const before = ops.exclusiveSums(graph, ops.cast(graph, isNew, 'int32'), 'left');
  const isAmong = ops.less(graph, before, ops.int(graph, depth));
  return ops.and(graph, ops.and(graph, isNew, isAsked), isAmong);
}
