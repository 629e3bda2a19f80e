import * as vscode from 'vscode';
import type { EngineReply } from '../../protocol/engine.ts';
import type { RunRow, StoreView } from '../../protocol/run-row.ts';
import type { RunView } from '../../protocol/run-view.ts';
import { hinted, messageOf } from '../../protocol/user-error.ts';
import type { Engine } from '../processes/engine.ts';
import { RunDetails } from './run-details.ts';

/** What is known of the run store. */
export type StoreStatus =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready'; readonly view: StoreView }
  /** The engine or the store cannot be read; `view` is the last thing seen. */
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string; readonly view?: StoreView };

/** What the model needs of the query engine. */
export type StoreEngine = Pick<Engine, 'request' | 'onStoreChanged' | 'onStateChanged'>;

/** The engine tells of changes a few times a second; nobody needs to see them sooner after one another. */
const SHORTEST_INTERVAL_MS = 150;

/** The window's one picture of the run store: what changed is asked of the engine whenever it says that something did. */
export class StoreModel implements vscode.Disposable {
  readonly #engine: StoreEngine;
  readonly #changed = new vscode.EventEmitter<StoreStatus>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #details: RunDetails;
  readonly #rows = new Map<string, RunRow>();
  #status: StoreStatus = { kind: 'unknown' };
  /** Of the rows; what the engine tells is the difference to it. */
  #revision: string | undefined;
  #loading: Promise<StoreStatus> | undefined;
  /** The answer that follows the one under way. */
  #next: Promise<StoreStatus> | undefined;
  #lastLoad = -Infinity;
  /** Names what the store told of endpoints last. */
  #endpoints: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.#changed.event;
  readonly #endpointsChanged = new vscode.EventEmitter<void>();
  /** What the store tells of endpoints at AWS changed; the first of it counts. */
  readonly onDidChangeEndpoints = this.#endpointsChanged.event;

  constructor(engine: StoreEngine) {
    this.#engine = engine;
    this.#details = new RunDetails(engine);
    this.#subscriptions = [
      engine.onStoreChanged(() => this.#schedule()),
      engine.onStateChanged(() => void this.load()),
    ];
  }

  get status(): StoreStatus {
    return this.#status;
  }

  /** The last view, also when the engine is down. */
  get view(): StoreView | undefined {
    return this.#status.kind === 'unknown' ? undefined : this.#status.view;
  }

  /** Newest first. A row is the same object as long as nothing of its run changed. */
  get runs(): readonly RunRow[] {
    return this.view?.runs ?? [];
  }

  run(id: string): RunRow | undefined {
    return this.#rows.get(id);
  }

  /**
   * All of a run, asked of the engine when it changed since it was asked last.
   * @throws {UserError} when the engine cannot tell
   */
  details(id: string): Promise<RunView> {
    return this.#details.of(id, this.run(id)?.changed);
  }

  /** Asks the engine to look now; calls made meanwhile share the answer that follows them. */
  load(): Promise<StoreStatus> {
    return this.#load(true);
  }

  /** The first answer, loading it where nothing was asked yet. */
  async ready(): Promise<StoreStatus> {
    return this.#status.kind === 'unknown' ? this.load() : this.#status;
  }

  #load(look: boolean): Promise<StoreStatus> {
    if (this.#loading === undefined) {
      // Who asks meanwhile, however early, waits for the answer after this one.
      this.#loading = Promise.resolve()
        .then(() => this.#update(look))
        .finally(() => (this.#loading = undefined));
      return this.#loading;
    }
    // What is under way may have looked before that which is to be seen.
    this.#next ??= this.#loading.then(() => {
      this.#next = undefined;
      return this.#load(true);
    });
    return this.#next;
  }

  /** Listeners hear of every answer that brought something new, however many follow. */
  async #update(look: boolean): Promise<StoreStatus> {
    const before = this.#status;
    try {
      const since = this.#revision === undefined ? {} : { since: this.#revision };
      this.#take(await this.#engine.request('store/view', { ...since, look }));
    } catch (error) {
      const { hint = '' } = hinted(error);
      const view = this.view;
      const known = view === undefined ? {} : { view };
      this.#status = { kind: 'failed', message: messageOf(error), hint, ...known };
    }
    this.#lastLoad = Date.now();
    if (this.#status !== before) this.#changed.fire(this.#status);
    return this.#status;
  }

  #take({ revision, whole, changed, removed, endpoints, ...facts }: EngineReply<'store/view'>): void {
    if (endpoints !== this.#endpoints) {
      this.#endpoints = endpoints;
      this.#endpointsChanged.fire();
    }
    const nothingNew = revision === this.#revision && changed.length === 0 && !whole;
    this.#revision = revision;
    if (nothingNew && this.#status.kind === 'ready') return;
    if (whole) this.#rows.clear();
    for (const id of removed) this.#rows.delete(id);
    for (const row of changed) this.#rows.set(row.id, row);
    const runs = [...this.#rows.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    this.#status = { kind: 'ready', view: { ...facts, runs } };
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastLoad + SHORTEST_INTERVAL_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#load(false);
    }, wait);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#endpointsChanged.dispose();
  }
}
