/** `run.json`: what a run is, written once when it starts and never changed. */
import * as z from 'zod/mini';
import { DatasetSpec } from './dataset-spec.ts';

/** Version of the store's layout; a store with a larger one was written by a newer RecSys. */
export const STORE_FORMAT = 1;

export const ParameterValues = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

/** One branch of the foreach over models: a model kind with its parameters under a name. */
export const ModelSpec = z.object({
  /** Unique in the run, safe as a folder name: `prod2vec-min-count-3`, `sequential-item-knn`, … */
  name: z.string().check(z.regex(/^[a-z0-9][a-z0-9._-]{0,79}$/)),
  kind: z.string(),
  parameters: ParameterValues,
  /** Parameters a person set; a kind that tunes itself leaves these as they are. */
  given: z._default(z.array(z.string()), []),
  /** Names of the run's models it is made of, which are trained before it. */
  members: z.optional(z.array(z.string())),
});
export type ModelSpec = z.infer<typeof ModelSpec>;

/** What the file system tells of a file: while it is the same, so is the content. */
export const FileStamp = z.object({
  /** Nanoseconds since 1970, as text: of the last writing, and of the last change of any kind. */
  modified: z.string(),
  changed: z.string(),
  inode: z.string(),
});
export type FileStamp = z.infer<typeof FileStamp>;

export const InputFile = z.object({
  /** Absolute. */
  path: z.string(),
  bytes: z.number(),
  /** ISO 8601. */
  modified: z.string(),
  /** xxh128 of all its bytes; absent in runs of earlier versions. */
  hash: z.optional(z.string()),
  /** Absent where the file had been written to just before it was read. */
  stamp: z.optional(FileStamp),
});
export type InputFile = z.infer<typeof InputFile>;

export const DataFingerprint = z.object({
  /** As given: a path, or a glob. */
  path: z.string(),
  /** The folder the path was given from; absent in runs of earlier versions. */
  folder: z.optional(z.string()),
  files: z.array(InputFile),
  /** Files that are read beside the data, by what they are to the spec: its field's name. */
  others: z.optional(z.record(z.string(), InputFile)),
  bytes: z.number(),
  /** sha256 of the column names and types. */
  schemaHash: z.string(),
  /** sha256 of the files' contents in their order, and of what the spec reads of their names and folders. */
  contentHash: z.string(),
});
export type DataFingerprint = z.infer<typeof DataFingerprint>;

export const RunManifest = z.object({
  format: z.literal(STORE_FORMAT),
  id: z.string(),
  flow: z.string(),
  created: z.string(),
  data: DataFingerprint,
  spec: DatasetSpec,
  /** Values of the flow's parameters, defaults filled in. */
  parameters: ParameterValues,
  models: z.array(ModelSpec),
  /** Names of the parameters a person gave; the others are defaults. */
  given: z._default(z.array(z.string()), []),
  /** Last step to run (`prepare` makes a run that stops there). */
  until: z.string(),
  versions: z.record(z.string(), z.string()),
  platform: z.string(),
  /** The run whose finished steps this one refers to, why, and the step or branch it does anew. */
  origin: z.optional(z.object({ run: z.string(), reason: z.string(), from: z.optional(z.string()) })),
});
export type RunManifest = z.infer<typeof RunManifest>;

/** `labels.json`: what people add to a run. */
export const RunLabels = z.object({
  name: z.optional(z.string()),
  tags: z._default(z.array(z.string()), []),
  note: z.optional(z.string()),
  starred: z._default(z.boolean(), false),
});
export type RunLabels = z.infer<typeof RunLabels>;

/** What is to be changed of a run's labels; what is not named stays as it is, whoever changed it meanwhile. */
export const LabelChange = z.object({
  /** Empty: it is taken away. */
  name: z.optional(z.string()),
  /** Empty: it is taken away. */
  note: z.optional(z.string()),
  addTags: z._default(z.array(z.string()), []),
  removeTags: z._default(z.array(z.string()), []),
  starred: z.optional(z.boolean()),
});
export type LabelChange = z.infer<typeof LabelChange>;
