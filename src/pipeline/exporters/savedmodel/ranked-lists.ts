/**
 * From scores to lists, as `Recommender` and `Ranker` make them: what a query holds is left out where asked, ties are cut by
 * the order of the items' numbers, popularity follows or answers.
 */
import type { Graph, Tensor } from './graph.ts';
import { batchOf, byValue, heldPlaces, mapped, widthOf } from './histories.ts';
import { boolScalar } from './item-table.ts';
import type { KindGraph, ScoredQueries } from './kind-graph.ts';
import * as ops from './operations.ts';
import type { Real } from './operations.ts';

/** What does not depend on the query. */
export interface RankingTables {
  readonly background: KindGraph['background'];
  /** Number of the item of each column; absent: all items. */
  readonly columns: Tensor<'int32'> | undefined;
  /** Column of each item; absent: its number. */
  readonly columnOf: Tensor<'int32'> | undefined;
  readonly columnCount: number;
  /** Items by popularity. */
  readonly popular: Tensor<'int32'>;
  readonly popularCount: number;
  /** Place of each item among these, −1 for none. */
  readonly popularPlace: Tensor<'int32'>;
  /** Training rows of each of these. */
  readonly rows: Tensor<'float'>;
}

export interface Asked {
  /** Queries × items, the newest first. */
  readonly history: Tensor<'int32'>;
  /** Length of each list. */
  readonly k: Tensor<'int32'>;
  /** Whether each list leaves out what its query holds. */
  readonly exclude: Tensor<'bool'>;
  /** Columns of the lists. */
  readonly width: Tensor<'int32'>;
}

export interface Lists {
  /** Item numbers, −1 after the last. */
  readonly items: Tensor<'int32'>;
  readonly scores: Tensor<'float'>;
  readonly byPopularity: Tensor<'bool'>;
}

interface Part {
  /** Items of each row, best first. */
  readonly items: Tensor<'int32'>;
  readonly scores: Tensor<'float'>;
  /** How many of them count. */
  readonly count: Tensor<'int32'>;
}

export function rankedLists(graph: Graph, tables: RankingTables, scored: ScoredQueries, asked: Asked): Lists {
  const own = ownPart(graph, tables, scored, asked);
  const popular = popularPart(graph, tables, scored, asked);
  const isFilled = tables.background !== 'none';
  const unknown = ops.not(graph, scored.known);
  const usable = isFilled ? popular.count : ops.select(graph, unknown, popular.count, ops.int(graph, 0));
  const total = ops.minimum(graph, asked.k, ops.add(graph, own.count, usable));
  const byPopularity =
    tables.background === 'fallback' ? ops.or(graph, unknown, onlyPopular(graph, own.count, total)) : unknown;
  const places = ops.upTo(graph, asked.width);
  const isOwn = ops.less(graph, places, ops.expand(graph, own.count, 1));
  const isListed = ops.less(graph, places, ops.expand(graph, total, 1));
  const ownPlace = clamped(graph, ops.add(graph, places, zerosLike(graph, own.count)), own);
  const popularPlace = clamped(graph, ops.subtract(graph, places, ops.expand(graph, own.count, 1)), popular);
  const listed = <T extends 'int32' | 'float'>(a: Tensor<T>, b: Tensor<T>, none: Tensor<T>): Tensor<T> => {
    const merged = ops.select(
      graph,
      isOwn,
      ops.gather(graph, a, ownPlace, { axis: 1, batchDims: 1 }),
      ops.gather(graph, b, popularPlace, { axis: 1, batchDims: 1 }),
    );
    return ops.select(graph, isListed, merged, none);
  };
  // What fills up a list of the model's own has no score of it.
  const isScored = tables.background === 'own' ? boolScalar(graph, true) : ops.expand(graph, byPopularity, 1);
  const zero = ops.scalar(graph, 'float', 0);
  const popularScores = ops.select(graph, isScored, popular.scores, zero);
  return {
    items: listed(own.items, popular.items, ops.int(graph, -1)),
    scores: listed(own.scores, popularScores, zero),
    byPopularity,
  };
}

function onlyPopular(graph: Graph, own: Tensor<'int32'>, total: Tensor<'int32'>): Tensor<'bool'> {
  const zero = ops.int(graph, 0);
  return ops.and(graph, ops.equal(graph, own, zero), ops.greater(graph, total, zero));
}

/** Queries × 1. */
function zerosLike(graph: Graph, counts: Tensor<'int32'>): Tensor<'int32'> {
  return ops.expand(graph, ops.multiply(graph, counts, ops.int(graph, 0)), 1);
}

/** Places that a part has. Lists of width 0 have none, and none is asked of them. */
function clamped(graph: Graph, places: Tensor<'int32'>, { items }: Part): Tensor<'int32'> {
  const last = ops.subtract(graph, widthOf(graph, items), ops.int(graph, 1));
  const zero = ops.int(graph, 0);
  return ops.maximum(graph, ops.minimum(graph, places, last), zero);
}

