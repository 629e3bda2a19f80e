import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { RunLabels, RunManifest, STORE_FORMAT } from '../../protocol/run.ts';
import { EXIT, UserError, messageOf } from '../../protocol/user-error.ts';
import { writeJson } from './atomic-file.ts';
import { readJson } from './read-json.ts';
import { RunFolder } from './run-folder.ts';
import { isRunId } from './run-id.ts';

const StoreFile = z.object({ format: z.int() });

function notWritable(folder: string, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
        ? 'it is read-only'
        : messageOf(error);
  return new UserError(
    `The run store ${folder} cannot be written: ${why}.`,
    'Free some space or choose another folder with --store (setting recsys.storeFolder).',
    { cause: error },
  );
}

/** The folder of all runs. Opening reads one small file; it makes nothing. */
export class RunStore {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws UserError when the store was written by a newer version. */
  static open(folder: string): RunStore {
    const store = new RunStore(path.resolve(folder));
    const file = readJson(path.join(store.folder, 'store.json'), StoreFile);
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

  /** Makes the store's folder, its version file and its own `.gitignore`. */
  async ensure(): Promise<void> {
    try {
      fs.mkdirSync(this.runsFolder, { recursive: true });
      const versionFile = path.join(this.folder, 'store.json');
      if (!fs.existsSync(versionFile)) await writeJson(versionFile, { format: STORE_FORMAT });
      const ignore = path.join(this.folder, '.gitignore');
      if (!fs.existsSync(ignore)) fs.writeFileSync(ignore, '*\n');
    } catch (error) {
      throw notWritable(this.folder, error);
    }
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
   * Finds a run by its id, an unambiguous prefix or suffix of it, its name, or `latest`.
   * @throws UserError when there is none, or more than one
   */
  resolve(reference: string): RunFolder {
    const ids = this.runIds();
    const none = (message: string) =>
      new UserError(message, 'List the runs: recsys runs', { exitCode: EXIT.notFound });
    if (ids.length === 0)
      throw new UserError(`There are no runs in ${this.folder}.`, 'Start one: recsys run <data>', {
        exitCode: EXIT.notFound,
      });
    if (reference === 'latest') return this.run(ids[0] ?? '');
    const exact = ids.filter((id) => id === reference);
    const found =
      exact.length > 0
        ? exact
        : ids.filter(
            (id) =>
              id.startsWith(reference) ||
              id.endsWith(`-${reference}`) ||
              this.run(id).labels().name === reference,
          );
    const [only] = found;
    if (only === undefined) throw none(`No run is called '${reference}'.`);
    if (found.length > 1)
      throw none(`'${reference}' may be any of ${found.length} runs: ${found.slice(0, 5).join(', ')}.`);
    return this.run(only);
  }

  /** Writes a new run's `run.json` and labels. The folder appears only when both are whole. */
  async createRun(manifest: RunManifest, labels: RunLabels): Promise<RunFolder> {
    await this.ensure();
    const final = this.run(manifest.id);
    const making = new RunFolder(path.join(this.runsFolder, `.partial-${manifest.id}`));
    try {
      fs.mkdirSync(making.folder);
      await writeJson(making.manifestFile, RunManifest.parse(manifest));
      await writeJson(making.labelsFile, labels);
      fs.renameSync(making.folder, final.folder);
    } catch (error) {
      fs.rmSync(making.folder, { recursive: true, force: true });
      throw notWritable(this.folder, error);
    }
    return final;
  }

  async writeLabels(run: RunFolder, labels: RunLabels): Promise<void> {
    await writeJson(run.labelsFile, RunLabels.parse(labels));
  }

  /** Moves a run that does not run to the store's trash; gives its place there. */
  moveToTrash(run: RunFolder): string {
    const driver = run.driverState();
    if (driver !== undefined && run.alive('driver', driver))
      throw new UserError(`Run ${run.id} is running.`, `Cancel it first: recsys cancel ${run.id}`);
    const place = path.join(this.trashFolder, run.id);
    try {
      fs.mkdirSync(this.trashFolder, { recursive: true });
      fs.rmSync(place, { recursive: true, force: true });
      fs.renameSync(run.folder, place);
    } catch (error) {
      throw notWritable(this.folder, error);
    }
    return place;
  }

  /** Brings a run back from the trash. */
  restore(id: string): void {
    const place = path.join(this.trashFolder, id);
    if (!isRunId(id) || !fs.existsSync(place))
      throw new UserError(`Run ${id} is no longer in the trash.`, 'It cannot be restored.', {
        exitCode: EXIT.notFound,
      });
    fs.renameSync(place, this.run(id).folder);
  }

  /** Deletes what has been in the trash for longer than the given milliseconds. */
  emptyTrash(olderThan = 0): void {
    if (!fs.existsSync(this.trashFolder)) return;
    for (const name of fs.readdirSync(this.trashFolder)) {
      const place = path.join(this.trashFolder, name);
      // A rename sets the folder's change time: the moment it was thrown away.
      if (Date.now() - fs.statSync(place).ctimeMs >= olderThan)
        fs.rmSync(place, { recursive: true, force: true });
    }
  }
}
