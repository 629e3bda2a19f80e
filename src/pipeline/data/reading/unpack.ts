import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { UserError } from '../../../protocol/user-error.ts';

/** By DuckDB's names. */
export type Compression = 'uncompressed' | 'gzip' | 'zstd';

/** Unpacks as a stream. */
export function unpacked(compression: Compression): Transform[] {
  if (compression === 'gzip') return [createGunzip()];
  return compression === 'zstd' ? [new Unzstd()] : [];
}

class Unzstd extends Transform {
  readonly #decompress = new Decompress((part) => void this.push(part));

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#decompress.push(chunk);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** An error of unpacking gzip as a person can act on it. */
export function damagedGzip(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'Z_BUF_ERROR')
    return new UserError(
      `${file} is a truncated gzip file: its end is missing.`,
      'Copy or download it again; it was not written completely.',
    );
  if (typeof error.code === 'string' && error.code.startsWith('Z_'))
    return new UserError(
      `${file} is a damaged gzip file (${error.message}).`,
      'Copy or download it again; what it holds is not what was packed.',
    );
  return error;
}
