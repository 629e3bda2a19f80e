import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Compression } from './peek.ts';

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
