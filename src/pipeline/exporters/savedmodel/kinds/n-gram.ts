import { readFitted } from '../../../kinds/fitting/fitted-parameters.ts';
import { readSequences } from '../../../kinds/fitting/kept-sequences.ts';
import { indexOccurrences, occurrencesOf, type Occurrences } from '../../../kinds/fitting/occurrences.ts';
import { MOST_CONTEXT } from '../../../kinds/n-gram/next-counts.ts';
import { nGramParameters, type NGramParameters } from '../../../kinds/n-gram/parameters.ts';
import { followingItems, N_GRAM_GATES, N_GRAM_SIGNALS, SHARE_SCALES } from '../../../kinds/n-gram/scorer.ts';
import { addedUp, candidates } from '../candidates.ts';
import { constantsOf, type ConstantsOf } from '../constants.ts';
import { onceATensor, type Graph, type Tensor } from '../graph.ts';
import { batchOf, beforeNewest, byValue, heldPlaces, newestOf, queryOf } from '../histories.ts';
import {
  byNumber,
  columnsOf,
  placesOf,
  type GraphSignals,
  type ItemOrder,
  type KindExporter,
} from '../kind-graph.ts';
import * as ops from '../operations.ts';
import { atPairs, sideBySide } from '../pairs.ts';
import { evidenceWork, usually } from '../query-work.ts';
import { spread } from '../sparse-rows.ts';

/** Stands for the place of an occurrence that never comes. */
const NEVER = 2 ** 31 - 1;
/** Counts that are added up by columns: weighted ones, and those of three orders. */
const SUMS = 4;
/** Numbers of each place before a place that is looked at. */
const OF_CONTEXT = 12;

/** What came next where the newest item stood, more where the items before it were like the query's. */
export const nGram: KindExporter = {
  kind: 'n-gram',
  async load({ stored, catalogue: { trainCounts }, order }) {
    const locate = (artifact: string): string => stored.locate(artifact);
    const parameters = await readFitted(locate('parameters'), 'n-gram', nGramParameters);
    const occurrences = indexOccurrences(await readSequences(locate), trainCounts.length);
    const { followed, recommended } = followingItems(occurrences);
    const { columns } = columnsOf(
      Int32Array.from(recommended.keys()).filter((item) => recommended[item] === 1),
      order,
    );
    const { places, reach } = parameters;
    const lookedAt = usually(trainCounts, (code) => Math.min(places, occurrencesOf(occurrences, code)));
    const here = constantsOf(arraysOf(occurrences, parameters, order, columns));
    const countsOf = onceATensor((graph: Graph, history: Tensor<'int32'>) =>
      countNext(graph, { ...here(graph), history, columns: columns.length, parameters }),
    );
    return {
      ...{ shape: 'sparse', columns, background: 'none', knows: byNumber(followed, order) },
      work: () =>
        SUMS * evidenceWork(columns.length, lookedAt) + OF_CONTEXT * reach * lookedAt + trainCounts.length,
      score: (graph, history) => candidates(graph, countsOf(graph, history).weighted),
      signals: signalsOf((graph, history) => ({ ...here(graph), ...countsOf(graph, history) })),
    };
  },
};

function arraysOf(
  { items, starts, ends, offsets, positions }: Occurrences,
  { places }: NGramParameters,
  { codes, numbers }: ItemOrder,
  columns: Int32Array,
) {
  const columnOf = placesOf(columns, codes.length);
  const numberAt = items.map((item) => numbers[item] ?? -1);
  const placesTo = codes.map((code) => offsets[code + 1] ?? 0);
  const again = new Int32Array(items.length).fill(NEVER);
  positions.forEach((place, at) => {
    const before = positions[at - 1];
    if (before !== undefined && items[before] === items[place]) again[before] = place;
  });
  return {
    /** By item: which of its places are looked at. */
    placesFrom: codes.map((code, number) => Math.max(offsets[code] ?? 0, (placesTo[number] ?? 0) - places)),
    placesTo,
    columnOf,
    placeOf: Int32Array.from(positions),
    /** By place: the item there, the column of the one that follows, where its sequence starts, where the item stands again. */
    itemAt: numberAt,
    nextAt: numberAt.map((_, place) =>
      place + 1 < (ends[place] ?? 0) ? (columnOf[numberAt[place + 1] ?? -1] ?? -1) : -1,
    ),
    startAt: Int32Array.from(starts),
    again,
    /** 1/lag by lag; the last stands for what is not in the query. */
    oneOverLag: Float64Array.from({ length: MOST_CONTEXT + 2 }, (_, lag) =>
      lag === 0 || lag > MOST_CONTEXT ? 0 : 1 / lag,
    ),
  };
}

