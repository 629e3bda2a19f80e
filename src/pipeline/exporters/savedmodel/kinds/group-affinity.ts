import { readFitted } from '../../../kinds/fitting/fitted-parameters.ts';
import { groupShares } from '../../../kinds/group-affinity/group-shares.ts';
import { groupAffinityParameters } from '../../../kinds/group-affinity/parameters.ts';
import { powerWeights } from '../../../kinds/ranking/lag-weights.ts';
import { tieOrder } from '../../../seeded-random.ts';
import { addedUp, candidates, scaledSeen } from '../candidates.ts';
import { onceAGraph } from '../graph.ts';
import { batchOf, heldPlaces, mapped, newestFew, queryOf } from '../histories.ts';
import { byNumber, columnsOf, placesOf, type KindExporter } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { evidenceWork } from '../query-work.ts';
import { arrayData } from '../tensor-data.ts';

/** Weights of the newest items' groups, times the share of each item in its group. */
export const groupAffinity: KindExporter = {
  kind: 'group-affinity',
  async load({ stored, catalogue, order, seed }) {
    const { itemGroups: groups, groupCount, trainCounts, known } = catalogue;
    if (groups === undefined) throw new Error('group-affinity needs a group column');
    const parameters = await readFitted(
      stored.locate('parameters'),
      'group-affinity',
      groupAffinityParameters,
    );
    const ties = tieOrder(trainCounts.length, seed);
    const shared = groupShares({ groups, groupCount, trainCounts, catalogue: known, ties }, parameters);
    const { offsets, counts, items: members } = shared;
    const items = Int32Array.from(
      [...counts].flatMap((count, group) => {
        const start = offsets[group] ?? 0;
        return [...members.subarray(start, start + count)];
      }),
    );
    const { columns, rows } = columnsOf(items, order);
    const codes = rows.map((row) => items[row] ?? -1);
    const constants = {
      group: codes.map((code) => groups[code] ?? 0),
      share: Float64Array.from(codes, (code) => shared.shares[code] ?? 0),
      groupOf: byNumber(groups, order),
      columnOf: placesOf(columns, trainCounts.length),
      weights: powerWeights(parameters.fade, parameters.history),
    };
    const here = onceAGraph((graph) => ({
      group: graph.constant(arrayData('int32', constants.group), 'group_of_column'),
      share: graph.constant(arrayData('double', constants.share), 'share_of_column'),
      groupOf: graph.constant(arrayData('int32', constants.groupOf), 'group_of_item'),
      columnOf: graph.constant(arrayData('int32', constants.columnOf), 'column_of_seen'),
      weights: graph.constant(arrayData('double', constants.weights), 'lag_weights'),
    }));
    return {
      shape: 'sparse',
      columns,
      background: 'none',
      knows: Uint8Array.from(constants.groupOf, (group) => (group >= 0 ? 1 : 0)),
      work: (asked) => evidenceWork(columns.length + groupCount, Math.min(asked, constants.weights.length)),
      score(graph, history) {
        const { group, share, groupOf, columnOf, weights } = here(graph);
        const newest = mapped(graph, newestFew(graph, history, constants.weights.length), groupOf);
        const held = heldPlaces(graph, newest);
        const lag = ops.gather(graph, held, ops.int(graph, 1), { axis: 1 });
        const at = ops.stack(graph, [queryOf(graph, held), ops.gatherNd(graph, newest, held)], 1);
        const size = { batch: batchOf(graph, history), columns: groupCount };
        const affinity = addedUp(graph, size, at, ops.gather(graph, weights, lag));
        const ofItems = {
          sums: ops.multiply(graph, ops.gather(graph, affinity.sums, group, { axis: 1 }), share),
          touched: ops.gather(graph, affinity.touched, group, { axis: 1 }),
        };
        const seen = mapped(graph, history, columnOf);
        return candidates(graph, scaledSeen(graph, ofItems, seen, parameters.repeat));
      },
    };
  },
};
