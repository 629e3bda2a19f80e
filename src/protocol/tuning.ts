/** What a tuning tells of itself: its trials, how they stand, and what came of it. */
import * as z from 'zod/mini';
import { Estimate, PairedTest } from './report.ts';
import { ParameterValues } from './run.ts';
import { ShownState } from './step.ts';

/** `trial.json`: one trial, fitted with one setting for a part or the whole of its training, measured on validation. */
export const TrialResult = z.object({
  format: z.literal(1),
  /** `trial-007`, whatever the branch is called that fitted it. */
  trial: z.string(),
  /** As used: complete, and with what fitting chose by itself. */
  parameters: ParameterValues,
  /** The validation metric that decides. */
  metric: z.string(),
  estimate: Estimate,
  /** Other validation figures. */
  metrics: z.record(z.string(), z.number()),
  /** Seconds of the fit. */
  seconds: z.number(),
});
export type TrialResult = z.infer<typeof TrialResult>;

/** A parameter that is searched, as an axis of a plot. */
export const TuningAxis = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('range'),
    name: z.string(),
    low: z.number(),
    high: z.number(),
    log: z.boolean(),
  }),
  z.object({
    type: z.literal('choice'),
    name: z.string(),
    values: z.array(z.union([z.number(), z.boolean(), z.string()])),
  }),
]);
export type TuningAxis = z.infer<typeof TuningAxis>;

/** What was meant to be done, known from the start. */
export const TuningPlan = z.object({
  kind: z.string(),
  title: z.string(),
  strategy: z.string(),
  trials: z.int(),
  /** Absent: no limit. */
  minutes: z.optional(z.number()),
  /** The parameter the first rungs shorten. */
  length: z.optional(z.string()),
  /** The rungs in order: the step, how many are tried in it, and for which share of their training. */
  rungs: z.array(z.object({ step: z.string(), title: z.string(), places: z.int(), share: z.number() })),
  axes: z.array(TuningAxis),
  /** The trial that has the parameters a run without tuning would have. */
  start: z.string(),
});
export type TuningPlan = z.infer<typeof TuningPlan>;

/** One branch of a rung. */
export const TrialView = z.object({
  /** `explore/trial-007`, `settle/place-1`. */
  path: z.string(),
  rung: z.int(),
  state: ShownState,
  /** Known of the first rung from the start, of the others when they are done. */
  trial: z.optional(z.string()),
  parameters: z.optional(ParameterValues),
  estimate: z.optional(Estimate),
  seconds: z.optional(z.number()),
  /** Why it was skipped, or how it failed. */
  remark: z.optional(z.string()),
});
export type TrialView = z.infer<typeof TrialView>;

/** `tuning.json`: what came of a tuning. */
export const TuningOutcome = z.object({
  format: z.literal(1),
  metric: z.string(),
  /** The branch whose setting won. */
  winner: z.string(),
  trial: z.string(),
  /** Parameters by their names as options of the command that uses them. */
  options: ParameterValues,
  /** The winner against the start on validation; absent where the start won or was not measured. */
  lead: z.optional(PairedTest),
  why: z.string(),
});
export type TuningOutcome = z.infer<typeof TuningOutcome>;

/** A tuning as it stands now. */
export const TuningView = z.object({
  plan: TuningPlan,
  /** The metric that decides, once a trial is measured. */
  metric: z.optional(z.string()),
  trials: z.array(TrialView),
  /** Path of the best of all that is measured; the winner when all is done. */
  best: z.optional(z.string()),
  /** Seconds in which any trial ran. */
  spent: z.number(),
  outcome: z.optional(TuningOutcome),
  /** The command that uses the winner's parameters. */
  command: z.optional(z.string()),
});
export type TuningView = z.infer<typeof TuningView>;
