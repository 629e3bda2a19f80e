import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { DataFingerprint } from '../../protocol/run.ts';
import { UserError } from '../../protocol/user-error.ts';
import { checkSpec } from './check-spec.ts';
import { describeColumns, type Column } from './describe-data.ts';
import { locateFiles } from './locate-files.ts';
import type { DataFile } from './locate-files.ts';

/** Bytes hashed at the beginning, in the middle and at the end of a file. */
const BLOCK_BYTES = 1 << 18;

/**
 * What tells these data apart from others: paths (absolute), sizes, times, a hash of the columns and one of sampled content.
 * @param given a path or a glob
 * @param seen the columns, where they were read in the spec's format just now
 * @throws UserError when there are no such files, when they cannot be read as the spec's format, or don't fit the spec
 */
export async function fingerprintData(
  given: string,
  spec: DatasetSpec,
  seen?: readonly Column[],
): Promise<DataFingerprint> {
  const files = await locateFiles(given);
  const filled = files.filter((file) => file.bytes > 0).map((file) => file.path);
  const columns = seen ?? (await describeColumns({ format: spec.format, files: filled }, given));
  checkSpec(spec, columns, given);
  return {
    path: given,
    files,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    schemaHash: createHash('sha256')
      .update(JSON.stringify(columns.map(({ name, type }) => [name, type])))
      .digest('hex'),
    contentHash: await hashContent(files),
  };
}

/**
 * Makes sure that the data are still those of a fingerprint; new times alone are no difference.
 * @throws UserError when a file is gone or has other content
 */
export async function checkUnchanged({ path: given, files, contentHash }: DataFingerprint): Promise<void> {
  const now = await Promise.all(files.map(statsOf));
  if (
    now.every((file, index) => file.bytes === files[index]?.bytes && file.modified === files[index].modified)
  )
    return;
  if ((await hashContent(now)) === contentHash) return;
  throw new UserError(`${given} has changed since the run was started.`, 'Start a new run on it.');
}

async function statsOf({ path }: { readonly path: string }): Promise<DataFile> {
  try {
    const stats = await fs.stat(path);
    return { path, bytes: stats.size, modified: stats.mtime.toISOString() };
  } catch (error) {
    throw new UserError(`${path} is gone or cannot be read.`, 'Restore it, or start a new run.', {
      cause: error,
    });
  }
}

async function hashContent(files: readonly DataFile[]): Promise<string> {
  const content = createHash('sha256');
  for (const file of files) await hashBlocks(file.path, file.bytes, content);
  return content.digest('hex');
}

async function hashBlocks(file: string, bytes: number, hash: Hash): Promise<void> {
  hash.update(`${bytes}:`);
  const starts = new Set([
    0,
    Math.floor(Math.max(0, bytes - BLOCK_BYTES) / 2),
    Math.max(0, bytes - BLOCK_BYTES),
  ]);
  const handle = await fs.open(file, 'r');
  try {
    for (const start of starts) {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(Math.min(BLOCK_BYTES, bytes)),
        0,
        Math.min(BLOCK_BYTES, bytes),
        start,
      );
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
