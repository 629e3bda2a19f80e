/** What `recsys export` says of what it wrote. */
import * as z from 'zod/mini';
import { MODEL_FORMATS } from './export-format.ts';

const Exported = {
  t: z.number(),
  run: z.optional(z.string()),
  everything: z.optional(z.boolean()),
  package: z.optional(z.string()),
  model: z.string(),
  kind: z.string(),
};

/** The last line of `recsys export --json`. */
export const ExportedEvent = z.object({
  type: z.literal('exported'),
  ...Exported,
  format: z.string(),
  /** Paths, that of the vectors first. */
  files: z.array(z.string()),
  rows: z.int(),
  dimension: z.int(),
  /** What the vectors are. */
  vectors: z.string(),
  /** How names of items are written. */
  names: z.string(),
  /** What else a reader of the files must know. */
  notes: z.array(z.string()),
});
export type ExportedEvent = z.infer<typeof ExportedEvent>;

/** The last line of `recsys export --json` of a whole model. */
export const ExportedModelEvent = z.object({
  type: z.literal('exported-model'),
  ...Exported,
  format: z.enum(MODEL_FORMATS),
  /** Paths, that of the model first. */
  files: z.array(z.string()),
  /** Of the first file. */
  bytes: z.int(),
  /** Numbers that a query of ten items goes through, about. */
  numbers: z.int(),
  items: z.int(),
  /** Length of the longest list that can be asked. */
  maxK: z.int(),
  /** sha256 of `saved_model.pb`, or of the one file. */
  sha256: z.string(),
});
export type ExportedModelEvent = z.infer<typeof ExportedModelEvent>;
