import type { Disposable } from '../panels/registry.ts';

/** The lists that explorers are making, by the folder of their run store: maps of its runs draw them. */
export class ListsInTheMaking {
  readonly #lists = new Map<string, readonly string[]>();
  readonly #listeners = new Set<(store: string) => void>();

  /** Names of items, the oldest first. */
  of(store: string): readonly string[] {
    return this.#lists.get(store) ?? [];
  }

  set(store: string, items: readonly string[]): void {
    this.#lists.set(store, items);
    for (const listener of this.#listeners) listener(store);
  }

  /** @param listener is told the store whose list is another now */
  onDidChange(listener: (store: string) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }
}
