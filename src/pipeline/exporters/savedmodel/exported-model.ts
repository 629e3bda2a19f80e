/** The files of an exported model, ready to be written into a folder or an archive. */
import { createHash } from 'node:crypto';
import type { ModelFile } from '../../model/model-file.ts';
import { manifestOf, type ArchiveManifest, type KnownOfModel } from './manifest.ts';
import type { ModelGraph } from './model-graph.ts';
import type { Bytes } from './wire.ts';

export const SAVED_MODEL_FILE = 'saved_model.pb';

export interface ExportedModel {
  readonly savedModel: Bytes;
  readonly manifest: ArchiveManifest;
  /** The manifest as its file has it. */
  readonly manifestText: string;
}

export async function exportedModel(
  { file: savedModel, ...rest }: ModelGraph,
  file: ModelFile,
  known: KnownOfModel = {},
  signal?: AbortSignal,
): Promise<ExportedModel> {
  const hash = createHash('sha256');
  for (const chunk of savedModel.chunks()) {
    signal?.throwIfAborted();
    hash.update(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const manifest = manifestOf(file, { ...rest, savedModelHash: hash.digest('hex') }, known);
  return { savedModel, manifest, manifestText: `${JSON.stringify(manifest, null, 2)}\n` };
}
