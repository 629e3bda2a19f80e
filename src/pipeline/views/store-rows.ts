/** The rows of a store, kept in memory: a run is read again only when its files changed. */
import { randomBytes } from 'node:crypto';
import type { BrokenRun, RunRow, StoreChanges, StoreView } from '../../protocol/run-row.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { signatureOf } from './file-signature.ts';
import { OWN_FILES, readRow, type ReadRow } from './run-row.ts';
import { storeBytes } from './store-bytes.ts';

/** What is known of one folder of the store. */
interface Kept {
  readonly read: ReadRow | { readonly broken: BrokenRun };
  /** Of the files that tell of a change; undefined: it is to be read once more. */
  readonly signature: string | undefined;
  /** The revision in which it came to be what it is. */
  readonly revision: number;
}

/** Removals that are remembered; who knows an older state is told all. */
const MOST_REMOVALS = 10_000;

export class StoreRows {
  readonly #store: RunStore;
  /** Tells the revisions of this object apart from those of others. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #kept = new Map<string, Kept>();
  /** Runs in which something runs: asked for often. */
  readonly #running = new Set<string>();
  #removals: { readonly id: string; readonly revision: number }[] = [];
  /** Removals up to this revision may be forgotten. */
  #forgotten = 0;
  #revision = 0;

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** Grows with every change seen. */
  get revision(): number {
    return this.#revision;
  }

  /** Ids of the runs there were at the last look, newest first. */
  get ids(): string[] {
    return [...this.#kept.keys()].sort().reverse();
  }

  /** Ids of runs in which something runs. */
  get running(): string[] {
    return [...this.#running];
  }

  /**
   * Looks at the files of all runs, and for processes that died, and reads the runs that changed.
   * @param newest only so many of them, the newest
   * @throws UserError when the store's folder cannot be read
   */
  look(newest = Infinity): void {
    this.#lookAmong((ids) => ids.slice(0, newest));
  }

  /** Looks only whether runs came or went. */
  lookForRuns(): void {
    this.#lookAmong((ids) => ids.filter((id) => !this.#kept.has(id)));
  }

  #lookAmong(chosen: (ids: readonly string[]) => readonly string[]): void {
    const ids = this.#store.runIds();
    const there = new Set(ids);
    const gone = [...this.#kept.keys()].filter((id) => !there.has(id));
    const revision = this.#revision + 1;
    for (const id of gone) this.#remove(id, revision);
    const changed = chosen(ids).filter((id) => this.#lookAt(id, revision, true));
    if (changed.length + gone.length === 0) return;
    this.#revision = revision;
  }

  /**
   * Looks at the files of some runs that were there at the last look.
   * @param processes whether to look for processes that died, too
   */
  lookAt(ids: Iterable<string>, processes = false): void {
    const revision = this.#revision + 1;
    const known = [...ids].filter((id) => this.#kept.has(id));
    if (known.filter((id) => this.#lookAt(id, revision, processes)).length > 0) this.#revision = revision;
  }

  /** Whether a run is new or changed. */
  #lookAt(id: string, revision: number, processes: boolean): boolean {
    const run = this.#store.run(id);
    const before = this.#kept.get(id);
    const files = watchedFiles(before?.read);
    // Taken before the run is read: what is written meanwhile is seen at the next look.
    const signature = signatureOf(run.folder, files);
    const same = before?.signature === signature;
    if (same && !(processes && someProcessEnded(run, before.read))) return false;
    const read = readOrBroken(run);
    const known = watchedFiles(read).join() === files.join() ? signature : undefined;
    this.#kept.set(id, { read: numbered(read, revision), signature: known, revision });
    if (!('broken' in read) && read.running.length > 0) this.#running.add(id);
    else this.#running.delete(id);
    return true;
  }

  #remove(id: string, revision: number): void {
    this.#kept.delete(id);
    this.#running.delete(id);
    this.#removals.push({ id, revision });
    if (this.#removals.length > MOST_REMOVALS) this.#forgotten = this.#removals.shift()?.revision ?? revision;
  }

  #reads(): Map<string, ReadRow> {
    return new Map([...this.#kept].flatMap(([id, { read }]) => ('broken' in read ? [] : [[id, read]])));
  }

  #facts(): Omit<StoreView, 'runs'> {
    const broken = this.ids.flatMap((id) => {
      const read = this.#kept.get(id)?.read;
      return read !== undefined && 'broken' in read ? [read.broken] : [];
    });
    const bytes = storeBytes(this.#reads());
    return { folder: this.#store.folder, exists: this.#kept.size > 0, broken, bytes };
  }

  /** All rows, newest first; runs that cannot be read stand apart, with the reason. */
  view(): StoreView {
    const reads = this.#reads();
    const runs = this.ids.flatMap((id) => reads.get(id)?.row ?? []);
    return { ...this.#facts(), runs };
  }

  /** @param since a revision that an earlier answer named */
  changesSince(since: string | undefined): StoreChanges {
    const known = this.#numberOf(since);
    const changed: RunRow[] = [];
    const removed = this.#removals.flatMap(({ id, revision }) =>
      known !== undefined && revision > known && !this.#kept.has(id) ? [id] : [],
    );
    for (const id of this.ids) {
      const kept = this.#kept.get(id);
      if (kept === undefined || (known !== undefined && kept.revision <= known)) continue;
      if (!('broken' in kept.read)) changed.push(kept.read.row);
      else if (known !== undefined) removed.push(id);
    }
    const revision = `${this.#epoch}.${this.#revision}`;
    return { ...this.#facts(), revision, whole: known === undefined, changed, removed };
  }

  /** Undefined where it is of another engine, or too old to tell what was removed since. */
  #numberOf(since: string | undefined): number | undefined {
    const [epoch, number] = since?.split('.') ?? [];
    const revision = epoch === this.#epoch ? Number(number) : NaN;
    return revision >= this.#forgotten && revision <= this.#revision ? revision : undefined;
  }
}

function watchedFiles(read: Kept['read'] | undefined): readonly string[] {
  return read === undefined || 'broken' in read ? OWN_FILES : [...OWN_FILES, ...read.watched];
}

function numbered(read: Kept['read'], revision: number): Kept['read'] {
  return 'broken' in read ? read : { ...read, row: { ...read.row, changed: revision } };
}

function readOrBroken(run: RunFolder): Kept['read'] {
  try {
    return readRow(run);
  } catch (error) {
    return { broken: { id: run.id, folder: run.folder, message: messageOf(error) } };
  }
}

function someProcessEnded(run: RunFolder, read: Kept['read']): boolean {
  if ('broken' in read) return false;
  return read.running.some((step) => {
    try {
      if (step === DRIVER) return !run.isDriven();
      const state = run.stepState(step);
      return state === undefined || !run.alive(step, state);
    } catch {
      return true;
    }
  });
}
