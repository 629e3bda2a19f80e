/** What a prediction of a file leaves in the store for the windows that follow it: `predicting/<id>.json`. */
import * as z from 'zod/mini';
import { ProgressEvent } from './events.ts';
import { PredictedEvent } from './predict.ts';
import { ProcessRecord } from './process-record.ts';

export const Prediction = z.extend(ProcessRecord, {
  /** Absolute path of what is written. */
  output: z.string(),
  where: z.enum(['here', 'aws']),
  progress: z.optional(ProgressEvent),
  /** Of one that succeeded. */
  predicted: z.optional(PredictedEvent),
  /** What was said on the way that a person must know: what is left at AWS, say. */
  warnings: z.array(z.string()),
});
export type Prediction = z.infer<typeof Prediction>;
