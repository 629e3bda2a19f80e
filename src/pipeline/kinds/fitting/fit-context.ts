/** What a model kind is given to train with, and what it gives back. */
import type { ParameterValue } from '../../../protocol/parameters.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { Reporter } from '../../reporter.ts';
import type { SeenItems } from '../ranking/ranker.ts';
import type { Scorer } from '../ranking/scorer.ts';

export type WriteArtifact = (
  name: string,
  file: string,
  write: (path: string) => Promise<void> | void,
) => Promise<void>;

export interface FitContext {
  readonly data: PreparedData;
  /**
   * As they stand in the run; a kind checks them, once, against its own set. `given` names those a person set: a kind that
   * tunes itself leaves these as they are.
   */
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
  /** The same model's first training, on fewer rows: what it chose on validation is taken over, and nothing chosen anew. */
  readonly earlier?: { readonly locate: (artifact: string) => string };
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
  /** Of its package, which another thread can open for itself. */
  readonly folder: string;
  open(): Promise<Scorer>;
}

export interface FitResult {
  /** Headline figures of the training for lists and tooltips. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The parameters as used, also those that fitting chose itself; absent: the kind has none. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Where they differ from `parameters`: those by which a training on more data, without validation, comes to the same. */
  readonly refit?: Readonly<Record<string, ParameterValue>>;
  /** Names of the members the model is made of: those it was given, less those it does without. */
  readonly members?: readonly string[];
}
