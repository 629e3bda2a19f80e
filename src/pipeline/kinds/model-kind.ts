/**
 * The interface of a model kind: a half that trains and a half that opens. It knows nothing of vectors: a kind turns
 * training sequences into artifacts, and artifacts into a scorer. Everything else (evaluation, neighbours, cards,
 * serving) works on scorers, and only through the `Recommender`, so that what is measured is what is served.
 */
import type { ParameterSet, ParameterValue } from '../../protocol/parameters.ts';
import type { Composition } from '../../protocol/report.ts';
import type { Catalogue } from '../data/catalogue.ts';
import type { FitContext, FitResult } from './fitting/fit-context.ts';
import type { MemoryNeed } from './fitting/memory-need.ts';
import type { Search } from './fitting/search-space.ts';
import type { ItemVectors, Scorer } from './ranking/scorer.ts';

/** A model of a kind, by name, with the parameters in which it differs from the defaults. */
export interface Variant {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** Trains models of a kind. */
export interface Trainer {
  readonly parameters: ParameterSet;
  /**
   * Further models of the kind that a run with a composite has beside the one by the defaults, where no parameter of the kind
   * is given: a stack can use what either sees.
   */
  readonly variants?: readonly Variant[];
  /** How it can be tuned; absent: it cannot. */
  readonly search?: Search;
  /** Whether more threads make its training faster. */
  readonly parallel: boolean;
  /** About how many times as long as a prod2vec set one training takes by default; absent: as long. */
  readonly effort?: number;
  /** Whether it is made of other models of the run. */
  readonly composite?: true;
  /**
   * Looks at the parameters of a composite kind when its run is planned.
   * @param names of the models it will be made of
   * @throws UserError where they do not fit
   */
  checkMembers?(parameters: Readonly<Record<string, ParameterValue>>, names: readonly string[]): void;
  /** False where the data lack what the kind needs (a group column). */
  fits(data: { readonly hasGroups: boolean }): boolean;
  fit(context: FitContext): Promise<FitResult>;
}

export interface OpenContext {
  readonly catalogue: Catalogue;
  /** Where one of the model's own artifacts lies. */
  readonly locate: (artifact: string) => string;
  /** Opens one of the models this one is made of. */
  readonly openMember: (member: { readonly name: string; readonly kind: string }) => Promise<Scorer>;
  readonly deterministic: boolean;
  readonly seed: number;
}

/** Reads the vectors of trained models of a kind. */
export interface VectorReader {
  /** What they are, for people who use them elsewhere: which of the model's, of what length, and what a product of two tells. */
  readonly stated: string;
  /** Those that its scorer has (`scorer.vectors`), without all else that scoring needs. */
  read(context: Pick<OpenContext, 'catalogue' | 'locate'>): Promise<ItemVectors>;
}

/** Opens trained models of a kind. */
export interface Opener {
  /** Says how this kind makes a query of a list, for the card. */
  readonly queryStated: string;
  /** Whether it can recommend items without training rows. */
  readonly recommendsNewItems?: true;
  open(context: OpenContext): Promise<Scorer>;
  /** Of a kind whose scorers have vectors. */
  readonly vectors?: VectorReader;
  /** What a composite kind is made of, for the report. */
  readonly composition?: {
    readonly artifact: string;
    read(file: string): Promise<Composition>;
  };
}

export interface ModelKind extends Trainer, Opener {
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
  /** How much memory each half needs; absent: its scorer's arrays by item, and nothing for its training. */
  readonly memory?: MemoryNeed;
}
