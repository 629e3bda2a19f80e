import { readSparse } from '../../../kinds/fitting/sparse-matrix.ts';
import { addedUp, candidates } from '../candidates.ts';
import { onceAGraph } from '../graph.ts';
import { batchOf, heldPlaces, newestOf, queryOf } from '../histories.ts';
import type { KindExporter } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { evidenceWork, usualRow } from '../query-work.ts';
import { graphMatrix, spreadRows } from '../sparse-rows.ts';
import { arrayData } from '../tensor-data.ts';

/** What followed the newest item, by its counts and shares of popularity. */
export const markov: KindExporter = {
  kind: 'markov',
  async load({ stored, catalogue: { trainCounts }, order }) {
    const transitions = await readSparse((artifact) => stored.locate(artifact), 'transitions');
    const { offsets } = transitions;
    const matrix = graphMatrix(transitions, order, order.numbers);
    const entries = usualRow(trainCounts, transitions);
    const rows = trainCounts.reduce((sum, count) => sum + count, 0);
    const shares = Float64Array.from(order.codes, (code) => (trainCounts[code] ?? 0) / (rows + 1));
    const sharesHere = onceAGraph((graph) => graph.constant(arrayData('double', shares), 'popular_shares'));
    return {
      shape: 'sparse',
      background: 'fallback',
      knows: Uint8Array.from(order.codes, (code) =>
        (offsets[code + 1] ?? 0) > (offsets[code] ?? 0) ? 1 : 0,
      ),
      work: () => evidenceWork(trainCounts.length, entries),
      score(graph, history) {
        const newest = ops.expand(graph, newestOf(graph, history), 1);
        const held = heldPlaces(graph, newest);
        const { places, ranges } = spreadRows(graph, matrix, ops.gatherNd(graph, newest, held));
        const query = ops.gather(graph, queryOf(graph, held), ranges);
        const target = ops.gather(graph, matrix.targets(graph), places);
        const count = ops.cast(graph, ops.gather(graph, matrix.values(graph), places), 'double');
        const score = ops.add(graph, count, ops.gather(graph, sharesHere(graph), target));
        const size = { batch: batchOf(graph, history), columns: trainCounts.length };
        return candidates(graph, addedUp(graph, size, ops.stack(graph, [query, target], 1), score));
      },
    };
  },
};
