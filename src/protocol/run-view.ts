/** All of a run as it is shown, when a person opens it: computed from its files by the pipeline's store, sent by the engine, drawn by the tree and the card. */
import * as z from 'zod/mini';
import { ExplainedRanking } from './explanation.ts';
import { LossEvent, ProgressEvent } from './events.ts';
import { DataProfile } from './profile.ts';
import { CardSection } from './panels/section.ts';
import { EvaluationReport } from './report.ts';
import { RunLabels, RunManifest } from './run.ts';
import { Artifact, Failure, ShownState } from './step.ts';
import { TuningView } from './tuning.ts';

export const StepView = z.object({
  /** `prepare`, `train/prod2vec-min-count-3`. */
  path: z.string(),
  step: z.string(),
  branch: z.optional(z.string()),
  title: z.string(),
  state: ShownState,
  /** The run that computed it, when it is another one. */
  from: z.optional(z.string()),
  attempt: z.int(),
  started: z.optional(z.string()),
  seconds: z.optional(z.number()),
  failure: z.optional(Failure),
  /** Why it was skipped. */
  reason: z.optional(z.string()),
  warnings: z.array(z.string()),
  metrics: z.record(z.string(), z.number()),
  artifacts: z.array(Artifact),
  /** Only while it runs. */
  progress: z.optional(ProgressEvent),
});
export type StepView = z.infer<typeof StepView>;

export const RunView = z.object({
  id: z.string(),
  folder: z.string(),
  manifest: RunManifest,
  labels: RunLabels,
  state: ShownState,
  started: z.string(),
  seconds: z.optional(z.number()),
  failure: z.optional(Failure),
  /** What of its files cannot be read, and why; empty for a run that is whole. */
  damage: z._default(z.array(Failure), []),
  steps: z.array(StepView),
  /** The command that goes on with it where its flow has one: `train` after `prepare`. */
  next: z.optional(z.string()),
  /** 0 to 1 over all steps, while it runs. */
  fraction: z.optional(z.number()),
  /** Of the whole run, roughly; absent until there is a pace to tell it from. */
  secondsLeft: z.optional(z.number()),
  /** Of all that it holds: artifacts, and the maps beside them. */
  bytes: z.number(),
  /** Of these the maps'; absent: it has none. */
  mapBytes: z.optional(z.number()),
  /** Of a run that searches parameters: the kind of model. */
  tunes: z.optional(z.string()),
  /** Of a run that searches parameters: the best result of its last rung so far. */
  leading: z.optional(z.object({ path: z.string(), metric: z.string(), value: z.number() })),
  /** From the report, when there is one. */
  best: z.optional(z.string()),
  bestEmbedding: z.optional(z.string()),
  headline: z.optional(z.object({ metric: z.string(), value: z.number() })),
  /** What the test part says of the best model, in a sentence. */
  verdict: z.optional(z.string()),
  /** Models that were trained on all rows too, for use. */
  everything: z.optional(z.array(z.string())),
});
export type RunView = z.infer<typeof RunView>;

/** How many runs of the store evaluated models on the test part that a run has, and how many models that were. */
export const TestReads = z.object({ runs: z.int(), models: z.int() });
export type TestReads = z.infer<typeof TestReads>;

/** All that the result card shows. */
export const CardData = z.object({
  run: RunView,
  profile: z.optional(DataProfile),
  report: z.optional(EvaluationReport),
  /** Why the best model that is made of others ranks some queries as it does. */
  explained: z.optional(ExplainedRanking),
  /** Of a run that searches parameters. */
  tuning: z.optional(TuningView),
  /** Counted when the card is made. */
  testReads: z.optional(TestReads),
  /** Loss curves by step path. */
  losses: z.record(z.string(), z.array(LossEvent)),
  /** The command that reproduces the run. */
  command: z.string(),
  warnings: z.array(z.string()),
  /** What the run's flow shows besides. */
  sections: z.optional(z.array(CardSection)),
});
export type CardData = z.infer<typeof CardData>;