/** The best of the model's own candidates. */
function ownPart(graph: Graph, tables: RankingTables, scored: ScoredQueries, asked: Asked): Part {
  const shown = withoutSeen(graph, tables, scored.scores, asked);
  const k = ops.minimum(graph, asked.width, ops.int(graph, tables.columnCount));
  const [values, columns] = ops.topK(graph, shown, k);
  const isCandidate = ops.greater(graph, values, ops.scalar(graph, values.type, -Infinity));
  const known = ops.expand(graph, scored.known, 1);
  const found = countTrue(graph, ops.and(graph, isCandidate, known));
  return {
    items: atLeastOne(
      graph,
      tables.columns === undefined ? columns : ops.gather(graph, tables.columns, columns),
    ),
    scores: atLeastOne(graph, ops.cast(graph, values, 'float')),
    count: ops.minimum(graph, found, asked.k),
  };
}

/** One column more, so that there is something to look at where nothing is asked. */
function atLeastOne<T extends 'int32' | 'float'>(graph: Graph, rows: Tensor<T>): Tensor<T> {
  const size = ops.stack(graph, [batchOf(graph, rows), ops.int(graph, 1)], 0);
  return ops.concat(graph, [rows, ops.fill(graph, size, ops.scalar(graph, rows.type, 0))], 1);
}

function withoutSeen(
  graph: Graph,
  { columnOf }: RankingTables,
  scores: Tensor<Real>,
  { history, exclude }: Asked,
): Tensor<Real> {
  const columns = columnOf === undefined ? history : mapped(graph, history, columnOf);
  const hidden = ops.select(graph, ops.expand(graph, exclude, 1), columns, ops.int(graph, -1));
  return hiddenIn(graph, scores, hidden);
}

/** Scores with −Infinity at some columns of each row. @param columns queries × any number, −1 for none */
export function hiddenIn<T extends Real>(
  graph: Graph,
  scores: Tensor<T>,
  columns: Tensor<'int32'>,
): Tensor<T> {
  const held = heldPlaces(graph, columns);
  const count = ops.stack(graph, [batchOf(graph, held)], 0);
  const hide = ops.fill(graph, count, ops.scalar(graph, scores.type, -Infinity));
  return ops.scatterUpdate(graph, scores, byValue(graph, held, columns), hide);
}

function countTrue(graph: Graph, condition: Tensor<'bool'>): Tensor<'int32'> {
  return ops.sum(graph, ops.cast(graph, condition, 'int32'), [1]);
}

/** The most popular items, without what the query holds and, after a model's candidates, without these. */
function popularPart(graph: Graph, tables: RankingTables, scored: ScoredQueries, asked: Asked): Part {
  const { popular, rows, popularCount, background } = tables;
  const all = ops.int(graph, popularCount);
  // Where nothing but the query is left out, what it holds is all that can be missing from the first.
  const reach = ops.add(graph, asked.width, widthOf(graph, asked.history));
  const count = background === 'fallback' ? all : ops.minimum(graph, all, reach);
  const left = ops.select(
    graph,
    taken(graph, tables, scored, asked, count),
    ops.scalar(graph, 'float', -Infinity),
    // By float32, whole numbers up to 16 million are exact.
    ops.negate(graph, ops.cast(graph, ops.upTo(graph, count), 'float')),
  );
  const [values, places] = ops.topK(graph, left, ops.minimum(graph, asked.width, count));
  const isLeft = ops.greater(graph, values, ops.scalar(graph, 'float', -Infinity));
  return {
    items: atLeastOne(graph, ops.gather(graph, popular, places)),
    scores: atLeastOne(graph, ops.gather(graph, rows, places)),
    count: countTrue(graph, isLeft),
  };
}

/** Which of the first popular items may not follow. */
function taken(
  graph: Graph,
  tables: RankingTables,
  scored: ScoredQueries,
  { history, exclude }: Asked,
  count: Tensor<'int32'>,
): Tensor<'bool'> {
  const place = mapped(graph, history, tables.popularPlace);
  const isHidden = ops.and(graph, ops.expand(graph, exclude, 1), ops.less(graph, place, count));
  const hidden = ops.select(graph, isHidden, place, ops.int(graph, -1));
  const size = ops.stack(graph, [batchOf(graph, history), count], 0);
  const none = ops.fill(graph, size, ops.scalar(graph, 'float', 0));
  const seen = ops.less(graph, hiddenIn(graph, none, hidden), ops.scalar(graph, 'float', 0));
  if (tables.background !== 'fallback') return seen;
  const candidates = ops.and(
    graph,
    popularCandidates(graph, tables, scored.scores),
    ops.expand(graph, scored.known, 1),
  );
  return ops.or(graph, seen, candidates);
}

/** Queries × popular items: which of these are candidates. */
function popularCandidates(
  graph: Graph,
  { popular, columnOf }: RankingTables,
  scores: Tensor<Real>,
): Tensor<'bool'> {
  const none = ops.scalar(graph, scores.type, -Infinity);
  if (columnOf === undefined)
    return ops.greater(graph, ops.gather(graph, scores, popular, { axis: 1 }), none);
  const zero = ops.int(graph, 0);
  const columns = ops.gather(graph, columnOf, popular);
  const scored = ops.gather(graph, scores, ops.maximum(graph, columns, zero), { axis: 1 });
  return ops.and(graph, ops.greaterEqual(graph, columns, zero), ops.greater(graph, scored, none));
}
