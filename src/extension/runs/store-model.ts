import * as vscode from 'vscode';
import type { RunView, StoreView } from '../../protocol/run-view.ts';
import { UserError, messageOf } from '../../protocol/user-error.ts';
import type { Engine } from '../processes/engine.ts';

/** What is known of the run store. */
export type StoreStatus =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready'; readonly view: StoreView }
  /** The engine or the store cannot be read; `view` is the last thing seen. */
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string; readonly view?: StoreView };

const SHORTEST_INTERVAL_MS = 500;

/** The window's one picture of the run store: asked of the engine whenever the engine says that something changed. */
export class StoreModel implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #changed = new vscode.EventEmitter<StoreStatus>();
  readonly #subscriptions: vscode.Disposable[];
  #status: StoreStatus = { kind: 'unknown' };
  #loading: Promise<StoreStatus> | undefined;
  #again = false;
  #lastLoad = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(engine: Engine) {
    this.#engine = engine;
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

  get runs(): readonly RunView[] {
    return this.view?.runs ?? [];
  }

  run(id: string): RunView | undefined {
    return this.runs.find((run) => run.id === id);
  }

  /** Asks the engine now; calls made meanwhile share the answer that follows them. */
  load(): Promise<StoreStatus> {
    if (this.#loading !== undefined) {
      this.#again = true;
      return this.#loading;
    }
    this.#loading = this.#loadUntilCurrent().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** The first answer, loading it where nothing was asked yet. */
  async ready(): Promise<StoreStatus> {
    return this.#status.kind === 'unknown' ? this.load() : this.#status;
  }

  async #loadUntilCurrent(): Promise<StoreStatus> {
    do {
      this.#again = false;
      this.#status = await this.#ask();
    } while (this.#asksAgain());
    this.#lastLoad = Date.now();
    this.#changed.fire(this.#status);
    return this.#status;
  }

  /** Whether somebody asked while the answer was under way. */
  #asksAgain(): boolean {
    return this.#again;
  }

  async #ask(): Promise<StoreStatus> {
    try {
      return { kind: 'ready', view: await this.#engine.request('store/view', {}) };
    } catch (error) {
      const hint = error instanceof UserError ? error.hint : '';
      const view = this.view;
      return { kind: 'failed', message: messageOf(error), hint, ...(view === undefined ? {} : { view }) };
    }
  }

  /** Changes arrive up to four times a second; the tree need not be that fast. */
  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastLoad + SHORTEST_INTERVAL_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, wait);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}
