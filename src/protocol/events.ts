/**
 * Lines of `<step>/events.ndjson`, and, with the step's path added, of `recsys … --json`.
 * The file's modified time is the heartbeat of the process that writes it.
 */
import * as z from 'zod/mini';

export const ProgressEvent = z.object({
  type: z.literal('progress'),
  /** What is being done, in words: `reading rows`, `epoch 3 of 30`. */
  stage: z.string(),
  done: z.number(),
  /** 0 when it is not known. */
  total: z.number(),
  /** `rows`, `words`, `queries`, … */
  unit: z.string(),
  /** Units a second. */
  rate: z.optional(z.number()),
  /** Seconds left. */
  eta: z.optional(z.number()),
  /** What of the whole step or branch is over, 0 to 1: it never falls, though one stage after the other begins at 0. */
  share: z.optional(z.number()),
});
export const LossEvent = z.object({
  type: z.literal('loss'),
  /** Fraction of training done, in epochs. */
  epoch: z.number(),
  /** Estimated mean loss of a (centre, context) pair. */
  loss: z.number(),
  /** Learning rate. */
  alpha: z.number(),
  /** Validation metric where early stopping measures one. */
  validation: z.optional(z.number()),
});
export const LogEvent = z.object({
  type: z.literal('log'),
  level: z.enum(['debug', 'info', 'warning', 'error']),
  message: z.string(),
});
export const StateEvent = z.object({
  type: z.literal('state'),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'skipped', 'reused']),
  message: z.optional(z.string()),
});

export const StepEvent = z.discriminatedUnion('type', [ProgressEvent, LossEvent, LogEvent, StateEvent]);
export type StepEvent = z.infer<typeof StepEvent>;
export type ProgressEvent = z.infer<typeof ProgressEvent>;
export type LossEvent = z.infer<typeof LossEvent>;

/** A line of the file: an event with its time (epoch milliseconds). */
const stamp = { t: z.number() };
export const StampedEvent = z.discriminatedUnion('type', [
  z.extend(ProgressEvent, stamp),
  z.extend(LossEvent, stamp),
  z.extend(LogEvent, stamp),
  z.extend(StateEvent, stamp),
]);
export type StampedEvent = z.infer<typeof StampedEvent>;

/**
 * Why a command failed, as its last line: on standard output with `--json`, on standard error with `--errors=json`.
 * A run that has begun tells its failures itself, in its files.
 */
export const FailureEvent = z.object({
  type: z.literal('failure'),
  t: z.number(),
  message: z.string(),
  /** What to do next. */
  hint: z.optional(z.string()),
  /** The same for a person at a window, where the other one names options of a command line. */
  inWindow: z.optional(z.string()),
  /** What mends it (`Remedy`); text, since later versions may know others. */
  remedy: z.optional(z.string()),
  exitCode: z.int(),
});
export type FailureEvent = z.infer<typeof FailureEvent>;

/** A line of `recsys … --json`: an event, and the step or branch it belongs to (`driver` for the run itself). */
export type PrintedEvent = StampedEvent & { readonly run: string; readonly step: string };
