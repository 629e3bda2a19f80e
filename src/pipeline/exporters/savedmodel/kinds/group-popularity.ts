import { onceAGraph } from '../graph.ts';
import type { KindExporter } from '../kind-graph.ts';
import { byNumber } from '../kind-graph.ts';
import { mapped, newestOf } from '../histories.ts';
import * as ops from '../operations.ts';
import { arrayData } from '../tensor-data.ts';

/** Training rows of the items of the newest item's group. */
export const groupPopularity: KindExporter = {
  kind: 'group-popularity',
  load({ catalogue: { trainCounts, itemGroups }, order }) {
    if (itemGroups === undefined) throw new Error('group-popularity needs a group column');
    const groups = byNumber(itemGroups, order);
    const counts = byNumber(trainCounts, order);
    const scores = Float32Array.from(counts, (count) => (count > 0 ? count : -Infinity));
    const groupsHere = onceAGraph((graph) => graph.constant(arrayData('int32', groups), 'item_groups'));
    const rowsHere = onceAGraph((graph) => graph.constant(arrayData('float', scores), 'item_rows'));
    return Promise.resolve({
      shape: 'sparse',
      background: 'fallback',
      knows: Uint8Array.from(groups, (group) => (group >= 0 ? 1 : 0)),
      // Of each item its group, whether that is asked for, and its rows.
      work: () => 3 * groups.length,
      score(graph, history) {
        const groupOf = groupsHere(graph);
        const group = mapped(graph, newestOf(graph, history), groupOf);
        const isSame = ops.equal(graph, ops.expand(graph, group, 1), groupOf);
        return {
          scores: ops.select(graph, isSame, rowsHere(graph), ops.scalar(graph, 'float', -Infinity)),
          known: ops.greaterEqual(graph, group, ops.int(graph, 0)),
        };
      },
    });
  },
};
