import { readFitted } from '../../../kinds/fitting/fitted-parameters.ts';
import { readSparse, type SparseMatrix } from '../../../kinds/fitting/sparse-matrix.ts';
import { lagWeights } from '../../../kinds/sequential-item-knn/lag-weights.ts';
import { knnParameters } from '../../../kinds/sequential-item-knn/parameters.ts';
import { addedUp, candidates, scaledSeen } from '../candidates.ts';
import { onceAGraph } from '../graph.ts';
import { batchOf, heldPlaces, mapped, newestFew, queryOf } from '../histories.ts';
import { columnsOf, placesOf, type ItemOrder, type KindExporter } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { evidenceWork, usualRow } from '../query-work.ts';
import { graphMatrix, spreadRows } from '../sparse-rows.ts';
import { arrayData } from '../tensor-data.ts';

/** Weighted rows of the newest items, added up. */
export const sequentialItemKnn: KindExporter = {
  kind: 'sequential-item-knn',
  async load({ stored, catalogue: { trainCounts }, order }) {
    const locate = (artifact: string): string => stored.locate(artifact);
    const neighbours = await readSparse(locate, 'neighbours');
    const parameters = await readFitted(locate('parameters'), 'sequential-item-knn', knnParameters);
    const { columns, columnOf, targetOf } = targetColumns(neighbours, order);
    const { offsets } = neighbours;
    const matrix = graphMatrix(neighbours, order, targetOf);
    const weights = lagWeights(parameters);
    const entries = usualRow(trainCounts, neighbours);
    const weightsHere = onceAGraph((graph) => graph.constant(arrayData('double', weights), 'lag_weights'));
    const columnsHere = onceAGraph((graph) => graph.constant(arrayData('int32', columnOf), 'column_of_seen'));
    return {
      shape: 'sparse',
      columns,
      background: 'none',
      knows: Uint8Array.from(order.codes, (code) =>
        (offsets[code + 1] ?? 0) > (offsets[code] ?? 0) ? 1 : 0,
      ),
      work: (items) => evidenceWork(columns.length, Math.min(items, weights.length) * entries),
      score(graph, history) {
        const newest = newestFew(graph, history, weights.length);
        const held = heldPlaces(graph, newest);
        const { places, ranges } = spreadRows(graph, matrix, ops.gatherNd(graph, newest, held));
        const entry = ops.gather(graph, held, ranges);
        const lag = ops.gather(graph, entry, ops.int(graph, 1), { axis: 1 });
        const value = ops.cast(graph, ops.gather(graph, matrix.values(graph), places), 'double');
        const share = ops.multiply(graph, ops.gather(graph, weightsHere(graph), lag), value);
        const target = ops.gather(graph, matrix.targets(graph), places);
        const size = { batch: batchOf(graph, history), columns: columns.length };
        const at = ops.stack(graph, [queryOf(graph, entry), target], 1);
        const seen = mapped(graph, history, columnsHere(graph));
        const evidence = addedUp(graph, size, at, share);
        return candidates(graph, scaledSeen(graph, evidence, seen, parameters.repeat));
      },
    };
  },
};

interface TargetColumns {
  readonly columns: Int32Array;
  /** Column of each item number. */
  readonly columnOf: Int32Array;
  /** Column of each item code. */
  readonly targetOf: Int32Array;
}

/** Only items that are somewhere a neighbour have columns. */
function targetColumns({ targets }: SparseMatrix, order: ItemOrder): TargetColumns {
  const isTarget = new Uint8Array(order.codes.length);
  for (const target of targets) isTarget[target] = 1;
  const items = Int32Array.from(isTarget.keys()).filter((item) => isTarget[item] === 1);
  const { columns } = columnsOf(items, order);
  const columnOf = placesOf(columns, order.codes.length);
  return { columns, columnOf, targetOf: order.numbers.map((number) => columnOf[number] ?? -1) };
}
