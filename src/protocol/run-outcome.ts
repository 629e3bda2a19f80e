/** What lists show of a run's steps. It stands in the driver's state, so that lists need not read the steps. */
import * as z from 'zod/mini';
import { Failure } from './failure.ts';

/** The few figures that lists and tooltips show of a run. */
export const Headline = z.object({
  /** From the report, when there is one. */
  best: z.optional(z.string()),
  bestEmbedding: z.optional(z.string()),
  headline: z.optional(z.object({ metric: z.string(), value: z.number() })),
  /** What the test part says of the best model, in a sentence. */
  verdict: z.optional(z.string()),
});
export type Headline = z.infer<typeof Headline>;

export const RunOutcome = z.object({
  ...Headline.shape,
  /** How many steps and branches there are. */
  steps: z.int(),
  /** The step of the last one that succeeded. */
  reached: z.optional(z.string()),
  /** Why the first step that failed did. */
  stepFailure: z.optional(Failure),
  /** The command that goes on with it where its flow has one: `train` after `prepare`. */
  next: z.optional(z.string()),
  /** Of a run that searches parameters: the kind of model. */
  tunes: z.optional(z.string()),
  /** Of a run that searches parameters: the best result of its last rung so far. */
  leading: z.optional(z.object({ path: z.string(), metric: z.string(), value: z.number() })),
  /** Models that were trained on all rows too, for use. */
  everything: z.optional(z.array(z.string())),
  /** Of all artifacts of its steps. */
  bytes: z.number(),
});
export type RunOutcome = z.infer<typeof RunOutcome>;

/** Where a run's data lie, as given, and the folder that is relative to. */
export const DataPlace = z.object({ path: z.string(), folder: z.optional(z.string()) });
export type DataPlace = z.infer<typeof DataPlace>;

/** An outcome as it is kept, with what lists show of `run.json`. */
export const KeptOutcome = z.object({
  outcome: RunOutcome,
  data: DataPlace,
  created: z.string(),
  /** Steps taken over from other runs, whose bytes a store holds once. */
  adopted: z.array(z.object({ run: z.string(), path: z.string(), bytes: z.number() })),
  /** What of the test part of some data the run looked at: which part, and the evaluations, by the run that made each. */
  test: z.object({
    identity: z.string(),
    reads: z.array(z.object({ run: z.string(), path: z.string() })),
  }),
  /** The files it was made from, relative to the run's folder. */
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
});
export type KeptOutcome = z.infer<typeof KeptOutcome>;
