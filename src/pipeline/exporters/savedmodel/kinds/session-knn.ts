import { pow, powers } from '../../../deterministic-math.ts';
import { countPowers } from '../../../kinds/fitting/count-powers.ts';
import { readFitted } from '../../../kinds/fitting/fitted-parameters.ts';
import { readSequences } from '../../../kinds/fitting/kept-sequences.ts';
import { powerWeights } from '../../../kinds/ranking/lag-weights.ts';
import { sessionKnnParameters, type SessionKnnParameters } from '../../../kinds/session-knn/parameters.ts';
import { LARGEST_DISTANCE, SHRINKAGE } from '../../../kinds/session-knn/scorer.ts';
import {
  indexSequences,
  reachableItems,
  sequencesWith,
  type SequenceIndex,
} from '../../../kinds/session-knn/sequence-index.ts';
import { addedUp, candidates, scaledSeen } from '../candidates.ts';
import { constantsOf, type ConstantsOf } from '../constants.ts';
import type { Graph, Tensor } from '../graph.ts';
import { batchOf, mapped, newestFew, queryOf, widthOf } from '../histories.ts';
import { byNumber, columnsOf, placesOf, type ItemOrder, type KindExporter } from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { evidenceWork, usually } from '../query-work.ts';
import { spread } from '../sparse-rows.ts';

/** The most similar training sequences vote for their items. */
export const sessionKnn: KindExporter = {
  kind: 'session-knn',
  async load({ stored, catalogue: { trainCounts }, order }) {
    const locate = (artifact: string): string => stored.locate(artifact);
    const parameters = await readFitted(locate('parameters'), 'session-knn', sessionKnnParameters);
    const index = indexSequences(await readSequences(locate), trainCounts.length);
    const { known, recommended } = reachableItems(index, parameters.back > 0);
    const items = Int32Array.from(recommended.keys()).filter((item) => recommended[item] === 1);
    const { columns } = columnsOf(items, order);
    const arrays = arraysOf(index, parameters, { trainCounts, order, columns });
    const here = constantsOf(arrays);
    const sizes = { sequenceCount: index.sequenceCount, lags: arrays.lagWeights.length };
    const work = workOf(index, parameters, trainCounts);
    return {
      ...{ shape: 'sparse', columns, background: 'none', knows: byNumber(known, order) },
      work: (asked) => evidenceWork(columns.length, work(Math.min(asked, sizes.lags))),
      score(graph, history) {
        const constants = { ...here(graph), ...sizes };
        const neighbours = nearestSequences(graph, constants, history, parameters);
        const evidence = votes(graph, constants, neighbours, parameters, {
          batch: batchOf(graph, history),
          columns: columns.length,
        });
        const scaled = { ...evidence, sums: ops.multiply(graph, evidence.sums, constants.toTarget) };
        const seen = mapped(graph, history, constants.columnOf);
        return candidates(graph, scaledSeen(graph, scaled, seen, parameters.repeat));
      },
    };
  },
};

/** Entries that are looked at, and votes that follow, by items of a query. */
function workOf(
  index: SequenceIndex,
  { sample, neighbours, back }: SessionKnnParameters,
  trainCounts: Uint32Array,
): (asked: number) => number {
  const entries = usually(trainCounts, (code) => Math.min(sample, sequencesWith(index, code)));
  const length = index.items.length / Math.max(1, index.sequenceCount);
  const votes = Math.min(LARGEST_DISTANCE, back > 0 ? length : length / 2);
  return (asked) => asked * entries + Math.min(neighbours, asked * entries) * votes;
}

/** By item: its entries, of which only the last `sample` are looked at, and how rare it is. */
function itemArrays(
  index: SequenceIndex,
  { sample, rarity }: SessionKnnParameters,
  { codes }: ItemOrder,
): { entriesFrom: Int32Array; entriesTo: Int32Array; rarity: Float64Array } {
  const { offsets, sequenceCount } = index;
  const entriesTo = codes.map((code) => offsets[code + 1] ?? 0);
  const entriesFrom = codes.map((code, at) => Math.max(offsets[code] ?? 0, (entriesTo[at] ?? 0) - sample));
  const rarities = Float64Array.from(codes, (code) => {
    const count = sequencesWith(index, code);
    return count > 0 ? pow(sequenceCount / count, rarity) : 0;
  });
  return { entriesFrom, entriesTo, rarity: rarities };
}

/** By sequence, from the last one on, which wins among equals: where it lies, and what its length is worth. */
function sequenceArrays(
  { bounds, sequenceCount }: SequenceIndex,
  { lengthPenalty }: SessionKnnParameters,
): { from: Int32Array; to: Int32Array; lengthWeight: Float64Array } {
  const sequences = Int32Array.from({ length: sequenceCount }, (_, at) => sequenceCount - 1 - at);
  const from = sequences.map((s) => bounds[s] ?? 0);
  const to = sequences.map((s) => bounds[s + 1] ?? 0);
  const lengthWeight = Float64Array.from(sequences, (_, at) => {
    const length = (to[at] ?? 0) - (from[at] ?? 0);
    return length === 0 ? 0 : pow(length, -lengthPenalty);
  });
  return { from, to, lengthWeight };
}

