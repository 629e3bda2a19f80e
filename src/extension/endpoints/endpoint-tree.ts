import * as vscode from 'vscode';
import type { Stores } from '../runs/stores.ts';
import { awsRow } from './aws-row.ts';
import { isAtAws, isLocal, type EndpointList, type ShownEndpoint } from './endpoint-list.ts';
import { localRow } from './local-row.ts';
import type { StatusOfAws } from './status-of-aws.ts';
import { whoseModel } from './whose-model.ts';

/** Between two looks while the view is seen. */
const LOOK_MS = 2000;
/** Ages are told by minutes. */
const AGE_MS = 60_000;

/** The tree *Endpoints*: a row a server that runs, and a row an endpoint at AWS that the store knows. */
export class EndpointTree implements vscode.TreeDataProvider<ShownEndpoint>, vscode.Disposable {
  readonly #list: EndpointList;
  readonly #stores: Stores;
  readonly #status: StatusOfAws;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<ShownEndpoint>;
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #timers: readonly NodeJS.Timeout[] = [];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(list: EndpointList, stores: Stores, status: StatusOfAws) {
    this.#list = list;
    this.#stores = stores;
    this.#status = status;
    this.#view = vscode.window.createTreeView<ShownEndpoint>('recsys.endpoints', { treeDataProvider: this });
    const redraw = (): void => this.#changed.fire(undefined);
    this.#subscriptions = [
      this.#view,
      this.#changed,
      list.onDidChange(redraw),
      status.onDidChange(redraw),
      this.#view.onDidChangeVisibility(({ visible }) => this.#watch(visible)),
    ];
  }

  getTreeItem(shown: ShownEndpoint): vscode.TreeItem {
    const item = this.#row(shown);
    item.id = `${shown.store.site.settings.storeFolder} ${shown.id}`;
    return item;
  }

  #row(shown: ShownEndpoint): vscode.TreeItem {
    if (isLocal(shown)) return localRow(shown.endpoint, whoseModel(this.#stores, shown.endpoint.answering));
    if (!isAtAws(shown)) return new vscode.TreeItem('');
    return awsRow(shown.endpoint, {
      whose: (model) => whoseModel(this.#stores, model),
      status: this.#status.of(shown),
      now: Date.now(),
    });
  }

  async getChildren(row?: ShownEndpoint): Promise<ShownEndpoint[]> {
    if (row !== undefined) return [];
    // An untrusted folder's store is not asked, as nothing was started on it from here.
    if (!vscode.workspace.isTrusted) return [];
    this.#watch(this.#view.visible);
    await this.#list.look();
    return [...this.#list.all];
  }

  #watch(isSeen: boolean): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers =
      isSeen && vscode.workspace.isTrusted
        ? [
            setInterval(() => void this.#list.look(), LOOK_MS),
            setInterval(() => {
              if (this.#list.atAws.length > 0) this.#changed.fire(undefined);
            }, AGE_MS),
          ]
        : [];
  }

  dispose(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
