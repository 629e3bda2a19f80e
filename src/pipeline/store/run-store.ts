import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { type LabelChange, type RunLabels, RunManifest, STORE_FORMAT } from '../../protocol/run.ts';
import { EXIT, UserError, messageOf } from '../../protocol/user-error.ts';
import { applyLabelChange } from './apply-label-change.ts';
import {
  removeLeftovers,
  renamePatiently,
  syncFolder,
  TEMPORARY_MARK,
  writeAtomically,
  writeJson,
} from './atomic-file.ts';
import { withFileLock } from './file-lock.ts';
import { makeFolder } from './make-folder.ts';
import { readJson } from './read-json.ts';
import { RunFolder } from './run-folder.ts';
import { isMomentId, isRunId, newRunId } from '../../protocol/run-id.ts';
import { LATEST, requireRunName } from './run-name.ts';
import { storeError } from './store-error.ts';
import { requireOwnFolder, STORE_FILE } from './store-folder.ts';

const StoreFile = z.object({ format: z.int() });

/** Writers of a run's first files are done long before; what is older was left by one that was killed. */
const LEFTOVER_MS = 60 * 60 * 1000;
/** On Windows a reader may hold a file for a moment. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;
/** A deleted run can be brought back for this long. */
export const UNDO_MS = 60 * 60 * 1000;

/** The folder of all runs. Opening reads one small file; it makes nothing. */
export class RunStore {
  readonly folder: string;
  #nextId: string | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws UserError when the store was written by a newer version, or its version cannot be read. */
  static open(folder: string): RunStore {
    if (folder.trim() === '')
      throw new UserError('The name of the store folder is empty.', 'Name a folder, such as .recsys.', {
        exitCode: EXIT.usage,
      });
    const store = new RunStore(path.resolve(folder));
    const repair = `Write {"format": ${STORE_FORMAT}} into it, or choose another folder with --store.`;
    const file = readJson(path.join(store.folder, STORE_FILE), StoreFile, repair);
    if (file !== undefined && file.format > STORE_FORMAT)
      throw new UserError(
        `The run store ${store.folder} has format ${file.format}; this version of RecSys knows up to ${STORE_FORMAT}.`,
        'Update RecSys, or choose another folder with --store.',
      );
    return store;
  }

  get runsFolder(): string {
    return path.join(this.folder, 'runs');
  }
  get trashFolder(): string {
    return path.join(this.folder, 'trash');
  }

  /**
   * Makes the store's folder and its version file; in a folder that nobody has put anything in also a `.gitignore`.
   * @throws UserError when it cannot be written, or holds files of other people
   */
  async ensure(): Promise<void> {
    try {
      const versionFile = path.join(this.folder, STORE_FILE);
      if (!fs.existsSync(versionFile)) await this.#make(versionFile);
      makeFolder(this.runsFolder);
      await removeLeftovers(this.runsFolder, LEFTOVER_MS);
    } catch (error) {
      throw storeError(this.folder, error);
    }
  }

