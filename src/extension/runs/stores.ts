import * as path from 'node:path';
import * as vscode from 'vscode';
import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { RunView } from '../../protocol/run-view.ts';
import type { RunRow } from '../../protocol/run-row.ts';
import { UserError } from '../../protocol/user-error.ts';
import { noFolder, type Site } from '../site.ts';
import { FolderStore } from './folder-store.ts';
import { idOf, isMeant } from './run-reference.ts';

/** Settings that stores and their engines go by. */
const SETTINGS = ['storeFolder', 'nodePath', 'engineMemory', 'maxWorkers', 'memoryLimit'];

/** The run stores of all folders of this window: runs are found, and requests are sent, where they belong. */
export class Stores implements vscode.Disposable {
  readonly #sites: () => readonly Site[];
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #stores = new Map<string, { store: FolderStore; subscription: vscode.Disposable }>();
  readonly onDidChange = this.#changed.event;
  readonly #endpointsChanged = new vscode.EventEmitter<void>();
  /** What a store tells of endpoints at AWS changed. */
  readonly onDidChangeEndpoints = this.#endpointsChanged.event;

  readonly #engineUp = new vscode.EventEmitter<void>();
  /** An engine that was down, or that a person restarted, answers again. */
  readonly onEngineUp = this.#engineUp.event;

  /** @param sites asked anew whenever folders or settings change */
  constructor(sites: () => readonly Site[], log: vscode.LogOutputChannel) {
    this.#sites = sites;
    this.#log = log;
    this.#adopt(new Set());
    this.#subscriptions = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#foldersChanged()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (SETTINGS.some((name) => event.affectsConfiguration(`recsys.${name}`))) this.#settingsChanged();
      }),
    ];
  }

  /** In the order of the workspace's folders. */
  get all(): readonly FolderStore[] {
    return [...this.#stores.values()].map(({ store }) => store);
  }

  /** Of all stores. */
  get runs(): readonly RunRow[] {
    return this.all.flatMap(({ model }) => model.runs);
  }

  /** @param reference see `run-reference.ts`, here and below */
  run(reference: string): RunRow | undefined {
    return this.of(reference)?.model.run(idOf(reference));
  }

  /**
   * All of a run.
   * @throws {UserError} when it is not there, or its engine cannot tell
   */
  async details(reference: string): Promise<RunView> {
    const store = this.of(reference);
    if (store === undefined) throw goneRun(reference);
    return store.model.details(idOf(reference));
  }

  /** The store that has a run, a broken one included. */
  of(reference: string): FolderStore | undefined {
    return this.all.find(({ model }) => {
      const run = model.run(idOf(reference));
      if (run !== undefined) return isMeant(reference, run);
      return model.view?.broken.some((broken) => isMeant(reference, broken)) === true;
    });
  }

  /**
   * The store that has a run, looked for once more where none shows it: never another one that has a run of the same id. A
   * bare id that none shows is left to the first.
   * @throws {UserError} when it is gone
   */
  async holding(reference: string): Promise<FolderStore> {
    const known = this.of(reference);
    if (known !== undefined) return known;
    if (this.all.length < 2 && reference === idOf(reference)) return this.first();
    await this.load();
    const found = this.of(reference);
    if (found === undefined) throw goneRun(reference);
    return found;
  }

  /**
   * The store of the folder that holds a file: the innermost one; the first, where none does.
   * @throws {UserError} when no folder is open
   */
  ofFile(file: string): FolderStore {
    const holding = this.all.flatMap((store) =>
      store.site.folders
        .filter((folder) => !isOutside(path.relative(folder, file)))
        .map((folder) => ({ store, depth: folder.length })),
    );
    const [innermost] = holding.sort((a, b) => b.depth - a.depth);
    return innermost?.store ?? this.first();
  }

  /** @throws {UserError} when no folder is open */
  first(): FolderStore {
    const [first] = this.all;
    if (first === undefined) throw noFolder();
    return first;
  }

  /** Asks all engines now. */
  async load(): Promise<void> {
    await Promise.all(this.all.map(({ model }) => model.load()));
  }

  /** The first answer of each store, asking those that were not asked yet. */
  async ready(): Promise<void> {
    await Promise.all(this.all.map(({ model }) => model.ready()));
  }

  /**
   * Sends a request to the engine of the store it is about: by its run, or by its file.
   * @throws {UserError} when no store has the run, or the engine answers with an error
   */
  async request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M> & { readonly run?: unknown },
    signal?: AbortSignal,
  ): Promise<EngineReply<M>> {
    const store = await this.#meant(params);
    const named = typeof params.run === 'string' ? { ...params, run: idOf(params.run) } : params;
    return store.engine.request(method, named, signal);
  }

  async #meant(params: object): Promise<FolderStore> {
    if ('path' in params && typeof params.path === 'string') return this.ofFile(params.path);
    if (!('run' in params) || typeof params.run !== 'string') return this.first();
    return this.holding(params.run);
  }

  restart(): void {
    for (const { engine } of this.all) engine.restart();
  }

  #foldersChanged(): void {
    this.#adopt(new Set());
    void this.ready();
    this.#changed.fire();
  }

  /** A store whose place a setting changed is another store; the others' engines start with the new settings. */
  #settingsChanged(): void {
    this.#adopt(new Set(this.#stores.keys()));
    void this.ready();
    this.#changed.fire();
  }

  /** @param moved keys of the stores that are to know their settings anew */
  #adopt(moved: ReadonlySet<string>): void {
    const before = this.#stores;
    this.#stores = new Map();
    for (const site of this.#sites()) {
      const key = JSON.stringify([site.folder, site.settings.storeFolder]);
      const kept = before.get(key);
      this.#stores.set(key, kept ?? this.#open(site));
      if (moved.has(key)) kept?.store.move(site);
      before.delete(key);
    }
    for (const gone of before.values()) close(gone);
  }

  #open(site: Site): { store: FolderStore; subscription: vscode.Disposable } {
    const store = new FolderStore(site, this.#log);
    const subscription = vscode.Disposable.from(
      store.model.onDidChange(() => this.#changed.fire()),
      store.model.onDidChangeEndpoints(() => this.#endpointsChanged.fire()),
      store.engine.onStateChanged(({ kind }) => {
        if (kind === 'up') this.#engineUp.fire();
      }),
    );
    return { store, subscription };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const entry of this.#stores.values()) close(entry);
    this.#stores.clear();
    this.#changed.dispose();
    this.#endpointsChanged.dispose();
    this.#engineUp.dispose();
  }
}

function close({ store, subscription }: { store: FolderStore; subscription: vscode.Disposable }): void {
  subscription.dispose();
  store.dispose();
}

/** Whether a path relative to a folder leads out of it. */
function isOutside(relative: string): boolean {
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}

/** What is thrown where a run that someone names is not there any more. */
export function goneRun(reference: string): UserError {
  return new UserError(
    vscode.l10n.t('Run {0} is not in the store any more.', idOf(reference)),
    vscode.l10n.t('Use Refresh to see what is there.'),
  );
}
