/** Sparse matrices in a graph: rows of some items, spread into one list of entries. */
import type { SparseMatrix } from '../../kinds/fitting/sparse-matrix.ts';
import type { Graph, Tensor } from './graph.ts';
import { onceAGraph } from './graph.ts';
import type { ItemOrder } from './kind-graph.ts';
import * as ops from './operations.ts';
import { arrayData, blocksData } from './tensor-data.ts';

/** Bytes of entries that are made at a time. */
const BLOCK_ENTRIES = 1 << 18;

/** Ranges of a list, spread. */
export interface Spread {
  /** Places in the list. */
  readonly places: Tensor<'int32'>;
  /** The range of each. */
  readonly ranges: Tensor<'int32'>;
}

/** All places of ranges, one range after the other. */
export function spread(graph: Graph, starts: Tensor<'int32'>, ends: Tensor<'int32'>): Spread {
  const { splits, values } = ops.raggedRange(graph, starts, ends);
  const all = ops.upTo(graph, ops.gather(graph, ops.shape(graph, values), ops.int(graph, 0)));
  const notAbove = ops.upperBound(graph, ops.expand(graph, splits, 0), ops.expand(graph, all, 0));
  const flat = ops.reshape(graph, notAbove, ops.ints(graph, [-1]));
  return { places: values, ranges: ops.subtract(graph, flat, ops.int(graph, 1)) };
}

/** A matrix of items by items, whose rows are by number. */
export interface GraphMatrix {
  /** Start of each row, and the end of the last. */
  offsets(graph: Graph): Tensor<'int32'>;
  targets(graph: Graph): Tensor<'int32'>;
  values(graph: Graph): Tensor<'float'>;
}

/**
 * Brings a matrix by item codes into the order of a graph, when it is written.
 * @param targetOf what stands for the item code of an entry
 */
export function graphMatrix(
  { offsets, targets, values }: SparseMatrix,
  { codes }: ItemOrder,
  targetOf: Int32Array,
): GraphMatrix {
  const starts = new Int32Array(codes.length + 1);
  codes.forEach((code, number) => {
    starts[number + 1] = (starts[number] ?? 0) + (offsets[code + 1] ?? 0) - (offsets[code] ?? 0);
  });
  const rows = <A>(part: (from: number, to: number) => A): Iterable<A> =>
    (function* () {
      for (const code of codes) yield* parts(offsets[code] ?? 0, offsets[code + 1] ?? 0, part);
    })();
  const targetData = blocksData('int32', targets.length, () =>
    rows((from, to) => targets.subarray(from, to).map((target) => targetOf[target] ?? -1)),
  );
  const valueData = blocksData('float', values.length, () => rows((from, to) => values.subarray(from, to)));
  return {
    offsets: onceAGraph((graph) => graph.constant(arrayData('int32', starts), 'row_offsets')),
    targets: onceAGraph((graph) => graph.constant(targetData, 'row_targets')),
    values: onceAGraph((graph) => graph.constant(valueData, 'row_values')),
  };
}

function* parts<A>(from: number, to: number, part: (from: number, to: number) => A): Iterable<A> {
  for (let at = from; at < to; at += BLOCK_ENTRIES) yield part(at, Math.min(to, at + BLOCK_ENTRIES));
}

/** Entries of the rows of some items. */
export function spreadRows(graph: Graph, matrix: GraphMatrix, items: Tensor<'int32'>): Spread {
  const offsets = matrix.offsets(graph);
  const ends = ops.gather(graph, offsets, ops.add(graph, items, ops.int(graph, 1)));
  return spread(graph, ops.gather(graph, offsets, items), ends);
}
