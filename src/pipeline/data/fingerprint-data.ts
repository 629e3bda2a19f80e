import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { DataFingerprint } from '../../protocol/run.ts';
import { checkSpec } from './check-spec.ts';
import { describeColumns } from './describe-data.ts';
import { locateFiles } from './locate-files.ts';

/** Bytes hashed at the beginning, in the middle and at the end of a file. */
const BLOCK_BYTES = 1 << 18;

/**
 * What tells these data apart from others: paths (absolute), sizes, times, a hash of the columns and one of sampled content.
 * @param given a path or a glob
 * @throws UserError when there are no such files, when they cannot be read as the spec's format, or don't fit the spec
 */
export async function fingerprintData(given: string, spec: DatasetSpec): Promise<DataFingerprint> {
  const files = await locateFiles(given);
  const columns = await describeColumns(
    { format: spec.format, files: files.filter((file) => file.bytes > 0).map((file) => file.path) },
    given,
  );
  checkSpec(spec, columns, given);
  const content = createHash('sha256');
  for (const file of files) await hashBlocks(file.path, file.bytes, content);
  return {
    path: given,
    files,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    schemaHash: createHash('sha256')
      .update(JSON.stringify(columns.map(({ name, type }) => [name, type])))
      .digest('hex'),
    contentHash: content.digest('hex'),
  };
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
