import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { Artifact } from '../../protocol/step.ts';
import { DamagedFileError, unreadable } from './damaged-file.ts';

/** Clocks of file systems differ from that of the process by a little. */
const TOLERANCE_MS = 2000;
const CHUNK = 1 << 20;

/** Hashes of files that were looked at, by path, size and modified time. */
const hashes = new Map<string, string>();

/**
 * Looks whether an artifact is what its step wrote: by its size, and, where it was touched after the step had ended (as
 * copies are), by its hash, so that nothing is computed from files that someone or something has changed.
 * @param finished when its step ended; undefined: not known, so that the hash decides
 * @throws UserError when it is missing, changed, or cannot be read
 */
export function requireUnchanged(
  file: string,
  artifact: Pick<Artifact, 'bytes' | 'sha256'>,
  finished: string | undefined,
): void {
  let stats: fs.Stats;
  try {
    stats = fs.lstatSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  if (!stats.isFile()) throw new DamagedFileError(file, 'it is no plain file');
  if (stats.size !== artifact.bytes)
    throw new DamagedFileError(
      file,
      `it has ${stats.size} bytes, and had ${artifact.bytes} when it was written`,
    );
  const ended = Date.parse(finished ?? '');
  if (stats.mtimeMs <= ended + TOLERANCE_MS || artifact.sha256 === hashOf(file, stats)) return;
  throw new DamagedFileError(file, 'its content was changed after it was written');
}

function hashOf(file: string, { size, mtimeMs }: fs.Stats): string {
  const key = `${file}\n${size}\n${mtimeMs}`;
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const hash = readHash(file);
  hashes.set(key, hash);
  return hash;
}

function readHash(file: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(CHUNK);
  try {
    const descriptor = fs.openSync(file, 'r');
    try {
      for (let read = -1; read !== 0;) {
        read = fs.readSync(descriptor, buffer);
        hash.update(buffer.subarray(0, read));
      }
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}
