import { GROUP_FEATURES, REACH } from '../../../../../kinds/stack/features/group-features.ts';
import { onceAGraph, type Graph, type Tensor } from '../../../graph.ts';
import { byValue, heldPlaces, mapped, newestFew, newestOf } from '../../../histories.ts';
import * as ops from '../../../operations.ts';
import { filled, sideBySide } from '../../../pairs.ts';
import { arrayData } from '../../../tensor-data.ts';
import type { AskedQueries } from '../asked-queries.ts';
import type { FeaturePart } from './feature-part.ts';

/** Whether a candidate is of the newest item's group (its artist), and the share of the query's items that are. */
export function groupFeatures(groupOf: Int32Array, groupCount: number): FeaturePart {
  const here = onceAGraph((graph) => graph.constant(arrayData('int32', groupOf), 'group_of_item'));
  return {
    ...{ names: GROUP_FEATURES, gates: [] },
    of(graph, queries, { query, item }) {
      const groups = here(graph);
      const { counts, lags, sizes } = seenGroups(graph, queries, groups, groupCount);
      const group = ops.gather(graph, groups, item);
      const zero = ops.int(graph, 0);
      const at = ops.stack(graph, [query, ops.maximum(graph, group, zero)], 1);
      const count = ops.gatherNd(graph, counts, at);
      const isSeen = ops.and(graph, ops.greaterEqual(graph, group, zero), ops.greater(graph, count, zero));
      const wide = (values: Tensor<'int32'>): Tensor<'double'> => ops.cast(graph, values, 'double');
      const where = (values: Tensor<'double'>): Tensor<'double'> =>
        ops.select(graph, isSeen, values, ops.scalar(graph, 'double', 0));
      const last = ops.gather(graph, mapped(graph, newestOf(graph, queries.history), groups), query);
      const size = ops.gather(graph, sizes, query);
      return {
        values: sideBySide(graph, [
          where(ops.cast(graph, ops.equal(graph, group, last), 'double')),
          where(ops.divideNoNan(graph, wide(count), wide(size))),
          where(ops.logOnePlus(graph, wide(count))),
          where(ops.logOnePlus(graph, wide(ops.gatherNd(graph, lags, at)))),
        ]),
      };
    },
  };
}

interface SeenGroups {
  /** Queries × groups: newest items of each group, and how far back the newest of them stands, from 1. */
  readonly counts: Tensor<'int32'>;
  readonly lags: Tensor<'int32'>;
  /** Items that were looked at. */
  readonly sizes: Tensor<'int32'>;
}

function seenGroups(
  graph: Graph,
  { history, batch, length }: AskedQueries,
  groupOf: Tensor<'int32'>,
  groupCount: number,
): SeenGroups {
  const groups = mapped(graph, newestFew(graph, history, REACH), groupOf);
  const held = heldPlaces(graph, groups);
  const at = byValue(graph, held, groups);
  const one = ops.int(graph, 1);
  const place = ops.add(graph, ops.gather(graph, held, one, { axis: 1 }), one);
  const size = ops.stack(graph, [batch, ops.int(graph, groupCount)], 0);
  const never = filled(graph, batch, groupCount, ops.int(graph, REACH + 1));
  return {
    counts: ops.scatterNd(graph, at, ops.fill(graph, ops.shape(graph, place), one), size),
    lags: ops.scatterMin(graph, never, at, place),
    sizes: ops.minimum(graph, length, ops.int(graph, REACH)),
  };
}
