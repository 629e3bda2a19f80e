import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { PayloadOf } from '../../protocol/panels/contract.ts';
import type { MapPanelContract } from '../../protocol/panels/map.ts';
import type { ProjectionMethod } from '../../protocol/projection.ts';
import { hinted, messageOf } from '../../protocol/user-error.ts';
import type { Disposable, PanelBehaviour, PanelHandle } from '../panels/registry.ts';
import { inParts, type PartTaken } from '../processes/in-parts.ts';

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
  /** It is done, and the page is given it: a page that asks for it again has not all of it. */
  given: boolean;
}

/** One map: what its page asks for comes from the engine, arrays as bytes. */
export class MapBehaviour implements PanelBehaviour<MapPanelContract> {
  readonly #panel: PanelHandle<MapPanelContract>;
  readonly #sources: MapSources;
  readonly #subscription: Disposable;
  #making: Making | undefined;
  #telling = new AbortController();
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
    // A page that was loaded again is told all from the beginning.
    this.#telling.abort();
    const telling = new AbortController();
    this.#telling = telling;
    const told = (what: 'items' | 'clusters', work: () => Promise<void>) =>
      this.#told(what, work, telling.signal);
    void told('items', async () => {
      const rows = await this.#sendItems(telling.signal);
      this.#sendList();
      void told('clusters', () => this.#sendClusters(rows, telling.signal));
    });
  }

  async #sendItems(signal: AbortSignal): Promise<number> {
    return inParts(async (from) => {
      const asked = { ...this.#asked, from };
      const { codes, names, nameEnds, counts, groups, ...rest } = await this.#sources.request(
        'projections/items',
        asked,
        signal,
      );
      signal.throwIfAborted();
      this.#panel.send('items', {
        ...rest,
        codes: bytes(codes),
        names: bytes(names),
        nameEnds: bytes(nameEnds),
        counts: bytes(counts),
        ...(groups === undefined ? {} : { groups: { ...groups, codes: bytes(groups.codes) } }),
      });
      return { size: bytes(codes).length / 4, of: rest.items };
    });
  }

  async #sendClusters(of: number, signal: AbortSignal): Promise<void> {
    await inParts(async (from) => {
      const asked = { ...this.#asked, from };
      const { clusters, typical } = await this.#sources.request('projections/clusters', asked, signal);
      signal.throwIfAborted();
      const part = bytes(clusters);
      this.#panel.send('clusters', { from, clusters: part, typical });
      return { size: part.length, of };
    });
  }

  #sendList(): void {
    if (this.#panel.isReady()) this.#panel.send('path', { items: [...this.#sources.list()] });
  }

  /** A picture that is being made goes on while the page is hidden; only another one takes its place. */
  #start(method: ProjectionMethod): null {
    if (this.#making?.method === method && !this.#making.given) return null;
    this.#stop();
    const making: Making = { method, cancel: new AbortController(), given: false };
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
    const first = this.#sources.request('projections/project', { ...asked, from: 0 }, cancel.signal);
    if (method !== 'pca') void this.#showPlain(made, cancel.signal);
    void this.#watch(asked, made, cancel.signal);
    try {
      await first;
      made.done = true;
      making.given = true;
      await this.#give(method, first, () => cancel.signal.aborted, cancel.signal);
    } finally {
      made.done = true;
      if (this.#making === making) this.#making = undefined;
    }
  }

  /** PCA is there at once, and stands until the method has something of its own to show. */
  async #showPlain(made: { readonly done: boolean }, signal: AbortSignal): Promise<void> {
    try {
      const asked = { ...this.#asked, method: 'pca' as const, from: 0 };
      const first = this.#sources.request('projections/project', asked, signal);
      await this.#give('pca', first, () => made.done || signal.aborted, signal);
    } catch (error) {
      // The method itself tells what is wrong, if anything is.
      if (!signal.aborted) this.#sources.warn(messageOf(error));
    }
  }

  /** Gives the page a picture that is done, its first part and those after it. */
  async #give(
    method: ProjectionMethod,
    first: Promise<EngineReply<'projections/project'>>,
    isOver: () => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    await inParts(async (from) => {
      const asked = { ...this.#asked, method, from };
      const {
        positions,
        kept: _,
        ...told
      } = await (from === 0 ? first : this.#sources.request('projections/project', asked, signal));
      const part = bytes(positions);
      if (isOver()) return OVER;
      this.#panel.send('picture', { ...told, ...READY, from, positions: part });
      return { size: part.length / BYTES_PLACED, of: told.rows };
    });
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
      : this.#panel.send('picture', { ...progress, method, ...whole(bytes(positions)) });
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
        ...hinted(error),
      });
    }
  }

  dispose(): void {
    this.#disposed.abort();
    this.#telling.abort();
    this.#subscription.dispose();
    this.#stop();
  }
}

const READY = { stage: 'done', epoch: 0, epochs: 0 } as const;

/** Of two 32-bit numbers. */
const BYTES_PLACED = 8;

function whole(positions: Uint8Array<ArrayBuffer>) {
  return { from: 0, rows: positions.length / BYTES_PLACED, positions };
}

const OVER: PartTaken = { size: 0, of: 0 };

/** With memory of their own: a view into Node's pool would be sent with all of it. */
function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}
