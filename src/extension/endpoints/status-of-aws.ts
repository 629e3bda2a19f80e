import * as vscode from 'vscode';
import type { ShownAtAws } from './endpoint-list.ts';

/** What AWS said of endpoints when a person had it asked; the window alone remembers it. */
export class StatusOfAws implements vscode.Disposable {
  readonly #told = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  /** Undefined where it was not asked since the last deployment. */
  of(shown: ShownAtAws): string | undefined {
    return this.#told.get(keyOf(shown));
  }

  tell(all: readonly { readonly shown: ShownAtAws; readonly status: string }[]): void {
    for (const { shown, status } of all) this.#told.set(keyOf(shown), status);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function keyOf({ store, id, endpoint: { deployment = '', since = '', state } }: ShownAtAws): string {
  return [store.site.settings.storeFolder, id, deployment, since, state].join('\n');
}
