/** What a prediction of a file leaves in the store for the windows that follow it: `predicting/<id>.json`. */
import * as z from 'zod/mini';
import { ProgressEvent } from './events.ts';
import { PredictedEvent } from './predict.ts';
import { Failure, ProcessIdentity } from './step.ts';

export const Prediction = z.object({
  format: z.literal(1),
  id: z.string(),
  process: ProcessIdentity,
  /** Absolute path of what is written. */
  output: z.string(),
  where: z.enum(['here', 'aws']),
  /** With which AWS is asked; absent: the environment's credentials. */
  profile: z.optional(z.string()),
  started: z.string(),
  /** `lost`: its process ended without a word, which no process writes of itself. */
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'lost']),
  progress: z.optional(ProgressEvent),
  /** Of one that succeeded. */
  predicted: z.optional(PredictedEvent),
  failure: z.optional(Failure),
  /** What was said on the way that a person must know: what is left at AWS, say. */
  warnings: z.array(z.string()),
});
export type Prediction = z.infer<typeof Prediction>;
