/** Items of the groups that a query's newest items are of. */
import { OF_GROUPS } from '../../../../kinds/stack/candidates.ts';
import { REACH } from '../../../../kinds/stack/group-candidates.ts';
import { constantsOf } from '../../constants.ts';
import type { Graph, Tensor } from '../../graph.ts';
import { batchOf, byValue, heldPlaces, mapped, newestFew, queryOf } from '../../histories.ts';
import * as ops from '../../operations.ts';
import { filled, heldBefore } from '../../pairs.ts';
import { spread } from '../../sparse-rows.ts';
import type { AskedQueries } from './asked-queries.ts';

/** @returns (query, item) of each */
export type OfGroups = (graph: Graph, queries: AskedQueries) => Tensor<'int32'>;

export interface GroupedItems {
  /** Group of each item, −1 for none. */
  readonly groupOf: Int32Array;
  readonly groupCount: number;
  /** Items of group g that may be recommended, the most frequent first: `items[offsets[g] … offsets[g + 1])`. */
  readonly offsets: Int32Array;
  readonly items: Int32Array;
}

export function groupCandidates({ groupCount, ...arrays }: GroupedItems, seenRemoved: boolean): OfGroups {
  const here = constantsOf(arrays);
  return (graph, queries) => {
    const { groupOf, offsets, items } = here(graph);
    const groups = orderedGroups(
      graph,
      mapped(graph, newestFew(graph, queries.history, REACH), groupOf),
      groupCount,
    );
    const query = queryOf(graph, groups);
    const group = ops.gather(graph, groups, ops.int(graph, 1), { axis: 1 });
    const start = ops.gather(graph, offsets, group);
    const end = ops.gather(graph, offsets, ops.add(graph, group, ops.int(graph, 1)));
    // What a query holds stands in the way of as many others.
    const inTheWay = seenRemoved ? ops.gather(graph, queries.different, query) : ops.int(graph, 0);
    const most = ops.add(graph, inTheWay, ops.int(graph, OF_GROUPS));
    const found = spread(graph, start, ops.minimum(graph, end, ops.add(graph, start, most)));
    const all = ops.stack(
      graph,
      [ops.gather(graph, query, found.ranges), ops.gather(graph, items, found.places)],
      1,
    );
    return firstOfEach(graph, seenRemoved ? notHeld(graph, all, queries.holds) : all, queries.batch);
  };
}

/** (query, group) of the groups of each query's items: that with most of them first, of equals that of the newest. */
function orderedGroups(graph: Graph, groups: Tensor<'int32'>, groupCount: number): Tensor<'int32'> {
  const held = heldPlaces(graph, groups);
  const at = byValue(graph, held, groups);
  const lag = ops.gather(graph, held, ops.int(graph, 1), { axis: 1 });
  const batch = batchOf(graph, groups);
  const ones = ops.fill(graph, ops.stack(graph, [batchOf(graph, held)], 0), ops.int(graph, 1));
  const size = ops.stack(graph, [batch, ops.int(graph, groupCount)], 0);
  const counts = ops.scatterNd(graph, at, ones, size);
  const lags = ops.scatterMin(graph, filled(graph, batch, groupCount, ops.int(graph, REACH)), at, lag);
  const worth = ops.multiply(graph, counts, ops.int(graph, REACH + 1));
  const most = ops.int(graph, Math.min(REACH, groupCount));
  const [values, places] = ops.topK(graph, ops.subtract(graph, worth, lags), most);
  const isThere = ops.greater(graph, values, ops.int(graph, 0));
  const ordered = ops.select(graph, isThere, places, ops.int(graph, -1));
  return byValue(graph, heldPlaces(graph, ordered), ordered);
}

function notHeld(graph: Graph, all: Tensor<'int32'>, holds: Tensor<'bool'>): Tensor<'int32'> {
  return ops.gatherNd(graph, all, ops.where(graph, ops.not(graph, ops.gatherNd(graph, holds, all))));
}

/** The first so many of each query. */
function firstOfEach(graph: Graph, all: Tensor<'int32'>, batch: Tensor<'int32'>): Tensor<'int32'> {
  const ones = ops.fill(graph, ops.stack(graph, [batchOf(graph, all)], 0), ops.int(graph, 1));
  const before = heldBefore(graph, ones, queryOf(graph, all), batch);
  return ops.gatherNd(graph, all, ops.where(graph, ops.less(graph, before, ops.int(graph, OF_GROUPS))));
}
