import { LAGS, REACH, REPEAT_FEATURES } from '../../../../../kinds/stack/features/repeat-features.ts';
import type { Graph, Tensor } from '../../../graph.ts';
import { byValue, heldPlaces } from '../../../histories.ts';
import * as ops from '../../../operations.ts';
import { filled, sideBySide } from '../../../pairs.ts';
import type { AskedQueries } from '../asked-queries.ts';
import type { Weighed } from '../candidates.ts';
import type { FeaturePart } from './feature-part.ts';

/** Where a candidate stands in the query, by its newest place, and how often; zeros where it does not. */
export function repeatFeatures(itemCount: number): FeaturePart {
  return {
    ...{ names: REPEAT_FEATURES, gates: [] },
    of(graph, queries, candidates) {
      const { lag, count } = repeats(graph, queries, candidates, itemCount);
      const one = ops.int(graph, 1);
      const isHeld = ops.less(graph, lag, ops.int(graph, REACH + 1));
      const zero = ops.scalar(graph, 'double', 0);
      const where = (values: Tensor<'double'>): Tensor<'double'> => ops.select(graph, isHeld, values, zero);
      const place = ops.minimum(graph, lag, ops.int(graph, LAGS));
      const isAt = Array.from({ length: LAGS + 1 }, (_, at) =>
        where(ops.cast(graph, ops.equal(graph, place, ops.int(graph, at)), 'double')),
      );
      const logOf = (values: Tensor<'int32'>): Tensor<'double'> =>
        where(ops.logOnePlus(graph, ops.cast(graph, values, 'double')));
      const [newest = zero, ...others] = isAt;
      const logs = [logOf(ops.maximum(graph, count, one)), logOf(lag)];
      return { values: sideBySide(graph, [newest, ...others, ...logs]) };
    },
  };
}

interface Repeats {
  /** Places between the newest of a query and the candidate's newest, `REACH` at most; one more: not there. */
  readonly lag: Tensor<'int32'>;
  /** Among the newest `REACH`. */
  readonly count: Tensor<'int32'>;
}

function repeats(
  graph: Graph,
  { history, batch }: AskedQueries,
  { query, item }: Weighed,
  itemCount: number,
): Repeats {
  const held = heldPlaces(graph, history);
  const at = byValue(graph, held, history);
  const place = ops.gather(graph, held, ops.int(graph, 1), { axis: 1 });
  const reach = ops.int(graph, REACH);
  const never = filled(graph, batch, itemCount, ops.int(graph, REACH + 1));
  const lags = ops.scatterMin(graph, never, at, ops.minimum(graph, place, reach));
  const isNew = ops.cast(graph, ops.less(graph, place, reach), 'int32');
  const size = ops.stack(graph, [batch, ops.int(graph, itemCount)], 0);
  const counts = ops.scatterNd(graph, at, isNew, size);
  const pairs = ops.stack(graph, [query, item], 1);
  return { lag: ops.gatherNd(graph, lags, pairs), count: ops.gatherNd(graph, counts, pairs) };
}
