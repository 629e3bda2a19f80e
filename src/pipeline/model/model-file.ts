/** `model.json`: what a package of a trained model says of itself. */
import * as z from 'zod/mini';
import { MetricTable, QueryRule } from '../../protocol/report.ts';
import { ParameterValues } from '../../protocol/run.ts';
import { Artifact } from '../../protocol/step.ts';
import { requireJson } from '../store/read-json.ts';

/** A file of the package: its name in the folder, and what tells whether it is still what was written. */
export const PackagedFile = z.pick(Artifact, { file: true, bytes: true, sha256: true });
export type PackagedFile = z.infer<typeof PackagedFile>;

/** A part of the data. */
const PartName = z.enum(['train', 'validation', 'test']);

const Files = z.record(z.string(), PackagedFile);

/** What a caller of the model has to know. */
const Signature = z.object({
  query: z.object({
    /** The model's own way to make a query of a list of items, oldest first. */
    rule: QueryRule,
    /** The same in words. */
    stated: z.string(),
    /** All ways it knows, its own first. */
    rules: z.array(QueryRule),
  }),
  /** What answers a query of which the model knows no item. */
  unknownQuery: z.literal('popularity'),
  /** What becomes of an item of the query that the model does not know. */
  unknownItem: z.literal('ignored'),
  /** What is never returned: items not known at training time, and where `query-items` is named, those of the query. */
  neverReturned: z.array(z.enum(['items-outside-the-catalogue', 'query-items'])),
});

const CatalogueEntry = z.object({
  items: z.int(),
  /** Those that were known at training time. */
  known: z.int(),
  /** 0: the items have no groups. */
  groups: z.int(),
  trainRows: z.int(),
  /** The table of items, and the arrays that opening needs of it. */
  files: Files,
});

/** A model that another is made of. Its artifacts lie in the folder `members/<name>` of that one's. */
export const PackagedMember = z.object({
  name: z.string(),
  kind: z.string(),
  kindVersion: z.string(),
  files: Files,
  get members() {
    return z.array(PackagedMember);
  },
});
export type PackagedMember = z.infer<typeof PackagedMember>;

const Common = {
  name: z.string(),
  kind: z.string(),
  /** As used: what fitting chose by itself is filled in. */
  parameters: ParameterValues,
  /** Where they differ: those by which a training on more data, without validation, comes to the same. */
  refit: z.optional(ParameterValues),
  /** Names of the parameters a person set. */
  given: z.array(z.string()),
};

/** The figures of the same model on the test part, before it was trained on that part too. */
const Expected = z.object({
  /** Parts of the data it had been trained on then. */
  trainedOn: z.array(PartName),
  /** How was measured, in words. */
  protocol: z.array(z.string()),
  /** On the test part, with 95 % intervals. */
  test: MetricTable,
});

/** What a model says that was trained on all rows, those of the test part too. */
const Everything = z.object({
  parts: z.array(PartName),
  sequences: z.int(),
  rows: z.int(),
  /** What of the data the run never had, in words. */
  leftOut: z.array(z.string()),
  /** No row was held out, so it was never measured itself. */
  measured: z.literal(false),
  /** What to expect of it; absent where the run did not measure it. */
  expected: z.optional(Expected),
});

export const ModelFile = z.object({
  format: z.literal(2),
  ...Common,
  /** Version of the kind that trained it. */
  kindVersion: z.string(),
  seed: z.int(),
  deterministic: z.boolean(),
  signature: Signature,
  catalogue: CatalogueEntry,
  /** The kind's own artifacts, by name. */
  files: Files,
  /** The models it is made of. */
  members: z.array(PackagedMember),
  /** Some queries with the lists that the model gave when it was trained. */
  parity: PackagedFile,
  /** Of a model that was trained on all rows for use: what that means. */
  everything: z.optional(Everything),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** What earlier versions wrote: such a model needs its run's prepared data. */
export const EarlierModelFile = z.object({ format: z.literal(1), ...Common });
export type EarlierModelFile = z.infer<typeof EarlierModelFile>;

const AnyModelFile = z.discriminatedUnion('format', [ModelFile, EarlierModelFile]);

/** What both tell. */
export const NamedModel = z.object({ name: z.string(), kind: z.string() });
export type NamedModel = z.infer<typeof NamedModel>;

/** Name of the artifact of a train branch that holds its `ModelFile`, and of its file. */
export const MODEL_ARTIFACT = 'model';
export const MODEL_FILE = 'model.json';

/** @throws UserError when it is broken or cannot be read */
export function readModelFile(file: string): Promise<ModelFile | EarlierModelFile> {
  return requireJson(file, AnyModelFile, 2);
}
