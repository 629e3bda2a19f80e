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
import type { GraphOptions } from './model-graph.ts';

export interface ArchiveOptions extends KnownOfModel, Pick<GraphOptions, 'verified'> {
  /** Of the model, as TensorFlow Serving knows it: a folder of the archive. */
  readonly name: string;
  /** A whole number. */
  readonly version: string;
  /** Length of the longest list that can be asked. */
  readonly maxK?: number;
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

/**
 * Writes the archive of a package; it appears whole or not at all.
 * @throws UserError where the package is broken, cannot be exported, or a name or version cannot be served
 */
export async function writeModelArchive(
  packageFolder: string,
  output: string,
  options: ArchiveOptions,
): Promise<WrittenArchive> {
  requireServable(options);
  return writePackageArchive(packageFolder, await readPackage(packageFolder), output, options);
}

async function writePackageArchive(
  folder: string,
  file: ModelFile,
  output: string,
  { name, version, onProgress, ...options }: ArchiveOptions,
): Promise<WrittenArchive> {
  const model = await exportedModel(folder, file, options, options);
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
    const { signal } = options;
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

function requireServable({ name, version }: ArchiveOptions): void {
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
