import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { PayloadOf } from '../../protocol/panels/contract.ts';
import type { MapPanelContract } from '../../protocol/panels/map.ts';
import type { ProjectionMethod } from '../../protocol/projection.ts';
import { UserError, messageOf } from '../../protocol/user-error.ts';
import type { Disposable, PanelBehaviour, PanelHandle } from '../panels/registry.ts';

/** What a map needs of the rest of the extension. */
export interface MapSources {
  readonly request: <M extends EngineMethod>(
    method: M,
    params: EngineParams<M> & { readonly run?: unknown },
    signal?: AbortSignal,
  ) => Promise<EngineReply<M>>;
  readonly openModel: (model: string) => Promise<void>;
  /** The list that the explorer of the run's store is making. */
  readonly list: () => readonly string[];
  readonly onDidChangeList: (listener: () => void) => Disposable;
  readonly copy: (text: string) => PromiseLike<void>;
  readonly save: (name: string, content: Uint8Array) => Promise<void>;
  readonly warn: (message: string) => void;
}

/** Neighbours that a click shows. */
const NEIGHBOURS = 15;
/** The picture of a projection is asked for so often, less often where asking takes long. */
const LOOK_MS = 250;
const LOOK_SHARE = 3;

interface Making {
  readonly method: ProjectionMethod;
  readonly cancel: AbortController;
}

/** One map: what its page asks for comes from the engine, arrays as bytes. */
export class MapBehaviour implements PanelBehaviour<MapPanelContract> {
  readonly #panel: PanelHandle<MapPanelContract>;
  readonly #sources: MapSources;
  readonly #subscription: Disposable;
  #making: Making | undefined;
  readonly #disposed = new AbortController();

  constructor(panel: PanelHandle<MapPanelContract>, sources: MapSources) {
    this.#panel = panel;
    this.#sources = sources;
    this.#subscription = sources.onDidChangeList(() => this.#sendList());
  }

  readonly requests: PanelBehaviour<MapPanelContract>['requests'] = {
    start: ({ method }) => this.#start(method),
    stop: () => this.#stop(),
    again: () => {
      this.ready();
      return null;
    },
    models: (_, signal) => this.#sources.request('projections/models', { run: this.#panel.key.run }, signal),
    openModel: async ({ model }) => {
      await this.#sources.openModel(model);
      return null;
    },
    marks: async (question, signal) => {
      const asked = { ...this.#asked, ...question };
      const { values, of } = await this.#sources.request('projections/marks', asked, signal);
      return { values: bytes(values), of };
    },
    neighbours: ({ item }, signal) =>
      this.#sources.request('projections/neighbours', { ...this.#asked, item, k: NEIGHBOURS }, signal),
    copy: async ({ text }) => {
      await this.#sources.copy(text);
      return null;
    },
    save: async ({ name, content }) => {
      await this.#sources.save(name, typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
      return null;
    },
  };

  get #asked(): { run: string; model?: string } {
    const { run, model } = this.#panel.key;
    return model === undefined ? { run } : { run, model };
  }

