/**
 * `model.tar.gz` as SageMaker's TensorFlow Serving container takes it: `<name>/<version>/saved_model.pb`. Equal packages give
 * equal bytes: entries have a fixed order, time and owner, and the header of gzip names no system.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { packTar, type TarSource } from 'modern-tar/fs';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { ModelFile } from '../../model/model-file.ts';
import { readPackage } from '../../model/open-model.ts';
import { writeAtomically } from '../../store/atomic-file.ts';
import { exportedModel, SAVED_MODEL_FILE, type ExportedModel } from './exported-model.ts';
import { MANIFEST_FILE, type ArchiveManifest, type KnownOfModel } from './manifest.ts';
import type { GraphFigures } from '../../../protocol/graph-figures.ts';
import { modelGraph, type GraphOptions, type ModelGraph } from './model-graph.ts';

export interface ArchiveOptions {
  /** Of the model, as TensorFlow Serving knows it: a folder of the archive. */
  readonly name: string;
  /** A whole number. */
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
  /** Hears of bytes of the model. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

export interface WrittenArchive {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly manifest: ArchiveManifest;
}

/** Vectors hardly become smaller, so that more effort is wasted. */
const LEVEL = 1;
/** Place of the system in the header of gzip, and the number for an unknown one. */
const SYSTEM = { at: 9, unknown: 255 };
const FIXED = { mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '', mode: 0o644 };

export interface PreparedArchive {
  readonly graph: GraphFigures;
  readonly write: (output: string, options: ArchiveOptions) => Promise<WrittenArchive>;
}

/**
 * Builds the graph of a package, to be written as an archive.
 * @throws UserError where the package is broken, cannot be exported, or is too large
 */
export async function prepareArchive(
  folder: string,
  options: KnownOfModel & Pick<GraphOptions, 'maxK' | 'verified'> = {},
): Promise<PreparedArchive> {
  const file = await readPackage(folder);
  const graph = await modelGraph(folder, file, options);
  return {
    graph: graph.figures,
    write: (output, asked) => writeModelArchive({ graph, file, known: options }, output, asked),
  };
}

export interface ArchivedModel {
  readonly graph: ModelGraph;
  readonly file: ModelFile;
  readonly known: KnownOfModel;
}

/**
 * Writes an archive; it appears whole or not at all.
 * @throws UserError where a name or version cannot be served
 */
export async function writeModelArchive(
  { graph, file, known }: ArchivedModel,
  output: string,
  { name, version, onProgress, signal }: ArchiveOptions,
): Promise<WrittenArchive> {
  requireServable({ name, version });
  const model = await exportedModel(graph, file, known, signal);
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (bytes === 0) chunk[SYSTEM.at] = SYSTEM.unknown;
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await writeAtomically(output, async (temporary) => {
    const tar = packTar(entriesOf(model, `${name}/${version}`, onProgress));
    const target = fs.createWriteStream(temporary, { flags: 'wx' });
    await pipeline(
      tar,
      createGzip({ level: LEVEL }),
      counting,
      target,
      signal === undefined ? {} : { signal },
    );
  });
  return { file: output, bytes, sha256: hash.digest('hex'), manifest: model.manifest };
}

function entriesOf(
  { savedModel, manifestText }: ExportedModel,
  folder: string,
  onProgress: ArchiveOptions['onProgress'],
): TarSource[] {
  function* chunks(): Iterable<Uint8Array> {
    let done = 0;
    for (const chunk of savedModel.chunks()) {
      yield chunk;
      done += chunk.length;
      onProgress?.(done, savedModel.length);
    }
  }
  const content = Readable.from(chunks());
  return [
    { ...FIXED, type: 'stream', target: `${folder}/${SAVED_MODEL_FILE}`, content, size: savedModel.length },
    { ...FIXED, type: 'content', target: `${folder}/${MANIFEST_FILE}`, content: manifestText },
  ];
}

function requireServable({ name, version }: Pick<ArchiveOptions, 'name' | 'version'>): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name))
    throw new UserError(
      `'${name}' cannot be the name of a served model.`,
      'Use letters, digits, dots, dashes and underscores, at most 63, the first a letter or a digit.',
      { exitCode: EXIT.usage },
    );
  if (!/^[0-9]{1,18}$/.test(version))
    throw new UserError(
      `'${version}' cannot be the version of a served model.`,
      'TensorFlow Serving takes whole numbers, and serves the highest.',
      { exitCode: EXIT.usage },
    );
}