type Constants = ConstantsOf<ReturnType<typeof arraysOf>>;

interface Counting extends Constants {
  readonly history: Tensor<'int32'>;
  readonly columns: number;
  readonly parameters: NGramParameters;
}

/** Places where the newest items stood and something followed, of all queries one after the other. */
interface Places {
  readonly query: Tensor<'int32'>;
  readonly place: Tensor<'int32'>;
}

interface NextCounts {
  readonly weighted: ReturnType<typeof addedUp>;
  /** Queries × columns: of all places, of those that also match the item before, of those that match two before. */
  readonly orders: readonly Tensor<'double'>[];
}

function countNext(graph: Graph, counting: Counting): NextCounts {
  const places = placesAfter(graph, counting);
  const next = ops.gather(graph, counting.nextAt, places.place);
  const at = ops.stack(graph, [places.query, next], 1);
  const size = { batch: batchOf(graph, counting.history), columns: counting.columns };
  const sum = (values: Tensor<'double'>): ReturnType<typeof addedUp> => addedUp(graph, size, at, values);
  const one = ops.scalar(graph, 'double', 1);
  const all = ops.fill(graph, ops.stack(graph, [batchOf(graph, at)], 0), one);
  const second = isBefore(graph, counting, places, 1);
  const third = ops.and(graph, second, isBefore(graph, counting, places, 2));
  const { context } = counting.parameters;
  const near = ops.multiply(graph, contextAt(graph, counting, places), ops.scalar(graph, 'double', context));
  return {
    weighted: sum(ops.add(graph, all, near)),
    orders: [
      sum(all).sums,
      sum(ops.cast(graph, second, 'double')).sums,
      sum(ops.cast(graph, third, 'double')).sums,
    ],
  };
}

function placesAfter(graph: Graph, { history, placesFrom, placesTo, placeOf, nextAt }: Counting): Places {
  const newest = ops.expand(graph, newestOf(graph, history), 1);
  const held = heldPlaces(graph, newest);
  const item = ops.gatherNd(graph, newest, held);
  const found = spread(graph, ops.gather(graph, placesFrom, item), ops.gather(graph, placesTo, item));
  const place = ops.gather(graph, placeOf, found.places);
  const query = ops.gather(graph, queryOf(graph, held), found.ranges);
  const next = ops.gather(graph, nextAt, place);
  const followed = ops.where(graph, ops.greaterEqual(graph, next, ops.int(graph, 0)));
  return { query: ops.gatherNd(graph, query, followed), place: ops.gatherNd(graph, place, followed) };
}

/** Whether the item so far before a place, in its sequence, is the one as far before the newest in the query. */
function isBefore(
  graph: Graph,
  { history, itemAt, startAt }: Counting,
  { query, place }: Places,
  distance: number,
): Tensor<'bool'> {
  const before = ops.subtract(graph, place, ops.int(graph, distance));
  const isInside = ops.greaterEqual(graph, before, ops.gather(graph, startAt, place));
  const item = ops.gather(graph, itemAt, ops.maximum(graph, before, ops.int(graph, 0)));
  const own = ops.gather(graph, newestOf(graph, history, distance), query);
  return ops.and(graph, isInside, ops.equal(graph, item, own));
}