interface Items {
  readonly trainCounts: Uint32Array;
  readonly order: ItemOrder;
  readonly columns: Int32Array;
}

function arraysOf(
  index: SequenceIndex,
  parameters: SessionKnnParameters,
  { trainCounts, order, columns }: Items,
) {
  const columnOf = placesOf(columns, trainCounts.length);
  const toTarget = countPowers(trainCounts, SHRINKAGE, -parameters.gamma);
  return {
    ...itemArrays(index, parameters, order),
    ...sequenceArrays(index, parameters),
    /** Of each entry the sequence, and the place of the item in it. */
    sequences: Int32Array.from(index.sequences, (s) => index.sequenceCount - 1 - s),
    positions: Int32Array.from(index.positions),
    /** Column of the item at each place. */
    items: index.items.map((item) => columnOf[order.numbers[item] ?? -1] ?? -1),
    lagWeights: powerWeights(parameters.fade, parameters.history),
    decay: powers(parameters.delta, LARGEST_DISTANCE),
    toTarget: Float64Array.from(columns, (number) => toTarget[order.codes[number] ?? -1] ?? 0),
    columnOf,
  };
}

interface Constants extends ConstantsOf<ReturnType<typeof arraysOf>> {
  readonly sequenceCount: number;
  readonly lags: number;
}

/** The chosen sequences of all queries, one after the other. */
interface Neighbours {
  readonly query: Tensor<'int32'>;
  readonly sequence: Tensor<'int32'>;
  /** Place of the newest item they share. */
  readonly newest: Tensor<'int32'>;
  readonly similarity: Tensor<'double'>;
  /** The highest of the query. */
  readonly highest: Tensor<'double'>;
}

function nearestSequences(
  graph: Graph,
  constants: Constants,
  history: Tensor<'int32'>,
  parameters: SessionKnnParameters,
): Neighbours {
  const { sequenceCount } = constants;
  const entries = entriesOf(graph, constants, history);
  // Queries × sequences as one number; wide, as there may be many of both.
  const wide = (a: Tensor<'int32'>): Tensor<'int64'> => ops.cast(graph, a, 'int64');
  const count = wide(ops.int(graph, sequenceCount));
  const key = ops.add(graph, ops.multiply(graph, wide(entries.query), count), wide(entries.sequence));
  const keys = sortedDistinct(graph, key);
  const slot = ops.lowerBound(graph, ops.expand(graph, keys, 0), ops.expand(graph, key, 0));
  const slots = ops.reshape(graph, slot, ops.ints(graph, [-1, 1]));
  const size = ops.shape(graph, keys);
  const query = ops.cast(graph, ops.floorDivide(graph, keys, count), 'int32');
  const sequence = ops.cast(graph, ops.floorRemainder(graph, keys, count), 'int32');
  const summed = ops.scatterNd(graph, slots, entries.weight, size);
  const similarity = ops.multiply(graph, summed, ops.gather(graph, constants.lengthWeight, sequence));
  // Entries of newer items stand before those of older ones.
  const all = ops.upTo(graph, ops.gather(graph, ops.shape(graph, key), ops.int(graph, 0)));
  const first = ops.scatterMin(graph, ops.fill(graph, size, ops.int(graph, 2 ** 31 - 1)), slots, all);
  const newest = ops.gather(graph, entries.position, first);
  const chosen = bestOfEach(
    graph,
    { query, value: similarity },
    batchOf(graph, history),
    parameters.neighbours,
  );
  const at = <T extends 'int32' | 'double'>(a: Tensor<T>): Tensor<T> => ops.gather(graph, a, chosen.places);
  return {
    ...{ query: at(query), sequence: at(sequence), newest: at(newest), similarity: at(similarity) },
    highest: ops.gather(graph, chosen.highest, at(query)),
  };
}

interface Entries {
  readonly query: Tensor<'int32'>;
  readonly sequence: Tensor<'int32'>;
  readonly position: Tensor<'int32'>;
  readonly weight: Tensor<'double'>;
}