  ready(): void {
    void this.#told('items', async () => {
      await this.#sendItems();
      this.#sendList();
      void this.#told('clusters', () => this.#sendClusters());
    });
  }

  async #sendItems(): Promise<void> {
    const items = await this.#sources.request('projections/items', this.#asked, this.#disposed.signal);
    const { codes, names, nameEnds, counts, groups, ...rest } = items;
    this.#panel.send('items', {
      ...rest,
      codes: bytes(codes),
      names: bytes(names),
      nameEnds: bytes(nameEnds),
      counts: bytes(counts),
      ...(groups === undefined ? {} : { groups: { ...groups, codes: bytes(groups.codes) } }),
    });
  }

  async #sendClusters(): Promise<void> {
    const asked = [this.#asked, this.#disposed.signal] as const;
    const { clusters, typical } = await this.#sources.request('projections/clusters', ...asked);
    this.#panel.send('clusters', { clusters: bytes(clusters), typical });
  }

  #sendList(): void {
    if (this.#panel.isReady()) this.#panel.send('path', { items: [...this.#sources.list()] });
  }

  /** A picture that is being made goes on while the page is hidden; only another one takes its place. */
  #start(method: ProjectionMethod): null {
    if (this.#making?.method === method) return null;
    this.#stop();
    const making = { method, cancel: new AbortController() };
    this.#making = making;
    void this.#told('picture', () => this.#make(making), making.cancel.signal);
    return null;
  }

  #stop(): null {
    this.#making?.cancel.abort();
    this.#making = undefined;
    return null;
  }

  async #make(making: Making): Promise<void> {
    const { method, cancel } = making;
    const asked = { ...this.#asked, method };
    const made = { done: false };
    const result = this.#sources.request('projections/project', asked, cancel.signal);
    if (method !== 'pca') void this.#showPlain(made, cancel.signal);
    void this.#watch(asked, made, cancel.signal);
    try {
      const { positions, kept: _, ...told } = await result;
      made.done = true;
      if (cancel.signal.aborted) return;
      this.#panel.send('picture', { ...told, ...READY, positions: bytes(positions) });
    } finally {
      made.done = true;
      if (this.#making === making) this.#making = undefined;
    }
  }

  /** PCA is there at once, and stands until the method has something of its own to show. */
  async #showPlain(made: { readonly done: boolean }, signal: AbortSignal): Promise<void> {
    try {
      const asked = { ...this.#asked, method: 'pca' as const };
      const {
        positions,
        kept: _,
        ...told
      } = await this.#sources.request('projections/project', asked, signal);
      if (!made.done && !signal.aborted)
        this.#panel.send('picture', { ...told, ...READY, positions: bytes(positions) });
    } catch (error) {
      // The method itself tells what is wrong, if anything is.
      if (!signal.aborted) this.#sources.warn(messageOf(error));
    }
  }

  /** Shows a picture that is being made as it moves. */
  async #watch(
    asked: Omit<EngineParams<'projections/progress'>, 'since'>,
    made: { readonly done: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const isOver = (): boolean => made.done || signal.aborted;
    let since = 0;
    for (let wait = LOOK_MS; ;) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (isOver()) return;
      const began = performance.now();
      try {
        // A page that was loaded again has no picture of before.
        const { version, positions, ...progress } = await this.#sources.request(
          'projections/progress',
          { ...asked, since },
          signal,
        );
        if (isOver()) return;
        since = this.#show(asked.method, progress, positions) ? version : 0;
      } catch (error) {
        if (isOver()) return;
        this.#sources.warn(messageOf(error));
      }
      wait = Math.max(LOOK_MS, LOOK_SHARE * (performance.now() - began));
    }
  }

  /** @returns whether there is a page that has it now */
  #show(
    method: ProjectionMethod,
    progress: Omit<EngineReply<'projections/progress'>, 'version' | 'positions'>,
    positions: string | undefined,
  ): boolean {
    return positions === undefined
      ? this.#panel.send('progress', { ...progress, method })
      : this.#panel.send('picture', { ...progress, method, positions: bytes(positions) });
  }

  /** What could not be had is said on the page. */
  async #told(
    what: PayloadOf<MapPanelContract, 'failed'>['what'],
    work: () => Promise<void>,
    signal: AbortSignal = this.#disposed.signal,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted || this.#disposed.signal.aborted) return;
      this.#sources.warn(messageOf(error));
      this.#panel.send('failed', {
        what,
        message: messageOf(error),
        ...(error instanceof UserError && error.hint !== '' ? { hint: error.hint } : {}),
      });
    }
  }

  dispose(): void {
    this.#disposed.abort();
    this.#subscription.dispose();
    this.#stop();
  }
}

const READY = { stage: 'done', epoch: 0, epochs: 0 } as const;

/** With memory of their own: a view into Node's pool would be sent with all of it. */
function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}
