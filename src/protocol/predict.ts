/** The last line of `recsys predict --json`. */
import * as z from 'zod/mini';

export const PredictedEvent = z.object({
  type: z.literal('predicted'),
  t: z.number(),
  run: z.optional(z.string()),
  everything: z.optional(z.boolean()),
  package: z.optional(z.string()),
  model: z.string(),
  kind: z.string(),
  input: z.string(),
  output: z.string(),
  queries: z.int(),
  /** Rows that were read, those that were left out apart. */
  rows: z.int(),
  byModel: z.int(),
  /** The model knows nothing of them. */
  byPopularity: z.int(),
  /** There is nothing to recommend. */
  unanswered: z.int(),
  /** Lists of the model that popularity fills up. */
  filledUp: z.int(),
  /** Rows of items that the model's data never had; they are passed over. */
  unknownRows: z.int(),
  /** What a reader of the predictions must know, in sentences. */
  notes: z.array(z.string()),
});
export type PredictedEvent = z.infer<typeof PredictedEvent>;
