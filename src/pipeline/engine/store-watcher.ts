import * as fs from 'node:fs';
import * as path from 'node:path';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';

const QUICK_MS = 300;
const SLOW_MS = 2000;

/**
 * Calls back, at most a few times a second, when anything shown of the store may have changed. It looks at modified
 * times: of running runs' few files often, of everything else every two seconds. That works on every file system, costs
 * next to nothing, and also sees what no file says: that a process has died.
 */
export class StoreWatcher {
  readonly #store: RunStore;
  readonly #changed: () => void;
  readonly #timers: readonly NodeJS.Timeout[];
  #running: readonly RunFolder[] = [];
  #lastQuick = '';
  #lastSlow = '';

  constructor(store: RunStore, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
    quietly(() => {
      this.#lastSlow = this.#slowSignature();
      this.#lastQuick = this.#quickSignature();
    });
    this.#timers = [
      setInterval(() => quietly(() => this.#lookQuickly()), QUICK_MS),
      setInterval(() => quietly(() => this.#lookEverywhere()), SLOW_MS),
    ];
  }

  dispose(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #lookQuickly(): void {
    const signature = this.#quickSignature();
    if (signature === this.#lastQuick) return;
    this.#lastSlow = this.#slowSignature();
    this.#lastQuick = this.#quickSignature();
    this.#changed();
  }

  #lookEverywhere(): void {
    const signature = this.#slowSignature();
    if (signature === this.#lastSlow) return;
    this.#lastSlow = signature;
    this.#lastQuick = this.#quickSignature();
    this.#changed();
  }

  #quickSignature(): string {
    const files = this.#running.flatMap((run) => progressFiles(run));
    return [this.#store.runsFolder, ...files].map(modified).join();
  }

  #slowSignature(): string {
    const runs = this.#store.runIds().map((id) => this.#store.run(id));
    const states = runs.map((run) => ({ run, liveness: liveness(run) }));
    this.#running = states.flatMap(({ run, liveness: now }) => (now === 'running' ? [run] : []));
    return states
      .map(({ run, liveness: now }) =>
        [run.id, now, modified(run.labelsFile), modified(run.stateFile(DRIVER))].join(':'),
      )
      .join();
  }
}

/** A store that cannot be read for the moment is looked at again; who asks for its view is told why. */
function quietly(look: () => void): void {
  try {
    look();
  } catch {
    // The next look may do better.
  }
}

function modified(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The states and event logs of a run's steps and branches; none when the run has just been deleted. */
function progressFiles(run: RunFolder): string[] {
  let entries: string[];
  try {
    entries = fs.readdirSync(run.folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /(^|[\\/])(state\.json|events\.ndjson|labels\.json)$/.test(entry))
    .map((entry) => path.join(run.folder, entry));
}

function liveness(run: RunFolder): 'none' | 'running' | 'over' | 'broken' {
  try {
    const state = run.driverState();
    if (state === undefined) return 'none';
    return run.alive(DRIVER, state) ? 'running' : 'over';
  } catch {
    return 'broken';
  }
}
