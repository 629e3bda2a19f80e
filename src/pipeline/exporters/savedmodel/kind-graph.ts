/** What a model kind must give to be exported: its scores as a part of a graph. */
import type { Catalogue } from '../../data/catalogue.ts';
import type { StoredModel } from '../../model/stored-model.ts';
import type { Graph, Tensor } from './graph.ts';
import type { Real } from './operations.ts';

/**
 * Items in a graph are numbered by the random order that cuts ties, so that TensorFlow, which puts equal scores in the order
 * of their places, cuts them as the recommender does.
 */
export interface ItemOrder {
  /** Item code of each number. */
  readonly codes: Int32Array;
  /** Number of each item code. */
  readonly numbers: Int32Array;
}

/** A trained model, as it lies in its package. */
export interface KindContext {
  readonly stored: StoredModel;
  readonly catalogue: Catalogue;
  readonly order: ItemOrder;
  readonly seed: number;
  /** Loads one of the models this one is made of. */
  readonly loadMember: (name: string, kind: string) => Promise<KindGraph>;
}

/** Scores of queries, one row each. */
export interface ScoredQueries<T extends Real = Real> {
  /** Queries × columns; −Infinity: no candidate. A row of a query that is not known is not looked at. */
  readonly scores: Tensor<T>;
  /** Whether the model knows something of each query that its rule can use. */
  readonly known: Tensor<'bool'>;
}

/** Items after queries: row of the query and number of the item of each. */
export interface Pairs {
  readonly query: Tensor<'int32'>;
  readonly item: Tensor<'int32'>;
}

/** What a kind tells beside its scores, as its scorer's signals have it. */
export interface GraphSignals {
  readonly names: readonly string[];
  readonly gates: readonly string[];
  /** @returns pairs × names, and queries × gates */
  of(
    graph: Graph,
    history: Tensor<'int32'>,
    pairs: Pairs,
  ): { readonly values: Tensor<'float'>; readonly gates: Tensor<'float'> };
}

/** A kind's part of a graph, which may be built more than once. */
export interface KindGraph {
  /** As the kind's scorer has it: whether all columns are scored, or few are candidates. */
  readonly shape: 'dense' | 'sparse';
  /** Number of the item of each column, ascending; absent: all items. */
  readonly columns?: Int32Array;
  /**
   * Whether popularity follows after a query's candidates: not at all, as a fall-back, or as the model's own answer.
   */
  readonly background: 'none' | 'fallback' | 'own';
  /** Whether a query can be made of each item, by its number. */
  readonly knows: Uint8Array;
  /** @param history rows of item numbers, the newest first, −1 after the oldest */
  score(graph: Graph, history: Tensor<'int32'>): ScoredQueries;
  /** Numbers that scoring one query of so many items reads or computes, about. */
  readonly work: (items: number) => number;
  readonly signals?: GraphSignals;
  /** Products of the vectors of pairs of items, by their numbers; 0 where either has none, or is −1. */
  readonly products?: {
    readonly dimension: number;
    of(graph: Graph, a: Tensor<'int32'>, b: Tensor<'int32'>): Tensor<'float'>;
  };
}

/** Reads a trained model of a kind. */
export interface KindExporter {
  readonly kind: string;
  load(context: KindContext): Promise<KindGraph>;
}

/** Numbers of items in the order of ties. */
export function itemOrder(ties: Uint32Array): ItemOrder {
  const codes = Int32Array.from(ties.keys()).sort((a, b) => (ties[a] ?? 0) - (ties[b] ?? 0));
  const numbers = new Int32Array(codes.length);
  codes.forEach((code, number) => (numbers[code] = number));
  return { codes, numbers };
}

/** An array by item code as one by number. */
export function byNumber<A extends Int32Array | Uint8Array | Uint32Array | Float64Array>(
  array: A,
  { codes }: ItemOrder,
): A {
  const result = array.slice() as A;
  codes.forEach((code, number) => (result[number] = array[code] ?? 0));
  return result;
}

/** Columns of a model whose rows are some items: ascending numbers, and the row of each. */
export function columnsOf(
  items: Int32Array,
  { numbers }: ItemOrder,
): { columns: Int32Array; rows: Int32Array } {
  const numberOf = items.map((item) => numbers[item] ?? -1);
  const rows = Int32Array.from(items.keys()).sort((a, b) => (numberOf[a] ?? 0) - (numberOf[b] ?? 0));
  return { columns: rows.map((row) => numberOf[row] ?? -1), rows };
}

/** Column of each item number, −1 for none. */
export function placesOf(columns: Int32Array, itemCount: number): Int32Array {
  const places = new Int32Array(itemCount).fill(-1);
  columns.forEach((number, column) => (places[number] = column));
  return places;
}
