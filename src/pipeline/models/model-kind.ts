/**
 * The interface of a model kind. It knows nothing of vectors: a kind turns training sequences into artifacts, and
 * artifacts into a scorer. Everything else (evaluation, neighbours, cards, serving) works on scorers.
 */
import type { ParameterSet, ParameterValue } from '../../protocol/parameters.ts';
import type { QueryRule } from '../../protocol/report.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { Reporter } from '../flow/reporter.ts';

export interface FitContext {
  readonly data: PreparedData;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  readonly threads: number;
  /** One thread, plain SIMD, equal bytes on every machine. */
  readonly deterministic: boolean;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  /** How validation queries are made where a kind tunes or stops early: `last` or `every:N`. */
  readonly positions: string;
  /** Writes one artifact whole or not at all; `write` fills the file at the given path. */
  write(name: string, file: string, write: (path: string) => Promise<void> | void): Promise<void>;
}

export interface FitResult {
  /** Headline figures of the training for lists and tooltips. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Item vectors, for kinds that have them. */
export interface ItemVectors {
  readonly dimension: number;
  /** Item code of each row. */
  readonly items: Int32Array;
  /** Rows × dimension, as trained (not normalised). */
  readonly values: Float32Array;
}

export interface Scorer {
  /** Items the model can recommend. */
  readonly vocabulary: number;
  knows(item: number): boolean;
  /** Ways to make a query of a list, the kind's own first; headline figures use that one. */
  readonly queryRules: readonly QueryRule[];
  /**
   * Scores all items for a block of queries.
   * @param queries each a list of item codes, oldest first, unknown items allowed
   * @param out queries × itemCount; items the model cannot recommend get −Infinity
   * @returns for each query 1, or 0 when it holds no known item: that row of `out` is then undefined and the caller
   *   applies the fallback
   */
  score(queries: readonly Int32Array[], rule: QueryRule, out: Float32Array): Uint8Array;
  readonly vectors?: ItemVectors;
  /** Frees threads and memory. */
  dispose?(): void;
}

export interface OpenContext {
  readonly data: PreparedData;
  /** Where one artifact of the trained branch lies. */
  locate(artifact: string): string;
  readonly threads: number;
  readonly deterministic: boolean;
  readonly seed: number;
}

export interface ModelKind {
  /** As in `run.json`: `prod2vec`, `sequential-item-knn`, `popularity`, … */
  readonly name: string;
  readonly title: string;
  /** One sentence for help and the card. */
  readonly description: string;
  readonly parameters: ParameterSet;
  /** Says how this kind makes a query of a list, for the card. */
  readonly queryStated: string;
  /** Whether more threads make its training faster. */
  readonly parallel: boolean;
  /** False where the data lack what the kind needs (a group column). */
  fits(data: { readonly hasGroups: boolean }): boolean;
  fit(context: FitContext): Promise<FitResult>;
  open(context: OpenContext): Promise<Scorer>;
}
