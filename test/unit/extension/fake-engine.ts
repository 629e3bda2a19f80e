/** Query engines whose stores the test decides; takes the place of `processes/engine-child.ts`. */
import type { EngineFolders } from '../../../src/extension/processes/engine-child.ts';
import type { EngineChild } from '../../../src/extension/processes/engine-supervisor.ts';
import type { EngineMethod, EngineParams, EngineReply } from '../../../src/protocol/engine.ts';
import { engineMethods } from '../../../src/protocol/engine.ts';
import type { Endpoint } from '../../../src/protocol/endpoint.ts';
import type { EndpointChange } from '../../../src/protocol/endpoint-change.ts';
import type { Prediction } from '../../../src/protocol/prediction.ts';
import type { Question } from '../../../src/protocol/question.ts';
import type { BrokenRun, RunRow } from '../../../src/protocol/run-row.ts';
import { UserError } from '../../../src/protocol/user-error.ts';

type Handlers = {
  [M in EngineMethod]?: (params: EngineParams<M>) => EngineReply<M>;
};

/** The engine of one store. */
export class FakeEngine {
  #runs: readonly RunRow[] = [];
  broken: BrokenRun[] = [];
  endpoints: readonly Endpoint[] = [];
  questions: readonly Question[] = [];
  changes: readonly EndpointChange[] = [];
  predictions: readonly Prediction[] = [];
  untold: readonly string[] = [];
  /** It is not to be written what windows have told of. */
  cannotMark = false;
  /** Ids of what windows have told of. */
  readonly told: string[] = [];
  /** Requests other than for the view. */
  readonly asked: { method: EngineMethod; params: unknown }[] = [];
  readonly handlers: Handlers = {};
  workspace = '';
  isDown = false;
  #changes = 0;
  readonly #store: string;
  readonly #children = new Set<{ changed: () => void; die: (reason: string) => void }>();

  constructor(store: string) {
    this.#store = store;
  }

  get runs(): RunRow[] {
    return [...this.#runs];
  }

  /** Wherever they are said to lie, they lie in this store. */
  set runs(rows: readonly RunRow[]) {
    this.#runs = rows.map((row) => ({ ...row, folder: `${this.#store}/runs/${row.id}` }));
  }

  /** Tells the window that something in the store changed. */
  changed(): void {
    this.#changes++;
    for (const child of this.#children) child.changed();
  }

  asksOf(method: EngineMethod): unknown[] {
    return this.asked.filter((one) => one.method === method).map(({ params }) => params);
  }

  start(folders: EngineFolders): EngineChild {
    this.workspace = folders.workspace;
    const child = { changed: (): void => undefined, die: (_reason: string): void => undefined };
    const ended = new Promise<string>((resolve) => (child.die = resolve));
    this.#children.add(child);
    return {
      request: (method, params) => Promise.resolve(this.#answer(method, params, folders.store)),
      onStoreChanged: (listener) => (child.changed = listener),
      ended,
      entryOf: (method) => engineMethods[method],
      stop: () => this.#children.delete(child),
      kill: () => child.die('signal SIGKILL'),
    };
  }

  #answer<M extends EngineMethod>(method: M, params: EngineParams<M>, store: string): EngineReply<M> {
    const own: Handlers = {
      'store/view': () => this.#view(store),
      'endpoints/list': () => ({
        endpoints: [...this.endpoints],
        questions: [...this.questions],
        changes: [...this.changes],
        predictions: [...this.predictions],
        untold: this.untold.filter((id) => !this.told.includes(id)),
      }),
      'endpoints/tell': ({ id }) => {
        if (this.cannotMark) throw new UserError('The store is read-only.', '');
        const first = !this.told.includes(id);
        if (first) this.told.push(id);
        return { first };
      },
    };
    const handler: unknown = own[method] ?? this.handlers[method];
    if (this.isDown) throw new UserError('The query engine has stopped.', 'It is started again by itself.');
    // The window asks for these by itself.
    if (!Object.hasOwn(own, method)) this.asked.push({ method, params });
    // Each entry of the handlers is of its method; TypeScript cannot see that through the union.
    return (
      typeof handler === 'function' ? (handler as (params: unknown) => unknown)(params) : {}
    ) as EngineReply<M>;
  }

  #view(folder: string): EngineReply<'store/view'> {
    const { runs, broken } = this;
    const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
    const endpoints = this.#changes === 0 ? {} : { endpoints: String(this.#changes) };
    return {
      ...endpoints,
      folder,
      exists: true,
      revision: '',
      whole: true,
      changed: runs,
      removed: [],
      broken,
      bytes,
    };
  }
}

const engines = new Map<string, FakeEngine>();

/** The engine of a store by its folder, the same each time. */
export function engineOf(store: string): FakeEngine {
  const engine = engines.get(store) ?? new FakeEngine(store);
  engines.set(store, engine);
  return engine;
}

export function forgetEngines(): void {
  engines.clear();
}

/** In the place of the function that starts a process. */
export function startEngine(_runtime: unknown, folders: EngineFolders): Promise<EngineChild> {
  return Promise.resolve(engineOf(folders.store).start(folders));
}
