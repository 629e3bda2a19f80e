/** As much of VS Code's API as units of the extension need that are tested without it; `vscode` is an alias of this file. */

type Listener<T> = (event: T) => unknown;

export interface Disposable {
  dispose(): unknown;
}

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export const l10n = {
  t: (text: string, ...values: unknown[]): string =>
    text.replace(/\{(\d+)\}/g, (_, place: string) => String(values[Number(place)])),
};

export const window = {
  createTreeView: (): object => ({ message: '', dispose: () => undefined }),
};

export const workspace = {
  workspaceFolders: [{}],
};

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;
