/** Σ over features of x/spread · Σ over gates of W · z, for each candidate. */
import type { StackWeights } from '../../../../kinds/stack/stack-weights.ts';
import { constantsOf } from '../../constants.ts';
import { onceAGraph, type Graph, type Tensor } from '../../graph.ts';
import { batchOf } from '../../histories.ts';
import * as ops from '../../operations.ts';
import { filled } from '../../pairs.ts';
import { arrayData } from '../../tensor-data.ts';

export interface ToWeigh {
  /** Candidates × features. */
  readonly values: Tensor<'float'>;
  /** Queries × gates. */
  readonly gates: Tensor<'float'>;
  /** Query of each candidate. */
  readonly query: Tensor<'int32'>;
}

export function weightedSums({
  features,
  gates,
}: StackWeights): (graph: Graph, toWeigh: ToWeigh) => Tensor<'double'> {
  const perFeature = gates.length + 1;
  const weights = Float64Array.from(features.flatMap((feature) => feature.weights));
  const weightsHere = onceAGraph((graph) =>
    graph.constant(arrayData('double', weights, [features.length, perFeature]), 'stack_weights'),
  );
  const here = constantsOf({
    spreads: Float64Array.from(features, ({ spread }) => spread),
    gateMeans: Float64Array.from(gates, ({ mean }) => mean),
    gateSpreads: Float64Array.from(gates, ({ spread }) => spread),
  });
  return (graph, toWeigh) => {
    const { spreads, gateMeans, gateSpreads } = here(graph);
    const wide = ops.cast(graph, toWeigh.gates, 'double');
    const open = ops.divide(graph, ops.subtract(graph, wide, gateMeans), gateSpreads);
    const always = filled(graph, batchOf(graph, open), 1, ops.scalar(graph, 'double', 1));
    const sums = ops.matMul(graph, ops.concat(graph, [always, open], 1), weightsHere(graph), true);
    const worth = ops.gather(graph, ops.divide(graph, sums, spreads), toWeigh.query);
    return ops.sum(graph, ops.multiply(graph, worth, ops.cast(graph, toWeigh.values, 'double')), [1]);
  };
}
