/**
 * The interface of a model kind. It knows nothing of vectors: a kind turns training sequences into artifacts, and
 * artifacts into a scorer. Everything else (evaluation, neighbours, cards, serving) works on scorers, and only through
 * `recommend.ts`, so that what is measured is what is served.
 */
import type { ParameterSet, ParameterValue } from '../../protocol/parameters.ts';
import type { BlendSummary, QueryRule } from '../../protocol/report.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { Reporter } from '../flow/reporter.ts';
import type { SeenItems } from './ranking/ranker.ts';
import type { MemoryNeed } from './fitting/memory-need.ts';
import type { Search } from './fitting/search-space.ts';
import type { RowScan } from './ranking/score-block.ts';

export type WriteArtifact = (
  name: string,
  file: string,
  write: (path: string) => Promise<void> | void,
) => Promise<void>;

export interface FitContext {
  readonly data: PreparedData;
  /** Complete values; `given` names those a person set: a kind that tunes itself leaves these as they are. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly given: readonly string[];
  readonly seed: number;
  readonly threads: number;
  /** MiB (2^20 bytes) that the process of the fit may use. */
  readonly memoryLimit: number;
  /** One thread, plain SIMD, equal bytes on every machine. */
  readonly deterministic: boolean;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  /** How validation queries are made where a kind tunes or stops early: `last` or `every:N`. */
  readonly positions: string;
  /** Validation queries a sequence gives, at most; 0: all. */
  readonly queriesPerSequence: number;
  /** Whether items of a query stay in its ranking in the run's headline figures: what is tuned is what is measured. */
  readonly seen: SeenItems;
  /** The metric that selects the best model of the run, or `auto`. */
  readonly selectBy: string;
  /** The finished models this one is made of. */
  readonly members: readonly Member[];
  /** Writes one artifact whole or not at all; `write` fills the file at the given path. */
  readonly write: WriteArtifact;
}

/** What decides which validation queries a fit asks, and how their targets are ranked. */
export type ValidationProtocol = Pick<
  FitContext,
  'data' | 'positions' | 'queriesPerSequence' | 'seen' | 'seed'
>;

/** A finished model of the same run, as a model made of it sees it. */
export interface Member {
  readonly name: string;
  readonly kind: string;
  readonly artifacts: readonly { readonly name: string; readonly path: string }[];
  open(): Promise<Scorer>;
}

export interface FitResult {
  /** Headline figures of the training for lists and tooltips. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The parameters as used, where fitting chose some itself. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

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
}

/** Scores few items for each query; the others follow in the order of `background`, or are not recommended. */
export interface SparseScorer extends CommonScorer {
  readonly shape: 'sparse';
  /** What comes after all candidates, whatever their scores. */
  readonly background?: StaticRanking;
  /** Whether the background is the model's own answer; else it is a fall-back, and its items are marked as such. */
  readonly ownsBackground?: true;
  /** @returns undefined where the model knows nothing the rule could use */
  candidates(query: Int32Array, rule: QueryRule): Candidates | undefined;
}

export type Scorer = DenseScorer | SparseScorer;

export interface OpenContext {
  readonly data: PreparedData;
  /** Where one artifact of the trained branch lies. */
  readonly locate: (artifact: string) => string;
  /** Opens a model of another kind whose artifacts are among this one's. */
  readonly openOther: (kind: string, locate: (artifact: string) => string) => Promise<Scorer>;
  readonly threads: number;
  readonly deterministic: boolean;
  readonly seed: number;
}

export interface ModelKind {
  /** As in `run.json`: `prod2vec`, `sequential-item-knn`, `popularity`, … */
  readonly name: string;
  readonly title: string;
  /** Its title where the name of the data's group column is known. */
  titleOf?(group: string): string;
  /** What it was called in earlier versions, whose runs and commands name it so. */
  readonly formerName?: string;
  /** One sentence for help and the card. */
  readonly description: string;
  /**
   * Changes whenever the kind would give other results from the same data and parameters: what it learns, tunes or scores.
   * `test/fixtures/pinned-results.json` tells when it was forgotten.
   */
  readonly version: string;
  readonly parameters: ParameterSet;
  /** How it can be tuned; absent: it cannot. */
  readonly search?: Search;
  /** Says how this kind makes a query of a list, for the card. */
  readonly queryStated: string;
  /** Whether more threads make its training faster. */
  readonly parallel: boolean;
  /** About how many times as long as a prod2vec set one training takes by default; absent: as long. */
  readonly effort?: number;
  /** Whether it is made of other models of the run. */
  readonly composite?: true;
  /** Whether it can recommend items without training rows. */
  readonly recommendsNewItems?: true;
  /**
   * Looks at the parameters of a composite kind when its run is planned.
   * @param names of the models it will be made of
   * @throws UserError where they do not fit
   */
  checkMembers?(parameters: Readonly<Record<string, ParameterValue>>, names: readonly string[]): void;
  /** False where the data lack what the kind needs (a group column). */
  fits(data: { readonly hasGroups: boolean }): boolean;
  /** How much memory it needs; absent: its scorer's arrays by item, and nothing for its training. */
  readonly memory?: MemoryNeed;
  fit(context: FitContext): Promise<FitResult>;
  open(context: OpenContext): Promise<Scorer>;
  /** What a composite kind is made of, for the report. */
  readonly composition?: {
    readonly artifact: string;
    read(file: string): Promise<BlendSummary>;
  };
}
