import * as fs from 'node:fs/promises';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { UserError } from '../../../protocol/user-error.ts';
import { fileKindOf } from './file-kind.ts';
import type { FileKind } from './file-kind.ts';
import { damagedGzip } from './unpack.ts';
import type { Compression } from './unpack.ts';
import { checkZstd } from './zstd-frames.ts';

/** The beginning of a file, unpacked. */
export interface Peek {
  readonly kind: Exclude<FileKind['kind'], 'gzip' | 'zstd' | 'foreign'>;
  readonly compression: Compression;
  readonly bytes: Buffer;
  /** Whether these are all bytes of the file. */
  readonly whole: boolean;
}

const PEEK_BYTES = 1 << 18;

/**
 * Looks at the beginning of a file, through gzip and zstd whatever its name says.
 * @throws UserError for files of kinds that are not read, with what to do
 */
export async function peek(file: string): Promise<Peek> {
  const raw = await headAndTail(file);
  const kind = named(
    file,
    fileKindOf(raw.head, (bytes) => raw.head.includes(bytes) || raw.tail.includes(bytes)),
  );
  if (kind !== 'gzip' && kind !== 'zstd')
    return { kind, compression: 'uncompressed', bytes: raw.head, whole: raw.size <= raw.head.length };
  const bytes = kind === 'gzip' ? gunzipHead(raw, file) : await unzstdHead(raw, file);
  const inner = named(
    file,
    fileKindOf(bytes, (part) => bytes.includes(part)),
  );
  if (inner === 'text' || inner === 'empty')
    return {
      kind: inner,
      compression: kind,
      bytes,
      whole: bytes.length < PEEK_BYTES && raw.size <= raw.head.length,
    };
  throw new UserError(
    `${file} holds another packed file or a table (${inner}) inside ${kind}.`,
    `Unpack it first (${kind === 'gzip' ? 'gunzip' : 'unzstd'}), and give the file in it.`,
  );
}

function named(file: string, kind: FileKind): Exclude<FileKind['kind'], 'foreign'> {
  if (kind.kind !== 'foreign') return kind.kind;
  throw new UserError(`${file} is ${kind.what}, which cannot be read.`, kind.advice);
}

async function headAndTail(file: string): Promise<{ head: Buffer; tail: Buffer; size: number }> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    const part = async (from: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, from);
      return buffer.subarray(0, bytesRead);
    };
    return { head: await part(0), tail: await part(Math.max(0, size - PEEK_BYTES)), size };
  } finally {
    await handle.close();
  }
}

interface Head {
  readonly head: Buffer;
  /** Of the whole file. */
  readonly size: number;
}

/** What the first bytes of a gzip stream unpack to; that a longer stream goes on is no error here. */
function gunzipHead({ head, size }: Head, file: string): Buffer {
  const whole = size <= head.length;
  try {
    const options = whole ? {} : { finishFlush: zlib.constants.Z_SYNC_FLUSH };
    return zlib.gunzipSync(head, options).subarray(0, PEEK_BYTES);
  } catch (error) {
    throw damagedGzip(file, error);
  }
}

async function unzstdHead({ head, size }: Head, file: string): Promise<Buffer> {
  if (size <= head.length) await checkZstd(file);
  const parts: Uint8Array[] = [];
  try {
    new Decompress((part) => void parts.push(part)).push(head);
  } catch (error) {
    throw new UserError(`${file} is a damaged zstd file.`, 'Copy or download it again.', { cause: error });
  }
  return Buffer.concat(parts).subarray(0, PEEK_BYTES);
}
