/** What a trained model is to everything that ranks: an object that scores items for queries. It need not know vectors. */
import type { QueryRule } from '../../../protocol/report.ts';
import type { Explanation } from './explanation.ts';
import type { RowScan } from './score-block.ts';

/** Item vectors, for kinds that have them: those whose nearness tells similar items best. */
export interface ItemVectors {
  readonly dimension: number;
  /** Item code of each row. */
  readonly items: Int32Array;
  /** Rows × dimension, as trained (not normalised). */
  readonly values: Float32Array;
  /**
   * `product`: rows have length 1, less where the model is less sure, and the similarity of two items is their inner product.
   * Absent: it is the cosine, by which the model also scores the query of one item.
   */
  readonly similarity?: 'product';
  /**
   * Products of rows by item: of each of `from` with each of `items`, 0 where either has no row.
   * @returns from × items
   */
  readonly products?: (from: Int32Array, items: Int32Array) => Float32Array;
}

/** Scored items of one query; the arrays belong to the scorer (or its caller) and are valid until the next query. */
export interface Candidates {
  /** Item code of each slot; the first `count` are in use, each item at most once. */
  readonly items: Int32Array;
  /** Score of each slot; −Infinity: not to be recommended for this query. */
  readonly scores: Float32Array | Float64Array;
  count: number;
  /** Slot of each item code, −1 where it is no candidate. */
  readonly slotOf: Int32Array;
  /** Fast passes over `scores`, where they lie in a kernel's memory. */
  readonly scan?: RowScan;
}

/** The best items of some queries; see `DenseScorer.best`. */
export interface BestItems {
  /** Row of each query in `items` and `scores`, −1 where the model knows nothing the rule could use. */
  readonly rowOf: Int32Array;
  /** Places of a row. */
  readonly depth: number;
  /** Item codes by descending score, −1 after the last. */
  readonly items: Int32Array;
  readonly scores: Float32Array;
  /** Whether lists may end at their query's target, and lack better items where they are full. */
  readonly forTargets?: boolean;
}

/** A ranking that is the same for all queries. */
export interface StaticRanking {
  /** Item codes by descending score. */
  readonly items: Int32Array;
  /** Score of each item code (not of each rank); −Infinity for items that are not in `items`. */
  readonly scores: Float64Array;
}

/** More that a model can tell of items after a query than one score; what stacks models weighs each for itself. */
export interface ItemSignals {
  readonly names: readonly string[];
  /** Numbers of the query, by which those of the items may weigh more or less. */
  readonly gates: readonly string[];
  /**
   * @param items codes of distinct items
   * @param out items × names; all of it is filled
   * @param gates one number each
   */
  of(query: Int32Array, items: Int32Array, out: Float32Array, gates: Float32Array): void;
}

interface CommonScorer {
  /** Number of items the model can recommend. */
  readonly vocabulary: number;
  /** Whether a query can be made of the item. */
  knows(item: number): boolean;
  /** Whether the item can ever be recommended. */
  recommends(item: number): boolean;
  /** Ways to make a query of a list, the kind's own first; headline figures use that one. */
  readonly queryRules: readonly QueryRule[];
  readonly vectors?: ItemVectors;
  readonly signals?: ItemSignals;
  /**
   * Why items stand where they do after a query, by the kind's own rule; what was asked before is no longer valid.
   * @param items codes of distinct items
   * @returns undefined where the model knows nothing of the query
   */
  explain?(query: Int32Array, items: Int32Array): Explanation | undefined;
}

/** Scores every item of its vocabulary for each query. */
export interface DenseScorer extends CommonScorer {
  readonly shape: 'dense';
  /** Item code of each column, `vocabulary` of them. */
  readonly items: Int32Array;
  /**
   * Scores all columns for a block of queries; a query's scores do not depend on the others in its block.
   * @param queries each a list of item codes, oldest first, unknown items allowed
   * @param out queries × vocabulary; −Infinity marks an item that must not be recommended for this query
   * @returns for each query 1, or 0 where the model knows nothing the rule could use: that row of `out` is undefined
   */
  score(queries: readonly Int32Array[], rule: QueryRule, out: Float32Array): Uint8Array;
  /**
   * Only the best items of each query, for kinds that find them faster than by scoring all columns. Scores have the bits
   * `score` gives, and an item it marks by −Infinity is not among them, so ranks are the same whichever is asked. A kind
   * that has it answers every query with an item, among those the rule uses, that it `knows`.
   * @param targets for each query the one item whose rank is asked, −1: several, or the list itself. Of a query with a
   * target, items below it may be left out, and where `depth` items or more do not score less, any of those may be given.
   */
  best?(queries: readonly Int32Array[], rule: QueryRule, depth: number, targets?: Int32Array): BestItems;
  /**
   * Scores of some items only, for kinds that need not score all for it; with the bits `score` gives.
   * @param out one score an item; −Infinity where the model cannot recommend it
   * @returns false where the model knows nothing the rule could use
   */
  scoreItems?(query: Int32Array, rule: QueryRule, items: Int32Array, out: Float32Array): boolean;
}

/** Scores few items for each query; the others follow in the order of `background`, or are not recommended. */
export interface SparseScorer extends CommonScorer {
  readonly shape: 'sparse';
  /** What comes after all candidates, whatever their scores. */
  readonly background?: StaticRanking;
  /** Whether the background is the model's own answer; else it is a fall-back, and its items are marked as such. */
  readonly ownsBackground?: true;
  /**
   * Tells which queries are asked next, as these very arrays: kinds that answer several of them faster together may look at
   * them at once. What they answer is the same.
   */
  expect?(queries: readonly Int32Array[]): void;
  /** @returns undefined where the model knows nothing the rule could use */
  candidates(query: Int32Array, rule: QueryRule): Candidates | undefined;
}

export type Scorer = DenseScorer | SparseScorer;
