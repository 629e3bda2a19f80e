import type { KindExporter } from '../kind-graph.ts';
import { byNumber } from '../kind-graph.ts';
import { batchOf } from '../histories.ts';
import { boolScalar } from '../item-table.ts';
import * as ops from '../operations.ts';

/** No candidates: popularity, which stands behind all models, is the model's own answer to any query. */
export const popularity: KindExporter = {
  kind: 'popularity',
  load({ catalogue: { trainCounts }, order }) {
    return Promise.resolve({
      shape: 'sparse',
      columns: new Int32Array(0),
      background: 'own',
      knows: Uint8Array.from(byNumber(trainCounts, order), (count) => (count > 0 ? 1 : 0)),
      work: () => 0,
      score(graph, history) {
        const batch = batchOf(graph, history);
        const none = ops.stack(graph, [batch, ops.int(graph, 0)], 0);
        return {
          scores: ops.fill(graph, none, ops.scalar(graph, 'float', 0)),
          known: ops.fill(graph, ops.stack(graph, [batch], 0), boolScalar(graph, true)),
        };
      },
    });
  },
};
