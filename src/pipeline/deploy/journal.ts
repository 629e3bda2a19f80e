/** The journal of one endpoint: what was asked of AWS, and what came of it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { JournalEntry } from '../../protocol/deployment.ts';
import { makeFolder } from '../store/make-folder.ts';
import { DamagedFileError, unreadable } from '../store/damaged-file.ts';
import { syncFolder } from '../store/atomic-file.ts';
import { codeOf, storeError } from '../store/store-error.ts';

type Distribute<T> = T extends unknown ? Omit<T, 't'> : never;
/** An entry without its time, which the journal knows itself. */
export type NewEntry = Distribute<JournalEntry>;

export class Journal {
  readonly file: string;

  constructor(folder: string) {
    this.file = path.join(folder, 'journal.ndjson');
  }

  /**
   * Appends an entry, which is on the disk when this comes back: nothing is asked of AWS that a lost process or a lost
   * power would make forgotten.
   * @throws UserError where it cannot be written; then nothing may be asked of AWS
   */
  async append(entry: NewEntry): Promise<void> {
    const line = JSON.stringify(JournalEntry.parse({ t: Date.now(), ...entry }));
    try {
      const isNew = !fs.existsSync(this.file);
      if (isNew) makeFolder(path.dirname(this.file));
      this.#write(line);
      if (isNew) await syncFolder(path.dirname(this.file));
    } catch (error) {
      throw storeError(path.dirname(this.file), error);
    }
  }

  /** A line that a crash cut off is ended first, so that it takes no other with it. */
  #write(line: string): void {
    const descriptor = fs.openSync(this.file, 'a+');
    try {
      const { size } = fs.fstatSync(descriptor);
      const last = Buffer.alloc(1);
      if (size > 0) fs.readSync(descriptor, last, 0, 1, size - 1);
      fs.writeSync(descriptor, `${size > 0 && last[0] !== 10 ? '\n' : ''}${line}\n`);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }

  /**
   * All entries, the oldest first. A line that was cut off is passed over: an intent that is not whole was never acted on,
   * and without its outcome a piece counts as one that may exist.
   * @throws UserError where an entry is not known, or the journal cannot be read
   */
  entries(): JournalEntry[] {
    let text: string;
    try {
      text = fs.readFileSync(this.file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw unreadable(this.file, error);
    }
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.flatMap((line, at) => {
      const value = parsed(line);
      if (value === undefined) return [];
      const entry = JournalEntry.safeParse(value);
      if (entry.success) return [entry.data];
      throw new DamagedFileError(this.file, `line ${at + 1} is no entry of a journal`, {
        repair:
          'A newer version may have written it: update RecSys. Else see in the AWS console which endpoints there are.',
      });
    });
  }
}

/** Undefined for a line that was cut off: it tells of nothing that was acted on. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
