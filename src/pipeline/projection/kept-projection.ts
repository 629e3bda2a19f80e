/**
 * Pictures that were made stand beside their run, in `maps/<key>`: they are derived, part of no step, and go when the run
 * goes. One that is damaged, or was made otherwise, counts as none.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { ProjectionMethod, ProjectionQuality } from '../../protocol/projection.ts';
import { UserError } from '../../protocol/user-error.ts';
import { readNpy, writeNpy } from '../data/npy.ts';
import { writeAtomically, writeJson } from '../store/atomic-file.ts';
import { requireUnchanged } from '../store/check-artifact.ts';
import { hashFile, hashValue } from '../store/file-hash.ts';
import { requireJson } from '../store/read-json.ts';
import { MAPS, type RunFolder } from '../store/run-folder.ts';
import { codeOf } from '../store/store-error.ts';
import type { MapVectors } from './map-vectors.ts';
import { METHOD_VERSIONS } from './method-versions.ts';
import type { MadeProjection } from './projection-messages.ts';

const MAP_FILE = 'map.json';
const POSITIONS_FILE = 'positions.npy';
const KEY_LENGTH = 32;

/** What decides a picture besides the vectors. */
export interface ProjectionParameters {
  readonly method: ProjectionMethod;
  readonly seed: number;
  /** Of the most frequent items so many are placed. */
  readonly rows: number;
}

const MapFile = z.object({
  format: z.literal(1),
  model: z.string(),
  method: ProjectionMethod,
  version: z.string(),
  seed: z.int(),
  rows: z.int(),
  quality: z.optional(ProjectionQuality),
  /** That making it took. */
  seconds: z.number(),
  /** x and y of each row, float32. */
  positions: z.object({ file: z.literal(POSITIONS_FILE), bytes: z.int(), sha256: z.string() }),
});

export interface KeptProjection extends MadeProjection {
  readonly seconds: number;
}

/** Equal keys mean equal pictures. */
export async function projectionKey(
  { items, dimension, values }: MapVectors,
  { method, seed, rows }: ProjectionParameters,
): Promise<string> {
  const { createXXHash128 } = await import('../store/xxh128.ts');
  const hash = await createXXHash128();
  hash.update(new Uint8Array(items.buffer, items.byteOffset, rows * 4));
  hash.update(new Uint8Array(values.buffer, values.byteOffset, rows * dimension * 4));
  const version = METHOD_VERSIONS[method];
  return hashValue({ vectors: hash.digest('hex'), dimension, method, version, seed, rows }).slice(
    0,
    KEY_LENGTH,
  );
}

export function projectionFolder(run: RunFolder, key: string): string {
  return path.join(run.folder, MAPS, key);
}

/** @returns undefined where there is none, or it is not what was written */
export async function readProjection(run: RunFolder, key: string): Promise<KeptProjection | undefined> {
  const folder = projectionFolder(run, key);
  try {
    const { quality, seconds, rows, positions } = await requireJson(path.join(folder, MAP_FILE), MapFile);
    const file = path.join(folder, positions.file);
    requireUnchanged(file, positions, undefined);
    const { array } = await readNpy(file, Float32Array);
    if (array.length !== rows * 2) return undefined;
    return { positions: array, seconds, ...(quality === undefined ? {} : { quality }) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** A run that was deleted while its picture was made does not come back: its own folder is never made anew. */
async function makeMapFolder(folder: string): Promise<void> {
  for (const place of [path.dirname(folder), folder])
    await fs.mkdir(place).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
}

/**
 * The file that tells of the picture is written last: without it there is none.
 * @throws Error where it cannot be written, or the run is gone
 */
export async function keepProjection(
  run: RunFolder,
  key: string,
  model: string,
  parameters: ProjectionParameters,
  kept: KeptProjection,
): Promise<void> {
  const folder = projectionFolder(run, key);
  try {
    await makeMapFolder(folder);
    await writeProjection(folder, model, parameters, kept);
  } catch (error) {
    await removeUntold(folder);
    throw error;
  }
}

/** What no file tells of is of no use, and takes room. */
async function removeUntold(folder: string): Promise<void> {
  const isTold = await fs.stat(path.join(folder, MAP_FILE)).then(
    () => true,
    () => false,
  );
  if (isTold) return;
  await fs.rm(folder, { recursive: true, force: true }).catch(() => undefined);
  // The folder of all maps stays where it holds others.
  await fs.rmdir(path.dirname(folder)).catch(() => undefined);
}

async function writeProjection(
  folder: string,
  model: string,
  parameters: ProjectionParameters,
  { positions, quality, seconds }: KeptProjection,
): Promise<void> {
  const file = path.join(folder, POSITIONS_FILE);
  await writeAtomically(file, (temporary) => writeNpy(temporary, positions, [parameters.rows, 2]));
  const { size } = await fs.stat(file);
  const told: z.infer<typeof MapFile> = {
    format: 1,
    model,
    ...parameters,
    version: METHOD_VERSIONS[parameters.method],
    ...(quality === undefined ? {} : { quality }),
    seconds,
    positions: { file: POSITIONS_FILE, bytes: size, sha256: await hashFile(file) },
  };
  await writeJson(path.join(folder, MAP_FILE), told);
  // Who keeps the run's size looks at the folder of all maps alone.
  const now = new Date();
  await fs.utimes(path.dirname(folder), now, now);
}
