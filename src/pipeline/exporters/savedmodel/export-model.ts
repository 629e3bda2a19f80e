/** `recsys export --format savedmodel`: a whole model as a folder that TensorFlow loads, or as an archive for a server. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readPackage } from '../../model/open-model.ts';
import { writeAllAtomically } from '../../store/atomic-file.ts';
import { cannotWrite, requireElsewhere, requireFree } from '../output-checks.ts';
import { writeModelArchive, type ArchivedModel } from './archive.ts';
import { exportedModel, SAVED_MODEL_FILE } from './exported-model.ts';
import { MANIFEST_FILE, type ArchiveManifest, type KnownOfModel } from './manifest.ts';
import { modelGraph, type GraphOptions } from './model-graph.ts';
import { writeBytesTo, type WriteJob } from './write-bytes.ts';

/** Version that an archive has in which nothing else was asked for. */
const VERSION = '1';

export interface ModelExportRequest extends KnownOfModel, Pick<GraphOptions, 'maxK' | 'limit'> {
  /** A folder, or a file whose name ends with `.tar.gz`. */
  readonly output: string;
  /** Whether files that are there may be replaced. */
  readonly force: boolean;
}

export interface ModelExport {
  readonly files: readonly string[];
  readonly bytes: number;
  readonly manifest: Omit<ArchiveManifest, 'savedModelSha256'>;
  /** Of what a reader loads: `saved_model.pb`, or the one file. */
  readonly sha256: string;
}

/**
 * Writes a package as a SavedModel, whole or not at all.
 * @throws UserError where it may not or cannot be written, or the model cannot be exported
 */
export async function exportModel(
  folder: string,
  request: ModelExportRequest,
  job: WriteJob,
): Promise<ModelExport> {
  const isArchive = request.output.endsWith('.tar.gz') || request.output.endsWith('.tgz');
  const place = path.resolve(request.output);
  const files = isArchive ? [place] : [SAVED_MODEL_FILE, MANIFEST_FILE].map((file) => path.join(place, file));
  const file = await readPackage(folder);
  requireElsewhere({ folder, name: file.name }, files);
  if (!request.force) await requireFree(files);
  try {
    const graph = await modelGraph(folder, file, request);
    job.signal?.throwIfAborted();
    job.onGraph?.(graph.figures);
    return await (isArchive ? toArchive : toFolder)({ graph, file, known: request }, files, request, job);
  } catch (error) {
    job.signal?.throwIfAborted();
    throw cannotWrite(place, error);
  }
}

type Write = (
  model: ArchivedModel,
  files: readonly string[],
  request: ModelExportRequest,
  job: WriteJob,
) => Promise<ModelExport>;

const toArchive: Write = async (model, [output = ''], _request, job) => {
  const { bytes, manifest } = await writeModelArchive(model, output, {
    ...job,
    ...{ name: model.file.name.replace(/[^A-Za-z0-9_.-]/g, '-'), version: VERSION },
  });
  return { files: [output], bytes, manifest, sha256: manifest.savedModelSha256 };
};

const toFolder: Write = async ({ graph, file, known }, files, request, job) => {
  const model = await exportedModel(graph, file, known, job.signal);
  const made = await newFolders(files);
  const write = async ([savedModel = '', manifest = '']: readonly string[]): Promise<void> => {
    await writeBytesTo(savedModel, model.savedModel, job);
    await fs.writeFile(manifest, model.manifestText);
  };
  const check = async (): Promise<void> => {
    job.signal?.throwIfAborted();
    if (!request.force) await requireFree(files);
  };
  try {
    await writeAllAtomically(files, write, check);
  } catch (error) {
    for (const one of made.reverse()) await fs.rmdir(one).catch(() => undefined);
    throw error;
  }
  const { manifest } = model;
  return { files, bytes: model.savedModel.length, manifest, sha256: manifest.savedModelSha256 };
};

/** Makes the folders of files. @returns those that were not there, the outer ones first */
async function newFolders(files: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  for (const folder of files.map((file) => path.dirname(file))) {
    const first = await fs.mkdir(folder, { recursive: true });
    if (first === undefined) continue;
    for (let at = first; ; at = path.join(at, path.relative(at, folder).split(path.sep)[0] ?? '')) {
      made.push(at);
      if (at === folder) break;
    }
  }
  return made;
}
