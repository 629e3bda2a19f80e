/** `<step>/state.json`: what happened to one step or branch; written by that step's process alone. */
import * as z from 'zod/mini';
import { Failure } from './failure.ts';
import { KeptOutcome } from './run-outcome.ts';

export { Failure };

export const Artifact = z.object({
  /** Name by which later steps ask for it. */
  name: z.string(),
  /** File in the step's folder: bare names with `/` between, so that it cannot lead elsewhere on any platform. */
  file: z.string().check(z.regex(/^(?!\.{1,2}(\/|$))[^/\\:\0]+(\/(?!\.{1,2}(\/|$))[^/\\:\0]+)*$/)),
  bytes: z.number(),
  sha256: z.string(),
  /** It is another artifact of the run under a second name, so that its bytes are on the disk once. */
  linked: z.optional(z.boolean()),
});
export type Artifact = z.infer<typeof Artifact>;

/** A process, told apart from a later one with the same pid by the moment it started. */
export const ProcessIdentity = z.object({
  pid: z.int(),
  /** Platform's own start mark of the process (clock ticks on Linux, a date elsewhere), when it can be had. */
  startMark: z.optional(z.string()),
  host: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

export const ActivityState = z.enum(['running', 'succeeded', 'failed', 'cancelled']);
export type ActivityState = z.infer<typeof ActivityState>;

/** A step may also end by itself without a result, which is no failure: `skipped`. */
export const StepActivity = z.enum([...ActivityState.options, 'skipped']);
export type StepActivity = z.infer<typeof StepActivity>;

export const StepState = z.object({
  format: z.literal(1),
  run: z.string(),
  /** `prepare`, or `train/prod2vec-min-count-3`. */
  path: z.string(),
  /** Hash of all that decides the result (parameters, inputs, code version): equal keys, equal results. */
  key: z.string(),
  attempt: z.int(),
  state: StepActivity,
  process: ProcessIdentity,
  started: z.string(),
  finished: z.optional(z.string()),
  /** How long it took, by a clock that is never set; earlier versions left it to the two times. */
  seconds: z.optional(z.number()),
  failure: z.optional(Failure),
  /** Why it was skipped. */
  reason: z.optional(z.string()),
  warnings: z.array(z.string()),
  /** Headline figures for lists and tooltips. */
  metrics: z.record(z.string(), z.number()),
  artifacts: z.array(Artifact),
});
export type StepState = z.infer<typeof StepState>;

/** `driver/state.json`: the process that starts the steps; one attempt a start or resume. */
export const DriverState = z.object({
  format: z.literal(1),
  attempt: z.int(),
  state: ActivityState,
  process: ProcessIdentity,
  until: z.string(),
  /** Paths of the tasks that run only when they are asked for, where the process was started for these. */
  asked: z.optional(z.array(z.string())),
  started: z.string(),
  finished: z.optional(z.string()),
  /** How long it took, by a clock that is never set; earlier versions left it to the two times. */
  seconds: z.optional(z.number()),
  failure: z.optional(Failure),
  /** What lists show of the run, once it has ended; earlier versions left it to the files of its steps. */
  kept: z.catch(z.optional(KeptOutcome), undefined),
});
export type DriverState = z.infer<typeof DriverState>;

/**
 * What people see: a step without a state yet is pending, one whose process is gone is interrupted, one whose files
 * cannot be read is damaged.
 */
export const ShownState = z.enum([
  'pending',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
  'interrupted',
  'damaged',
]);
export type ShownState = z.infer<typeof ShownState>;
