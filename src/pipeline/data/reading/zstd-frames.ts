import * as fs from 'node:fs/promises';
import { UserError } from '../../../protocol/user-error.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/**
 * Makes sure that a zstd file ends where a frame ends, by the sizes that its blocks declare (RFC 8878); what is in the
 * blocks is checked by who unpacks them.
 * @throws UserError for a file that is cut off or goes on with something else
 */
export async function checkZstd(file: string): Promise<void> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    const reader = new FrameReader(handle, size, file);
    for (let at = 0; at < size;) at = await reader.endOfFrame(at);
  } finally {
    await handle.close();
  }
}

class FrameReader {
  readonly #handle: fs.FileHandle;
  readonly #size: number;
  readonly #file: string;

  constructor(handle: fs.FileHandle, size: number, file: string) {
    this.#handle = handle;
    this.#size = size;
    this.#file = file;
  }

  async endOfFrame(start: number): Promise<number> {
    const magic = (await this.#bytes(start, 4)).readUInt32LE();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE)
      return this.#inside(start + 8 + (await this.#bytes(start + 4, 4)).readUInt32LE());
    if (magic !== MAGIC)
      throw new UserError(
        `${this.#file} is a damaged zstd file: something else follows a frame.`,
        'Copy or download it again.',
      );
    const descriptor = (await this.#bytes(start + 4, 1)).readUInt8();
    const single = (descriptor & 0x20) !== 0;
    const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
    let at = start + 5 + (single ? 0 : 1) + dictionary + contentSize;
    for (let last = false; !last;) {
      const header = (await this.#bytes(at, 3)).readUIntLE(0, 3);
      last = (header & 1) === 1;
      const repeated = ((header >> 1) & 3) === 1;
      at = this.#inside(at + 3 + (repeated ? 1 : header >> 3));
    }
    return this.#inside(at + ((descriptor & 4) === 0 ? 0 : 4));
  }

  #inside(end: number): number {
    if (end > this.#size) throw this.#truncated();
    return end;
  }

  async #bytes(at: number, count: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(count), 0, count, at);
    if (bytesRead < count) throw this.#truncated();
    return buffer;
  }

  #truncated(): UserError {
    return new UserError(
      `${this.#file} is a truncated zstd file: its end is missing.`,
      'Copy or download it again; it was not written completely.',
    );
  }
}
