import { LAGS, REACH, similarityNames } from '../../../../../kinds/stack/features/vector-features.ts';
import type { Graph, Tensor } from '../../../graph.ts';
import { newestOf } from '../../../histories.ts';
import type { KindGraph } from '../../../kind-graph.ts';
import * as ops from '../../../operations.ts';
import type { Weighed } from '../candidates.ts';
import type { FeaturePart } from './feature-part.ts';

type Products = NonNullable<KindGraph['products']>;

/** Products of a candidate's vector with those of the query's newest items, and the highest of them. */
export function vectorFeatures(member: string, products: Products): FeaturePart {
  return {
    ...{ names: similarityNames(member), gates: [] },
    of(graph, { history }, candidates) {
      const similar = Array.from({ length: REACH }, (_, lag) =>
        similarity(graph, newestOf(graph, history, lag), candidates, products),
      );
      const highest = similar
        .map(({ there, value }) => ops.select(graph, there, value, ops.scalar(graph, 'float', -1)))
        .reduce((a, b) => ops.maximum(graph, a, b));
      const [first = highest, ...others] = similar.slice(0, LAGS).map(({ value }) => value);
      return { values: ops.stack(graph, [first, ...others, highest], 1) };
    },
  };
}

interface Similarity {
  /** Whether the query holds as many items. */
  readonly there: Tensor<'bool'>;
  readonly value: Tensor<'float'>;
}

/** Of each candidate with one item of its query; 0 with itself, which repeats tell better. */
function similarity(
  graph: Graph,
  items: Tensor<'int32'>,
  { query, item }: Weighed,
  products: Products,
): Similarity {
  const other = ops.gather(graph, items, query);
  const value = products.of(graph, other, item);
  const isItself = ops.equal(graph, other, item);
  return {
    there: ops.greaterEqual(graph, other, ops.int(graph, 0)),
    value: ops.select(graph, isItself, ops.scalar(graph, 'float', 0), value),
  };
}
