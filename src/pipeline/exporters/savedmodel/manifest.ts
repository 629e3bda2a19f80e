/** `assets.extra/recsys.json`: what an exported model says of itself. TensorFlow leaves that folder alone. */
import * as z from 'zod/mini';
import { MetricTable } from '../../../protocol/report.ts';
import type { ModelFile } from '../../model/model-file.ts';

export const MANIFEST_FILE = 'assets.extra/recsys.json';

export const ArchiveManifest = z.object({
  format: z.literal(1),
  model: z.string(),
  kind: z.string(),
  kindVersion: z.string(),
  /** The run it is of, where that is known. */
  run: z.optional(z.string()),
  /** Whether it was trained on all rows, so that it was never measured itself. */
  everything: z.boolean(),
  /** On the test part, where they are known; of a model trained on all rows those to expect. */
  metrics: z.optional(MetricTable),
  items: z.int(),
  /** Length of the longest list that can be asked. */
  maxK: z.int(),
  /** Whether `serving_default` leaves out what is asked with, as the evaluation did. */
  excludeQuery: z.boolean(),
  /** sha256 of the package's `model.json`, which tells the hashes of all its files. */
  packageSha256: z.string(),
  /** sha256 of `saved_model.pb`. */
  savedModelSha256: z.string(),
});
export type ArchiveManifest = z.infer<typeof ArchiveManifest>;

/** What is known of a model beside its package. */
export interface KnownOfModel {
  readonly run?: string | undefined;
  readonly metrics?: MetricTable | undefined;
}

interface Exported {
  readonly items: number;
  readonly maxK: number;
  readonly packageHash: string;
  readonly savedModelHash: string;
}

export function manifestOf(
  file: ModelFile,
  { items, maxK, packageHash, savedModelHash }: Exported,
  { run, metrics = file.everything?.expected?.test }: KnownOfModel = {},
): ArchiveManifest {
  return {
    ...{ format: 1, model: file.name, kind: file.kind, kindVersion: file.kindVersion },
    ...(run === undefined ? {} : { run }),
    everything: file.everything !== undefined,
    ...(metrics === undefined ? {} : { metrics }),
    ...{ items, maxK, excludeQuery: file.signature.neverReturned.includes('query-items') },
    ...{ packageSha256: packageHash, savedModelSha256: savedModelHash },
  };
}
