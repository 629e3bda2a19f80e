import * as fs from 'node:fs';
import type { RunStore } from '../store/run-store.ts';

const QUIET_MS = 250;
const POLL_MS = 2000;

/**
 * Calls back, at most four times a second, when anything in the store changes. The platform's own watching tells at
 * once; a slow poll of the runs folder covers file systems that tell nothing, a store that does not exist yet, and the
 * heartbeats' silence when a process dies.
 */
export class StoreWatcher {
  readonly #store: RunStore;
  readonly #changed: () => void;
  #watcher: fs.FSWatcher | undefined;
  #pending: NodeJS.Timeout | undefined;
  readonly #poll: NodeJS.Timeout;
  #lastPoll = '';

  constructor(store: RunStore, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
    this.#watch();
    this.#poll = setInterval(() => this.#look(), POLL_MS);
  }

  dispose(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#pending);
    this.#watcher?.close();
  }

  #watch(): void {
    if (this.#watcher !== undefined || !fs.existsSync(this.#store.runsFolder)) return;
    try {
      this.#watcher = fs.watch(this.#store.runsFolder, { recursive: true }, () => this.#notify());
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      // Watching is not to be had here: the poll does it.
    }
  }

  /** Signature of the runs and of which of them live. */
  #look(): void {
    this.#watch();
    const signature = this.#store
      .runIds()
      .map((id) => {
        const run = this.#store.run(id);
        return `${id}:${mtimeOf(run.stateFile('driver'))}:${liveness(run)}`;
      })
      .join();
    if (signature !== this.#lastPoll) this.#notify();
    this.#lastPoll = signature;
  }

  #notify(): void {
    this.#pending ??= setTimeout(() => {
      this.#pending = undefined;
      this.#changed();
    }, QUIET_MS);
  }
}

function mtimeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function liveness(run: ReturnType<RunStore['run']>): string {
  try {
    const state = run.driverState();
    return state === undefined ? 'none' : String(run.alive('driver', state));
  } catch {
    return 'broken';
  }
}
