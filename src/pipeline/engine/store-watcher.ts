/** Sees when anything shown of a store changes, soon and at little cost. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DRIVER } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { OWN_FILES } from '../views/run-row.ts';
import type { StoreRows } from '../views/store-rows.ts';

/** Between two looks at what runs, and at whether runs came or went. */
const QUICK_MS = 200;
/** Between two looks for processes that died. */
const SLOW_MS = 2000;
/** In this time all runs are looked at, unless there are very many. */
const ROUND_MS = 5000;
/** All runs are looked at in turns, so many at a time: requests do not wait long behind a look. */
const TURN = 500;
/** Looks at all runs may take this share of the time. */
const SLOW_SHARE = 0.03;
/** Changes that come together are told together. */
const SETTLE_MS = 20;
/** Between two tellings. */
const SHORTEST_INTERVAL_MS = 150;
/** Runs whose folders the system is asked to watch, the newest; the others are seen by looking at all. */
const MOST_WATCHED = 2000;
/** Stands for all runs, where one watch is enough. */
const ALL = '*';

/**
 * The system tells of changes in the folders of runs, where it can: of labels, and of a driver's state. Files of what runs
 * are looked at often, those of all runs every five seconds (ten thousand runs: within a minute): that works on every
 * file system, and also sees what no file says: that a process has died.
 */
export class StoreWatcher {
  readonly #store: RunStore;
  readonly #rows: StoreRows;
  readonly #changed: () => void;
  readonly #watches = new Map<string, readonly fs.FSWatcher[]>();
  readonly #touched = new Set<string>();
  readonly #timers: readonly NodeJS.Timeout[];
  #slow: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;
  #watching = true;
  #runsFolder = 0;
  #told: number;
  #toldAt = 0;
  #disposed = false;

  /** @param rows that were looked at a moment ago */
  constructor(store: RunStore, rows: StoreRows, changed: () => void) {
    this.#store = store;
    this.#rows = rows;
    this.#changed = changed;
    this.#told = rows.revision;
    this.#runsFolder = modified(store.runsFolder);
    this.#watch();
    this.#timers = [
      setInterval(() => this.#lookQuickly(), QUICK_MS),
      setInterval(() => this.#look(() => rows.lookAt(rows.running, true)), SLOW_MS),
    ];
    this.#lookLater(ROUND_MS);
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#slow);
    clearTimeout(this.#settle);
    for (const id of this.#watches.keys()) this.#unwatch(id);
  }

  #lookQuickly(): void {
    this.#look(() => {
      this.#rows.lookAt(this.#rows.running);
      const now = modified(this.#store.runsFolder);
      if (now === this.#runsFolder) return;
      this.#rows.lookForRuns();
      this.#runsFolder = now;
      this.#watch();
    });
  }

  /** A store that cannot be read for the moment is looked at again; who asks for its view is told why. */
  #look(look: () => void): void {
    try {
      look();
    } catch {
      // The next look may do better.
    }
    this.#tell();
  }

  /** @param from the first of the runs whose turn it is */
  #lookLater(wait: number, from = 0): void {
    this.#slow = setTimeout(() => {
      const began = performance.now();
      if (from === 0) this.#lookForRuns();
      const { ids } = this.#rows;
      this.#look(() => this.#rows.lookAt(ids.slice(from, from + TURN)));
      const next = from + TURN < ids.length ? from + TURN : 0;
      const fair = ROUND_MS / Math.max(1, Math.ceil(ids.length / TURN));
      this.#lookLater(Math.max(fair, (performance.now() - began) / SLOW_SHARE), next);
    }, wait);
  }

  #lookForRuns(): void {
    this.#look(() => this.#rows.lookForRuns());
    this.#watch();
  }

  /** Tells once of all that changed, not more often than now and then. */
  #tell(): void {
    if (this.#rows.revision === this.#told || this.#settle !== undefined || this.#disposed) return;
    const wait = Math.max(SETTLE_MS, this.#toldAt + SHORTEST_INTERVAL_MS - performance.now());
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      this.#told = this.#rows.revision;
      this.#toldAt = performance.now();
      this.#changed();
    }, wait);
  }

  /** Asks the system to watch what is new, and no longer what is gone. */
  #watch(): void {
    if (process.platform !== 'linux') return this.#watchAll();
    const ids = new Set(this.#rows.ids.slice(0, MOST_WATCHED));
    for (const id of this.#watches.keys()) if (!ids.has(id)) this.#unwatch(id);
    for (const id of ids) {
      if (!this.#watching) return;
      this.#watchRun(id);
    }
  }

  /** Elsewhere one watch holds for all folders below; a watched folder of a run could not be moved to the trash. */
  #watchAll(): void {
    if (this.#watches.has(ALL) || !fs.existsSync(this.#store.runsFolder)) return;
    try {
      const watcher = fs.watch(this.#store.runsFolder, { persistent: false, recursive: true }, (_, name) => {
        const [id, ...file] = name?.split(path.sep) ?? [];
        if (id !== undefined && OWN_FILES.some((own) => own === file.join('/'))) this.#touch(id);
      });
      watcher.on('error', () => this.#unwatch(ALL));
      this.#watches.set(ALL, [watcher]);
    } catch {
      // Looking at all runs has to do.
    }
  }

  /** Its folder holds the labels, that of its driver the driver's state, once there is one. */
  #watchRun(id: string): void {
    const before = this.#watches.get(id) ?? [];
    if (before.length === 2) return;
    const { folder } = this.#store.run(id);
    const missing = [folder, path.join(folder, DRIVER)].slice(before.length);
    this.#watches.set(id, [...before, ...missing.flatMap((place) => this.#watchFolder(place, id))]);
  }

  #watchFolder(folder: string, id: string): fs.FSWatcher[] {
    try {
      const watcher = fs.watch(folder, { persistent: false }, () => this.#touch(id));
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch (error) {
      // What is not there yet is watched later; any other refusal is the system's limit.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#watching = false;
      return [];
    }
  }

  #unwatch(id: string): void {
    for (const watcher of this.#watches.get(id) ?? []) watcher.close();
    this.#watches.delete(id);
  }

  #touch(id: string): void {
    if (this.#touched.size === 0)
      setTimeout(() => {
        const ids = [...this.#touched];
        this.#touched.clear();
        this.#look(() => this.#rows.lookAt(ids));
      }, SETTLE_MS);
    this.#touched.add(id);
  }
}

function modified(folder: string): number {
  return fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
