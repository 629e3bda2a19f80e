import * as fs from 'node:fs/promises';
import { writeBytes } from '../data/npy.ts';

/** Characters that are written at a time, at least. */
const BLOCK = 1 << 20;

/** A new file of lines, of which no more than a block is held. */
export class LineFile {
  readonly #handle: fs.FileHandle;
  #lines: string[] = [];
  #length = 0;

  private constructor(handle: fs.FileHandle) {
    this.#handle = handle;
  }

  /** Opens it, hands it to `use`, and closes it whatever happens. */
  static async write(file: string, use: (lines: LineFile) => Promise<void>): Promise<void> {
    const lines = new LineFile(await fs.open(file, 'wx'));
    try {
      await use(lines);
      await lines.#flush();
    } finally {
      await lines.#handle.close();
    }
  }

  /** @param line with its end */
  async add(line: string): Promise<void> {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= BLOCK) await this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#lines.join('');
    [this.#lines, this.#length] = [[], 0];
    await writeBytes(this.#handle, Buffer.from(text));
  }
}
