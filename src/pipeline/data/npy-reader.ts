import * as fs from 'node:fs/promises';
import { unreadable } from '../store/damaged-file.ts';
import { npyHead, readBytes } from './npy.ts';

/** Reads pieces of a one-dimensional int32 `.npy` file, without holding all of it. */
export class NpyReader {
  readonly #handle: fs.FileHandle;
  readonly #file: string;
  readonly #offset: number;
  #buffer = new Int32Array(0);

  private constructor(handle: fs.FileHandle, file: string, offset: number) {
    this.#handle = handle;
    this.#file = file;
    this.#offset = offset;
  }

  /** Opens the file, hands it to `use`, and closes it whatever happens. */
  static async with<T>(file: string, use: (reader: NpyReader) => Promise<T>): Promise<T> {
    const handle = await fs.open(file, 'r').catch((error: unknown) => {
      throw unreadable(file, error);
    });
    try {
      const { offset } = await npyHead(handle, file);
      return await use(new NpyReader(handle, file, offset));
    } finally {
      await handle.close();
    }
  }

  /** The items from one place to another; good until the next call. */
  async read(from: number, to: number): Promise<Int32Array> {
    if (this.#buffer.length < to - from) this.#buffer = new Int32Array(to - from);
    const items = this.#buffer.subarray(0, to - from);
    const bytes = new Uint8Array(items.buffer, items.byteOffset, items.byteLength);
    await readBytes(this.#handle, bytes, this.#offset + from * Int32Array.BYTES_PER_ELEMENT, this.#file);
    return items;
  }
}