/** Σ 1/lag over different items of the query that stand shortly before a place, the nearest first. */
function contextAt(graph: Graph, counting: Counting, { query, place }: Places): Tensor<'double'> {
  const { itemAt, startAt, again, oneOverLag } = counting;
  const { reach } = counting.parameters;
  const none = ops.fill(graph, ops.stack(graph, [batchOf(graph, place)], 0), ops.scalar(graph, 'double', 0));
  if (reach === 0) return none;
  const distances = ops.range(graph, ops.int(graph, 1), ops.int(graph, reach + 1), ops.int(graph, 1));
  const before = ops.subtract(graph, ops.expand(graph, place, 1), distances);
  const start = ops.expand(graph, ops.gather(graph, startAt, place), 1);
  const there = ops.maximum(graph, before, ops.int(graph, 0));
  // What stands again nearer to the place was counted there.
  const isNearest = ops.greaterEqual(graph, ops.gather(graph, again, there), ops.expand(graph, place, 1));
  const counts = ops.and(graph, ops.greaterEqual(graph, before, start), isNearest);
  const item = ops.gather(graph, itemAt, there);
  const queries = ops.add(graph, ops.expand(graph, query, 1), ops.multiply(graph, item, ops.int(graph, 0)));
  const lag = ops.gatherNd(graph, lagsOf(graph, counting), ops.stack(graph, [queries, item], 2));
  const shares = ops.gather(
    graph,
    oneOverLag,
    ops.select(graph, counts, lag, ops.int(graph, MOST_CONTEXT + 1)),
  );
  // One after the other, as the kernel adds them: sums that are equal there are equal here.
  return ops.unstack(graph, shares, reach, 1).reduce((sum, share) => ops.add(graph, sum, share), none);
}

/** Queries × items: lag of the newest place of an item before the newest, or one too many. */
function lagsOf(graph: Graph, { history, placesTo }: Counting): Tensor<'int32'> {
  const context = beforeNewest(graph, history, MOST_CONTEXT);
  const held = heldPlaces(graph, context);
  const place = ops.gather(graph, held, ops.int(graph, 1), { axis: 1 });
  const size = ops.stack(graph, [batchOf(graph, history), batchOf(graph, placesTo)], 0);
  const never = ops.fill(graph, size, ops.int(graph, MOST_CONTEXT + 1));
  const lag = ops.add(graph, place, ops.int(graph, 1));
  return ops.scatterMin(graph, never, byValue(graph, held, context), lag);
}

type Counted = NextCounts & Pick<Constants, 'columnOf'>;

function signalsOf(counted: (graph: Graph, history: Tensor<'int32'>) => Counted): GraphSignals {
  return {
    names: N_GRAM_SIGNALS,
    gates: N_GRAM_GATES,
    of(graph, history, { query, item }) {
      const { columnOf, weighted, orders } = counted(graph, history);
      const column = ops.gather(graph, columnOf, item);
      const zero = ops.scalar(graph, 'double', 0);
      const at = (counts: Tensor<'double'>): Tensor<'double'> => atPairs(graph, counts, query, column, zero);
      const shareOf = (counts: Tensor<'double'>, scale: number): Tensor<'double'> => {
        const scaled = ops.multiply(graph, ops.scalar(graph, 'double', scale), at(counts));
        return ops.logOnePlus(graph, ops.divide(graph, scaled, onePlusTotal(graph, counts, query)));
      };
      const shares = orders.map((counts, order) => shareOf(counts, SHARE_SCALES.after[order] ?? 0));
      const [all = weighted.sums, pairs = weighted.sums] = orders;
      const count = ops.logOnePlus(graph, at(all));
      const support = ops.logOnePlus(graph, ops.sum(graph, pairs, [1], true));
      return {
        values: sideBySide(graph, [shareOf(weighted.sums, SHARE_SCALES.weighted), ...shares, count]),
        gates: ops.cast(graph, support, 'float'),
      };
    },
  };
}

/** Of each pair. */
function onePlusTotal(graph: Graph, counts: Tensor<'double'>, query: Tensor<'int32'>): Tensor<'double'> {
  const total = ops.add(graph, ops.sum(graph, counts, [1]), ops.scalar(graph, 'double', 1));
  return ops.gather(graph, total, query);
}
