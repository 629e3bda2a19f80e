/** What people see of a run that only its flow can tell. All else that lists, cards and the terminal show is the same for all flows. */
import type { TunableKind } from '../../protocol/engine.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { Headline, RunOutcome } from '../../protocol/run-outcome.ts';
import type { CardData, StepView } from '../../protocol/run-view.ts';
import type { Shell } from '../../protocol/text/shell-words.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** The flow's part of a run's card. */
export type FlowCard = Pick<CardData, 'report' | 'explained' | 'tuning' | 'sections'> & {
  /** Warnings that its report holds. */
  readonly warnings?: readonly string[];
};

/** What is asked of a trained model: which items are like this one, or which come next. */
export type Question = 'neighbours' | 'recommend';

/** How queries are cut into groups, to see for whom a model works. */
export interface QuerySlice {
  readonly slice: string;
  readonly groups: readonly string[];
  /** Group of each query, an index into `groups`. */
  readonly groupOf: Uint8Array;
}

/** What the test part of a run asked its models, query by query, as its figures were measured. */
export interface TestQueries {
  readonly count: number;
  /** Item codes of a query, the oldest first, and the one that came next. */
  query(number: number): Int32Array;
  target(number: number): number;
  /** Index of its sequence among all of the run's. */
  sequence(number: number): number;
  /** Whether a query's own items stay in the ranking. */
  readonly seen: 'kept' | 'removed';
  /** Equal where runs ask the same queries of the same prepared data. */
  readonly identity: string;
  readonly slices: readonly QuerySlice[];
  /**
   * Rank of each query's target by a model, 0 beyond 100; undefined where it was not evaluated.
   * @throws UserError where the ranks cannot be read
   */
  ranks(model: string): Promise<Int32Array | undefined>;
}

/** Lines below the progress of a run in a terminal. */
export interface Footer {
  /** Looks at the run's files again. */
  update(): void;
  lines(width: number): readonly string[];
}

/** Every method throws a UserError where a file of the run cannot be read. */
export interface FlowViews {
  /** The few figures that lists and tooltips show; none before there is a report. */
  headline(run: RunFolder): Headline;
  /** How a search for parameters stands, where the flow is one. */
  standing?(manifest: RunManifest, steps: readonly StepView[]): Pick<RunOutcome, 'tunes' | 'leading'>;
  /** @param shell that commands are written for */
  card(run: RunFolder, shell: Shell): FlowCard;
  /**
   * What the terminal prints of what a run found, part by part. Absent: the sections of its card.
   * @param metrics columns of its table of metrics, where a person chose them
   */
  texts?(run: RunFolder, metrics: readonly string[] | undefined): readonly string[];
  /** Undefined where there is nothing to show besides the progress. */
  footer?(run: RunFolder): Footer | undefined;
  /** What `recsys show --json` prints besides. */
  json(run: RunFolder): Readonly<Record<string, unknown>>;
  /**
   * The model of a run that answers where none is named.
   * @throws UserError where the run has no report that tells
   */
  model(run: RunFolder, question: Question): string;
  /**
   * What a run's models were tested on; absent where a flow keeps no such thing.
   * @throws UserError where the run's data have no test part
   */
  testQueries?(run: RunFolder, prepared: PreparedData): TestQueries;
  /** Kinds of model whose parameters the flow searches. */
  readonly tunable?: readonly TunableKind[];
}
