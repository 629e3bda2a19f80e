import { prod2vecVectors } from '../../../kinds/prod2vec/vectors.ts';
import { normalise } from '../../../neighbours/normalise.ts';
import { onceAGraph } from '../graph.ts';
import { columnsOf, placesOf, type KindExporter } from '../kind-graph.ts';
import { mapped, newestOf } from '../histories.ts';
import * as ops from '../operations.ts';
import { productsWork } from '../query-work.ts';
import { hiddenIn } from '../ranked-lists.ts';
import { arrayData, rowsData } from '../tensor-data.ts';

/** Cosines with the newest item, which itself is never recommended. */
export const prod2vec: KindExporter = {
  kind: 'prod2vec',
  async load({ stored, catalogue, order }) {
    const vectors = await prod2vecVectors.read({ catalogue, locate: (artifact) => stored.locate(artifact) });
    const { dimension, values, items } = vectors;
    const { columns, rows } = columnsOf(items, order);
    const columnOfItem = placesOf(columns, catalogue.trainCounts.length);
    const units = rowsData({
      ...{ rows: rows.length, dimension },
      fill(at, out) {
        const start = (rows[at] ?? 0) * dimension;
        out.set(values.subarray(start, start + dimension));
        normalise(out, dimension);
      },
    });
    const unitVectors = onceAGraph((graph) => graph.constant(units, 'unit_vectors'));
    const vectorOfItem = onceAGraph((graph) =>
      graph.constant(arrayData('int32', columnOfItem), 'vector_of_item'),
    );
    return {
      shape: 'dense',
      columns,
      background: 'none',
      knows: Uint8Array.from(columnOfItem, (column) => (column >= 0 ? 1 : 0)),
      work: () => productsWork(columns.length, dimension),
      score(graph, history) {
        const unit = unitVectors(graph);
        const column = mapped(graph, newestOf(graph, history), vectorOfItem(graph));
        const query = ops.gather(graph, unit, ops.maximum(graph, column, ops.int(graph, 0)));
        const cosines = ops.matMul(graph, query, unit, true);
        return {
          scores: hiddenIn(graph, cosines, ops.expand(graph, column, 1)),
          known: ops.greaterEqual(graph, column, ops.int(graph, 0)),
        };
      },
    };
  },
};
