import * as fs from 'node:fs/promises';
import { npyHeader, writeBytes } from './npy.ts';
import type { NpyArray } from './npy.ts';

/** Writes a one-dimensional `.npy` file of known length piece by piece, without holding it. */
export class NpyWriter<A extends NpyArray> {
  readonly #handle: fs.FileHandle;
  readonly #length: number;
  #written = 0;

  private constructor(handle: fs.FileHandle, length: number) {
    this.#handle = handle;
    this.#length = length;
  }

  /** Creates `file` for `length` items of the kind of `example`. */
  static async create<A extends NpyArray>(file: string, example: A, length: number): Promise<NpyWriter<A>> {
    const handle = await fs.open(file, 'w');
    await writeBytes(handle, npyHeader(example, [length]));
    return new NpyWriter<A>(handle, length);
  }

  async append(items: A): Promise<void> {
    await writeBytes(this.#handle, new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
    this.#written += items.length;
  }

  /** Closes the file; safe to call after any failure. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Throws unless as many items were written as promised. */
  check(): void {
    if (this.#written !== this.#length)
      throw new Error(`${this.#written} items written, ${this.#length} promised`);
  }
}
