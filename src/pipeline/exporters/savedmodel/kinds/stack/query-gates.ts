/** Numbers of a query itself, by which features weigh more or less. */
import { onceAGraph, type Graph, type Tensor } from '../../graph.ts';
import { beforeNewest, mapped, newestOf } from '../../histories.ts';
import * as ops from '../../operations.ts';
import { sideBySide } from '../../pairs.ts';
import { arrayData } from '../../tensor-data.ts';
import type { AskedQueries } from './asked-queries.ts';

/** Queries × `QUERY_GATES`. @param rows training rows of each item */
export function queryGates(rows: Int32Array): (graph: Graph, queries: AskedQueries) => Tensor<'float'> {
  const here = onceAGraph((graph) => graph.constant(arrayData('int32', rows), 'item_rows'));
  return (graph, { history, length, different }) => {
    const zero = ops.int(graph, 0);
    const one = ops.int(graph, 1);
    const wide = (values: Tensor<'int32' | 'bool'>): Tensor<'double'> => ops.cast(graph, values, 'double');
    const newest = newestOf(graph, history);
    const older = beforeNewest(graph, history);
    const isAgain = ops.and(
      graph,
      ops.equal(graph, older, ops.expand(graph, newest, 1)),
      ops.greaterEqual(graph, older, zero),
    );
    const rowsOfNewest = ops.maximum(graph, mapped(graph, newest, here(graph)), zero);
    const all = wide(ops.maximum(graph, length, one));
    const share = ops.divide(graph, wide(different), all);
    const isKnown = ops.greater(graph, mapped(graph, history, here(graph)), zero);
    const known = ops.sum(graph, ops.cast(graph, isKnown, 'int32'), [1]);
    return sideBySide(graph, [
      ops.logarithm(graph, all),
      wide(ops.any(graph, isAgain, 1)),
      ops.logOnePlus(graph, wide(rowsOfNewest)),
      ops.subtract(graph, ops.scalar(graph, 'double', 1), share),
      wide(ops.equal(graph, length, one)),
      ops.divide(graph, wide(known), all),
    ]);
  };
}
