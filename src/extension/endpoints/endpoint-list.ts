import * as vscode from 'vscode';
import type { Endpoint, LocalEndpoint, SageMakerEndpoint } from '../../protocol/endpoint.ts';
import type { EndpointChange } from '../../protocol/endpoint-change.ts';
import type { Prediction } from '../../protocol/prediction.ts';
import type { Question } from '../../protocol/question.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Stores } from '../runs/stores.ts';

/** An endpoint, and the store that knows it. */
export interface ShownEndpoint<E extends Endpoint = Endpoint> {
  readonly kind: 'endpoint';
  readonly id: string;
  readonly store: FolderStore;
  readonly endpoint: E;
}
export type ShownLocal = ShownEndpoint<LocalEndpoint>;
export type ShownAtAws = ShownEndpoint<SageMakerEndpoint>;

export function isLocal(shown: ShownEndpoint): shown is ShownLocal {
  return shown.endpoint.where === 'local';
}

export function isAtAws(shown: ShownEndpoint): shown is ShownAtAws {
  return shown.endpoint.where === 'sagemaker';
}

/** What a process that deploys, predicts or takes away wants to know of a person, and the store it asks in. */
export interface ShownQuestion {
  readonly store: FolderStore;
  readonly question: Question;
}

/** A removal or a rollback, and the store that knows it. */
export interface ShownChange {
  readonly store: FolderStore;
  readonly change: EndpointChange;
}

/** Predictions of a file, and the store that knows them. */
export interface ShownPrediction {
  readonly store: FolderStore;
  readonly prediction: Prediction;
}

/** Ids of what ended lately and no window has told of, and the store that knows it. */
export interface ShownUntold {
  readonly store: FolderStore;
  readonly ids: readonly string[];
}

interface Told {
  readonly endpoints: readonly Endpoint[];
  readonly questions: readonly Question[];
  readonly changes: readonly EndpointChange[];
  readonly predictions: readonly Prediction[];
  readonly untold: readonly string[];
}

const NOTHING: Told = { endpoints: [], questions: [], changes: [], predictions: [], untold: [] };

/** The endpoints of all stores of the window, and what processes do that are followed, as their engines told last. */
export class EndpointList implements vscode.Disposable {
  readonly #stores: Stores;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #told: ReadonlyMap<FolderStore, Told> = new Map();
  #shown: readonly ShownEndpoint[] = [];
  #looking: Promise<void> | undefined;
  /** The look that follows the one under way. */
  #next: Promise<void> | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.#subscription = stores.onDidChangeEndpoints(() => {
      // An untrusted folder's store is not asked, as nothing was started on it from here.
      if (vscode.workspace.isTrusted) void this.look();
    });
  }

  get all(): readonly ShownEndpoint[] {
    return this.#shown;
  }

  get atAws(): readonly ShownAtAws[] {
    return this.#shown.filter(isAtAws);
  }

  get questions(): readonly ShownQuestion[] {
    return [...this.#told].flatMap(([store, { questions }]) =>
      questions.map((question) => ({ store, question })),
    );
  }

  /** Those under way, and those that ended lately. */
  get changes(): readonly ShownChange[] {
    return [...this.#told].flatMap(([store, { changes }]) => changes.map((change) => ({ store, change })));
  }

  /** Those under way, and those that ended lately. */
  get predictions(): readonly ShownPrediction[] {
    return [...this.#told].flatMap(([store, { predictions }]) =>
      predictions.map((prediction) => ({ store, prediction })),
    );
  }

  /** Of the stores whose engines have answered. */
  get untold(): readonly ShownUntold[] {
    return [...this.#told].flatMap(([store, told]) =>
      told === NOTHING ? [] : [{ store, ids: told.untold }],
    );
  }

  /** Asks all engines now; of one that does not answer what it told last is kept. */
  look(): Promise<void> {
    if (this.#looking === undefined) {
      this.#looking = this.#look().finally(() => (this.#looking = undefined));
      return this.#looking;
    }
    // What is under way may have looked before that which is to be seen.
    this.#next ??= this.#looking.then(() => {
      this.#next = undefined;
      return this.look();
    });
    return this.#next;
  }

  async #look(): Promise<void> {
    const before = JSON.stringify([...this.#told.values()]);
    const told = await Promise.all(
      this.#stores.all.map(async (store) => {
        const last = this.#told.get(store) ?? NOTHING;
        return [store, await store.engine.request('endpoints/list', {}).catch(() => last)] as const;
      }),
    );
    this.#told = new Map(told);
    this.#shown = told.flatMap(([store, { endpoints }]) =>
      endpoints.map((endpoint) => ({ kind: 'endpoint', id: endpoint.id, store, endpoint }) as const),
    );
    if (JSON.stringify([...this.#told.values()]) !== before) this.#changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
