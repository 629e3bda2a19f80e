/** What people see of a run that only its flow can tell. All else that lists, cards and the terminal show is the same for all flows. */
import type { TunableKind } from '../../protocol/engine.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { Headline, RunOutcome } from '../../protocol/run-outcome.ts';
import type { CardData, StepView } from '../../protocol/run-view.ts';
import type { Shell } from '../../protocol/text/shell-words.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** The flow's part of a run's card. */
export type FlowCard = Pick<CardData, 'report' | 'tuning' | 'sections'> & {
  /** Warnings that its report holds. */
  readonly warnings?: readonly string[];
};

/** What is asked of a trained model: which items are like this one, or which come next. */
export type Question = 'neighbours' | 'recommend';

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
  /** Kinds of model whose parameters the flow searches. */
  readonly tunable?: readonly TunableKind[];
}
