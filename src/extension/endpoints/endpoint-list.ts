import * as vscode from 'vscode';
import type { LocalEndpoint } from '../../protocol/endpoint.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Stores } from '../runs/stores.ts';

/** An endpoint, and the store that knows it. */
export interface ShownEndpoint {
  readonly kind: 'endpoint';
  readonly id: string;
  readonly store: FolderStore;
  readonly endpoint: LocalEndpoint;
}

/** The endpoints of all stores of the window, as their engines told last. */
export class EndpointList implements vscode.Disposable {
  readonly #stores: Stores;
  readonly #changed = new vscode.EventEmitter<void>();
  #shown: readonly ShownEndpoint[] = [];
  #looking: Promise<void> | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  get all(): readonly ShownEndpoint[] {
    return this.#shown;
  }

  /** Asks all engines now; one that does not answer shows none. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    const found = await Promise.all(this.#stores.all.map((store) => endpointsOf(store).catch(() => [])));
    const before = JSON.stringify(this.#shown.map(({ endpoint }) => endpoint));
    this.#shown = found.flat();
    if (JSON.stringify(this.#shown.map(({ endpoint }) => endpoint)) !== before) this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

async function endpointsOf(store: FolderStore): Promise<ShownEndpoint[]> {
  const { endpoints } = await store.engine.request('endpoints/list', {});
  return endpoints.map((endpoint) => ({ kind: 'endpoint', id: endpoint.id, store, endpoint }));
}
