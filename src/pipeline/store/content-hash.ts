/** What a file holds, as a hash of all its bytes, and how to tell without reading that it holds it still. */
import * as fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import type { FileStamp, InputFile } from '../../protocol/run.ts';
import { UserError } from '../../protocol/user-error.ts';

const BLOCK_BYTES = 1 << 22;

/**
 * A file that was written a moment ago may be written again within the same tick of its file system's clock, so that its
 * times do not tell (Git calls it "racily clean"). The coarsest ticks in use are FAT's, of two seconds.
 */
const SETTLED_MS = 2500;

/** Readings of a file that is being written to. */
const ATTEMPTS = 3;

/** xxh128 of a file's bytes, in hex. It tells changes apart, and is no guard against those who make equal hashes on purpose. */
export async function hashContent(file: string): Promise<string> {
  // Loaded only by what hashes: steps of unchanged data do not.
  const { createXXHash128 } = await import('./xxh128.ts');
  const hash = await createXXHash128();
  const handle = await fs.open(file, 'r');
  try {
    // One block is hashed while the next is read.
    let [filled, free] = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)];
    for (let bytes = await fill(handle, filled); bytes > 0;) {
      const next = fill(handle, free);
      hash.update(filled.subarray(0, bytes));
      bytes = await next;
      [filled, free] = [free, filled];
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, block: Buffer): Promise<number> {
  return (await handle.read(block, 0, block.length)).bytesRead;
}

function stampOf(stats: BigIntStats): FileStamp {
  return { modified: String(stats.mtimeNs), changed: String(stats.ctimeNs), inode: String(stats.ino) };
}

function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** Whether a file that has these times at a moment (milliseconds) cannot be written to later and keep them. */
function isSettled({ mtimeMs, ctimeMs }: BigIntStats, moment: number): boolean {
  return Number(mtimeMs) < moment - SETTLED_MS && Number(ctimeMs) < moment - SETTLED_MS;
}

/** What is known of a file, from now or from an earlier time. */
export type KnownFile = Pick<InputFile, 'bytes' | 'hash' | 'stamp'>;

/** Whether a file is the one that was known, as far as can be told without reading it. */
function isKnown(stats: BigIntStats, known: KnownFile): boolean {
  const { stamp } = known;
  return stamp !== undefined && known.bytes === Number(stats.size) && sameStamp(stamp, stampOf(stats));
}

/**
 * A file with its size, times and hash. It is read only where it is not the one that was known.
 * @param clock milliseconds since 1970
 * @throws UserError when it changes while it is read; the file system's error when it cannot be read
 */
export async function readInputFile(
  file: string,
  known?: KnownFile,
  clock: () => number = Date.now,
): Promise<InputFile> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const begun = clock();
    const stats = await fs.stat(file, { bigint: true });
    if (known?.hash !== undefined && isKnown(stats, known))
      return inputFile(file, stats, known.hash, known.stamp);
    const hash = await hashContent(file);
    const after = await fs.stat(file, { bigint: true });
    if (stats.size === after.size && sameStamp(stampOf(stats), stampOf(after)))
      return inputFile(file, stats, hash, isSettled(stats, begun) ? stampOf(stats) : undefined);
  }
  throw new UserError(`${file} is being written to.`, 'Wait until it is whole, then try again.');
}

function inputFile(file: string, stats: BigIntStats, hash: string, stamp: FileStamp | undefined): InputFile {
  return {
    path: file,
    bytes: Number(stats.size),
    modified: stats.mtime.toISOString(),
    hash,
    ...(stamp === undefined ? {} : { stamp }),
  };
}

/**
 * Whether a file holds what it held when it was recorded. New times alone are no difference; but of a file recorded by a
 * version that kept no hash, times are all there is.
 * @throws the file system's error when it cannot be read
 */
export async function holdsTheSame(recorded: InputFile): Promise<boolean> {
  const stats = await fs.stat(recorded.path, { bigint: true });
  if (Number(stats.size) !== recorded.bytes) return false;
  if (recorded.hash === undefined) return stats.mtime.toISOString() === recorded.modified;
  return isKnown(stats, recorded) || (await hashContent(recorded.path)) === recorded.hash;
}