  async #make(versionFile: string): Promise<void> {
    requireOwnFolder(this.folder);
    makeFolder(this.runsFolder);
    const ignore = path.join(this.folder, '.gitignore');
    if (!fs.existsSync(ignore)) await writeAtomically(ignore, (file) => fs.writeFileSync(file, '*\n'));
    // The last thing made: with it, the folder is a store.
    await writeJson(versionFile, { format: STORE_FORMAT });
  }

  /**
   * Gives the next new run an id that another program made, so that the program knows the run before it is there.
   * @throws UserError when it is not such an id, or a run has it already, be it in the trash
   */
  nameNextRun(id: string): void {
    if (!isMomentId(id))
      throw new UserError(
        `'${id.slice(0, 60)}' is no id of a run.`,
        `Ids are made of a moment in UTC and four random characters: ${newRunId()}`,
        { exitCode: EXIT.usage },
      );
    if (this.#knownIds().includes(id))
      throw new UserError(`There is a run ${id} already.`, 'Give the new run another id, or none.', {
        exitCode: EXIT.usage,
      });
    this.#nextId = id;
  }

  /** An id for a new run: it sorts after those of all runs there are, and of those in the trash, unless one was given. */
  newRunId(): string {
    const given = this.#nextId;
    this.#nextId = undefined;
    return given ?? newRunId(new Date(), this.#knownIds().sort().at(-1));
  }

  #knownIds(): string[] {
    return [this.runsFolder, this.trashFolder].flatMap(namesIn).map(withoutMark).filter(isRunId);
  }

  /** Its presence asks the process that is about to make the run of this id to stop; old ones are cleared away. */
  earlyCancelFile(id: string): string {
    return path.join(this.runsFolder, `${TEMPORARY_MARK}cancel-${id}`);
  }

  /** Ids of all runs, newest first. */
  runIds(): string[] {
    try {
      return fs.readdirSync(this.runsFolder).filter(isRunId).sort().reverse();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new UserError(
        `The run store ${this.folder} cannot be read: ${messageOf(error)}.`,
        'Check the folder and its permissions.',
        { cause: error },
      );
    }
  }

  run(id: string): RunFolder {
    return new RunFolder(path.join(this.runsFolder, id));
  }

  /**
   * Finds a run: `latest` is always the newest; then an id, then a name, then an unambiguous beginning or end of an id.
   * @throws UserError when there is none, or more than one
   */
  resolve(reference: string): RunFolder {
    const ids = this.runIds();
    const hint = ids.length > 0 ? 'List the runs: recsys runs' : 'Start one: recsys run <data>';
    const none = (message: string): UserError => new UserError(message, hint, { exitCode: EXIT.notFound });
    const [latest] = ids;
    if (latest === undefined) throw none(`There are no runs in ${this.folder}.`);
    if (reference === LATEST) return this.run(latest);
    const found = this.#matching(reference, ids);
    const [only] = found;
    if (only === undefined) throw none(`No run is called '${reference}'.`);
    if (found.length > 1) {
      const some = `${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}`;
      throw new UserError(
        `'${reference}' may be any of ${found.length} runs: ${some}.`,
        'Name one by its id.',
        {
          exitCode: EXIT.notFound,
        },
      );
    }
    return this.run(only);
  }

  #matching(reference: string, ids: readonly string[]): string[] {
    if (reference === '') return [];
    if (ids.includes(reference)) return [reference];
    const named = ids.filter((id) => this.#nameOf(id) === reference);
    return named.length > 0
      ? named
      : ids.filter((id) => id.startsWith(reference) || id.endsWith(`-${reference}`));
  }

  /** A run with unreadable labels has no name, and is no reason not to find another one. */
  #nameOf(id: string): string | undefined {
    try {
      return this.run(id).labels().name;
    } catch {
      return undefined;
    }
  }

  /**
   * Writes a new run's `run.json` and labels, and what it takes over from others. The folder appears only when all is
   * whole.
   * @param fill puts the steps taken over into the folder it is given
   */
  async createRun(
    manifest: RunManifest,
    labels: RunLabels,
    fill: (making: RunFolder) => Promise<void> = () => Promise.resolve(),
  ): Promise<RunFolder> {
    requireRunName(labels.name);
    await this.ensure();
    const checked = RunManifest.parse(manifest);
    const final = this.run(manifest.id);
    const making = new RunFolder(path.join(this.runsFolder, `${TEMPORARY_MARK}${manifest.id}`));
    try {
      fs.mkdirSync(making.folder);
      await writeJson(making.manifestFile, checked);
      await writeJson(making.labelsFile, labels);
      await fill(making);
      await renamePatiently(making.folder, final.folder);
      await syncFolder(this.runsFolder);
    } catch (error) {
      fs.rmSync(making.folder, { recursive: true, force: true });
      throw storeError(this.folder, error);
    }
    return final;
  }

  /**
   * Changes a run's labels; others that change them at the same time wait, so that nothing of theirs is lost.
   * @throws UserError for a name that may not be, when the labels are damaged, or the store cannot be written
   */
  async changeLabels(run: RunFolder, change: LabelChange): Promise<void> {
    try {
      requireRunName(change.name);
      await withFileLock(run.labelsFile, () =>
        writeJson(run.labelsFile, applyLabelChange(run.labels(), change)),
      );
    } catch (error) {
      throw storeError(this.folder, error);
    }
  }

  /** Moves a run that does not run to the store's trash; gives its place there. */
  async moveToTrash(run: RunFolder): Promise<string> {
    if (run.isDriven())
      throw new UserError(`Run ${run.id} is running.`, `Cancel it first: recsys cancel ${run.id}`);
    const place = path.join(this.trashFolder, run.id);
    try {
      makeFolder(this.trashFolder);
      fs.rmSync(place, REMOVAL);
      await renamePatiently(run.folder, place);
    } catch (error) {
      throw storeError(this.folder, error);
    }
    return place;
  }

  /** The same, and what was thrown away long ago is deleted. */
  async throwAway(run: RunFolder): Promise<string> {
    const place = await this.moveToTrash(run);
    this.emptyTrash(UNDO_MS);
    return place;
  }

  /** Deletes a run that does not run, for good. What others threw away a moment ago stays in the trash. */
  async remove(run: RunFolder): Promise<void> {
    const place = await this.moveToTrash(run);
    fs.rmSync(place, REMOVAL);
    this.emptyTrash(UNDO_MS);
  }

  /** Brings a run back from the trash. */
  async restore(id: string): Promise<void> {
    const place = path.join(this.trashFolder, id);
    if (!isRunId(id) || !fs.existsSync(place))
      throw new UserError(`Run ${id} is no longer in the trash.`, 'It cannot be restored.', {
        exitCode: EXIT.notFound,
      });
    try {
      await renamePatiently(place, this.run(id).folder);
    } catch (error) {
      throw storeError(this.folder, error);
    }
  }

  /** Deletes what has been in the trash for longer than the given milliseconds. */
  emptyTrash(olderThan: number): void {
    if (!fs.existsSync(this.trashFolder)) return;
    for (const name of fs.readdirSync(this.trashFolder)) {
      const place = path.join(this.trashFolder, name);
      // A rename sets the folder's change time: the moment it was thrown away.
      const thrown = fs.statSync(place, { throwIfNoEntry: false })?.ctimeMs;
      if (thrown !== undefined && Date.now() - thrown >= olderThan) fs.rmSync(place, REMOVAL);
    }
  }
}

function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** The name a folder in the making will have. */
function withoutMark(name: string): string {
  return name.startsWith(TEMPORARY_MARK) ? name.slice(TEMPORARY_MARK.length) : name;
}