/** The sequences of each different item among the newest ones, by its newest lag. */
function entriesOf(graph: Graph, constants: Constants, history: Tensor<'int32'>): Entries {
  const newest = newestFew(graph, history, constants.lags);
  const places = ops.upTo(graph, widthOf(graph, newest));
  const isBefore = ops.less(graph, ops.expand(graph, places, 0), ops.expand(graph, places, 1));
  const isSame = ops.equal(graph, ops.expand(graph, newest, 1), ops.expand(graph, newest, 2));
  const isRepeated = ops.any(graph, ops.and(graph, isSame, isBefore), 2);
  const isHeld = ops.greaterEqual(graph, newest, ops.int(graph, 0));
  const held = ops.where(graph, ops.and(graph, isHeld, ops.not(graph, isRepeated)));
  const items = ops.gatherNd(graph, newest, held);
  const starts = ops.gather(graph, constants.entriesFrom, items);
  const spreadOut = spread(graph, starts, ops.gather(graph, constants.entriesTo, items));
  const lag = ops.gather(graph, held, ops.int(graph, 1), { axis: 1 });
  const weight = ops.multiply(
    graph,
    ops.gather(graph, constants.lagWeights, lag),
    ops.gather(graph, constants.rarity, items),
  );
  return {
    query: ops.gather(graph, queryOf(graph, held), spreadOut.ranges),
    sequence: ops.gather(graph, constants.sequences, spreadOut.places),
    position: ops.gather(graph, constants.positions, spreadOut.places),
    weight: ops.gather(graph, weight, spreadOut.ranges),
  };
}

/** Different numbers, ascending. */
function sortedDistinct(graph: Graph, values: Tensor<'int64'>): Tensor<'int64'> {
  const distinct = ops.unique(graph, values);
  const count = ops.gather(graph, ops.shape(graph, distinct), ops.int(graph, 0));
  const [descending] = ops.topK(graph, ops.negate(graph, distinct), count);
  return ops.negate(graph, descending);
}

interface Best {
  /** Places of the best values, of all queries. */
  readonly places: Tensor<'int32'>;
  /** The highest value of each query. */
  readonly highest: Tensor<'double'>;
}

/** The best few values of each query, whose values lie side by side. */
function bestOfEach(
  graph: Graph,
  { query, value }: { readonly query: Tensor<'int32'>; readonly value: Tensor<'double'> },
  batch: Tensor<'int32'>,
  most: number,
): Best {
  const queries = ops.upTo(graph, batch);
  const start = ops.reshape(
    graph,
    ops.lowerBound(graph, ops.expand(graph, query, 0), ops.expand(graph, queries, 0)),
    ops.ints(graph, [-1]),
  );
  const all = ops.upTo(graph, ops.gather(graph, ops.shape(graph, query), ops.int(graph, 0)));
  const place = ops.subtract(graph, all, ops.gather(graph, start, query));
  const one = ops.int(graph, 1);
  const width = ops.maximum(graph, one, ops.add(graph, ops.max(graph, place, [0]), one));
  const none = ops.scalar(graph, 'double', -Infinity);
  const rows = ops.fill(graph, ops.stack(graph, [batch, width], 0), none);
  const filled = ops.scatterUpdate(graph, rows, ops.stack(graph, [query, place], 1), value);
  const [values, columns] = ops.topK(graph, filled, ops.minimum(graph, width, ops.int(graph, most)));
  const held = ops.where(graph, ops.greater(graph, values, none));
  const from = ops.gather(graph, start, queryOf(graph, held));
  return {
    places: ops.add(graph, from, ops.gatherNd(graph, columns, held)),
    highest: ops.max(graph, values, [1]),
  };
}

function votes(
  graph: Graph,
  { from, to, items, decay }: Constants,
  { query, sequence, newest, similarity, highest }: Neighbours,
  { sharpness, back }: SessionKnnParameters,
  size: { readonly batch: Tensor<'int32'>; readonly columns: number },
): ReturnType<typeof addedUp> {
  const one = ops.int(graph, 1);
  const reach = ops.int(graph, LARGEST_DISTANCE);
  const relative = ops.divide(graph, similarity, highest);
  const share =
    sharpness === 1 ? relative : ops.power(graph, relative, ops.scalar(graph, 'double', sharpness));
  const vote = (
    starts: Tensor<'int32'>,
    ends: Tensor<'int32'>,
    step: 1 | -1,
    factor: number,
  ): { readonly at: Tensor<'int32'>; readonly value: Tensor<'double'> } => {
    const { places, ranges } = spread(graph, starts, ends);
    const shared = ops.gather(graph, newest, ranges);
    const away = step === 1 ? ops.subtract(graph, places, shared) : ops.subtract(graph, shared, places);
    const weight = ops.gather(graph, decay, ops.subtract(graph, away, one));
    const scaled = ops.multiply(graph, ops.gather(graph, share, ranges), ops.scalar(graph, 'double', factor));
    return {
      at: ops.stack(graph, [ops.gather(graph, query, ranges), ops.gather(graph, items, places)], 1),
      value: ops.multiply(graph, scaled, weight),
    };
  };
  const after = ops.add(graph, newest, one);
  const last = ops.minimum(graph, ops.gather(graph, to, sequence), ops.add(graph, after, reach));
  const forward = vote(after, last, 1, 1);
  if (back === 0) return addedUp(graph, size, forward.at, forward.value);
  const first = ops.maximum(graph, ops.gather(graph, from, sequence), ops.subtract(graph, newest, reach));
  const backward = vote(first, newest, -1, back);
  const at = ops.concat(graph, [forward.at, backward.at], 0);
  return addedUp(graph, size, at, ops.concat(graph, [forward.value, backward.value], 0));
}
