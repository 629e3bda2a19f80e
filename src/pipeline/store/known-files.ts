import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { FileStamp, type InputFile } from '../../protocol/run.ts';
import { writeJson } from './atomic-file.ts';
import { readInputFile } from './content-hash.ts';

const KnownFilesFile = z.object({
  format: z.literal(1),
  files: z.record(z.string(), z.object({ bytes: z.number(), hash: z.string(), stamp: FileStamp })),
});
type Entries = Map<string, z.infer<typeof KnownFilesFile>['files'][string]>;

/** Entries kept, the latest ones. */
const MOST_ENTRIES = 10_000;

/**
 * `known-files.json` of the store: hashes of input files, so that one which nobody touched is not read again. It saves
 * time only: where it is damaged, or cannot be written, files are hashed.
 */
export class KnownFiles {
  readonly #file: string;
  readonly #entries: Entries;
  #changed = false;

  constructor(storeFolder: string) {
    this.#file = path.join(storeFolder, 'known-files.json');
    this.#entries = readEntries(this.#file);
  }

  /** @throws UserError when the file changes while it is read; the file system's error when it cannot be read */
  async read(file: string): Promise<InputFile> {
    const known = this.#entries.get(file);
    const read = await readInputFile(file, known);
    const { bytes, hash, stamp } = read;
    if (hash !== undefined && stamp !== undefined && stamp !== known?.stamp) {
      // Put at the end, so that the oldest are dropped first.
      this.#entries.delete(file);
      this.#entries.set(file, { bytes, hash, stamp });
      this.#changed = true;
    }
    return read;
  }

  /** Keeps what was learned. */
  async save(): Promise<void> {
    if (!this.#changed || !fs.existsSync(path.dirname(this.#file))) return;
    const files = Object.fromEntries([...this.#entries].slice(-MOST_ENTRIES));
    await writeJson(this.#file, { format: 1, files }).catch(() => undefined);
  }
}

function readEntries(file: string): Entries {
  try {
    const read = KnownFilesFile.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
    return new Map(read.success ? Object.entries(read.data.files) : []);
  } catch {
    return new Map();
  }
}
