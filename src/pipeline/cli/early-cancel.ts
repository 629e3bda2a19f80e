/** Obeys those who cancel a run before it is there: whoever started this command with `--id` knows the run by that id. */
import * as fs from 'node:fs';
import { EXIT } from '../../protocol/user-error.ts';
import { requestCancel } from '../flow/request-cancel.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';

const POLL_MS = 100;

export class EarlyCancel {
  readonly #store: RunStore;
  readonly #id: string;
  readonly #file: string;
  readonly #timer: NodeJS.Timeout;
  #run: RunFolder | undefined;

  private constructor(store: RunStore, id: string) {
    this.#store = store;
    this.#id = id;
    this.#file = store.earlyCancelFile(id);
    this.#timer = setInterval(() => this.#lookQuietly(), POLL_MS);
    this.#timer.unref();
  }

  /** @param id that the command was given; without one, nobody can cancel what is not there yet */
  static watch(store: RunStore, id: string | undefined): EarlyCancel | undefined {
    return id === undefined ? undefined : new EarlyCancel(store, id);
  }

  /** From now on, cancelling stops this run in the usual way, as soon as it is driven. */
  made(run: RunFolder): void {
    this.#run = run;
  }

  /** What cannot be done now, as with a run that ends at this moment, is tried again while there is a run. */
  #lookQuietly(): void {
    try {
      this.#look();
    } catch {
      // The next look may do better.
    }
  }

  #look(): void {
    if (!fs.existsSync(this.#file)) return;
    const run = this.#run ?? this.#begun() ?? this.#stop();
    // A moment ago it was made, and its driver has not begun.
    if (!run.isDriven()) return;
    requestCancel(run);
    fs.rmSync(this.#file, { force: true });
  }

  /** The run, where it is there already and whoever makes it has not said so yet. */
  #begun(): RunFolder | undefined {
    const run = this.#store.run(this.#id);
    return fs.existsSync(run.manifestFile) ? run : undefined;
  }

  /** Reading data cannot be interrupted otherwise, and nothing has been made that would be left half done. */
  #stop(): never {
    fs.rmSync(this.#file, { force: true });
    process.stderr.write('Cancelled before the run was made.\n');
    process.exit(EXIT.cancelled);
  }

  dispose(): void {
    clearInterval(this.#timer);
    fs.rmSync(this.#file, { force: true });
  }
}
