import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { ModelReference } from '../../protocol/engine/explorer.ts';
import type { PayloadOf } from '../../protocol/panels/contract.ts';
import type { ExplorerPanelContract } from '../../protocol/panels/explorer.ts';
import type { Disposable, PanelBehaviour, PanelHandle } from '../panels/registry.ts';

/** What is to be shown when the page listens. */
export type Shown = PayloadOf<ExplorerPanelContract, 'show'>;

/** What an explorer needs of the rest of the extension. */
export interface ExplorerSources {
  /** Asks the engine of the explorer's own store. @throws UserError when the folder is gone, or not trusted */
  readonly request: <M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal: AbortSignal,
  ) => Promise<EngineReply<M>>;
  /** Runs that can be asked, the newest first. @throws UserError as `request` does */
  readonly runs: () => Promise<PayloadOf<ExplorerPanelContract, 'runs'>['runs']>;
  /** What answers where nothing is chosen. */
  readonly answering: () => ModelReference | undefined;
  readonly onDidChange: (listener: () => void) => Disposable;
  readonly openCard: (run: string) => PromiseLike<unknown>;
  readonly openMap: (run: string, model?: string) => PromiseLike<unknown>;
  readonly keepList: (items: readonly string[]) => void;
  readonly failure: (error: unknown) => PayloadOf<ExplorerPanelContract, 'failed'>;
}

/** One explorer: tells its page of the store's runs, and passes on what it asks. */
export class ExplorerBehaviour implements PanelBehaviour<ExplorerPanelContract> {
  readonly #panel: PanelHandle<ExplorerPanelContract>;
  readonly #sources: ExplorerSources;
  readonly #subscription: Disposable;
  #toShow: Shown | undefined;
  #sent = '';

  constructor(panel: PanelHandle<ExplorerPanelContract>, sources: ExplorerSources) {
    this.#panel = panel;
    this.#sources = sources;
    this.#subscription = sources.onDidChange(() => {
      if (panel.isReady()) void this.#sendRuns();
    });
  }

  readonly requests: PanelBehaviour<ExplorerPanelContract>['requests'] = {
    search: (params, signal) => this.#sources.request('items/search', params, signal),
    models: (params, signal) => this.#sources.request('explorer/models', params, signal),
    item: (params, signal) => this.#sources.request('explorer/item', params, signal),
    sequences: (params, signal) => this.#sources.request('explorer/sequences', params, signal),
    list: (params, signal) => this.#sources.request('explorer/list', params, signal),
    why: (params, signal) => this.#sources.request('explorer/why', params, signal),
    queries: (params, signal) => this.#sources.request('explorer/queries', params, signal),
    openCard: async ({ run }) => {
      await this.#sources.openCard(run);
      return null;
    },
    openMap: async ({ run, model }) => {
      await this.#sources.openMap(run, model);
      return null;
    },
    keepList: ({ items }) => {
      this.#sources.keepList(items);
      return null;
    },
  };

  /** Shows something now, or as soon as the page listens. */
  show(shown: Shown): void {
    this.#toShow = shown;
    if (this.#panel.isReady()) this.#sendShown();
  }

  ready(): void {
    this.#sent = '';
    void this.#sendRuns().then(() => this.#sendShown());
  }

  #sendShown(): void {
    if (this.#toShow !== undefined && this.#panel.send('show', this.#toShow)) this.#toShow = undefined;
  }

  /** Only what is new: a run's progress changes the store many times a minute. */
  async #sendRuns(): Promise<void> {
    try {
      const runs = await this.#sources.runs();
      const answering = this.#sources.answering();
      const payload = { runs, ...(answering === undefined ? {} : { answering }) };
      const text = JSON.stringify(payload);
      if (text !== this.#sent && this.#panel.send('runs', payload)) this.#sent = text;
    } catch (error) {
      this.#sent = '';
      this.#panel.send('failed', this.#sources.failure(error));
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
