import * as vscode from 'vscode';
import { escapeMarkdown, oneLine } from '../../protocol/text/escape.ts';
import { runTitle } from '../runs/run-text.ts';
import type { Stores } from '../runs/stores.ts';
import type { EndpointList, ShownEndpoint } from './endpoint-list.ts';

/** Between two looks while the view is seen. */
const LOOK_MS = 2000;

/** The tree *Endpoints*: a row a server that runs. */
export class EndpointTree implements vscode.TreeDataProvider<ShownEndpoint>, vscode.Disposable {
  readonly #list: EndpointList;
  readonly #stores: Stores;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<ShownEndpoint>;
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(list: EndpointList, stores: Stores) {
    this.#list = list;
    this.#stores = stores;
    this.#view = vscode.window.createTreeView<ShownEndpoint>('recsys.endpoints', { treeDataProvider: this });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      list.onDidChange(() => this.#changed.fire(undefined)),
      this.#view.onDidChangeVisibility(({ visible }) => this.#watch(visible)),
    ];
  }

  getTreeItem({ id, endpoint }: ShownEndpoint): vscode.TreeItem {
    const item = new vscode.TreeItem(endpoint.url);
    item.id = id;
    item.contextValue = 'endpoint';
    item.iconPath = new vscode.ThemeIcon('broadcast');
    item.description = oneLine(
      [endpoint.answering.model, this.#whose(endpoint), figures(endpoint)]
        .filter((part) => part !== '')
        .join(' · '),
    );
    item.tooltip = this.#tooltip(endpoint);
    return item;
  }

  async getChildren(row?: ShownEndpoint): Promise<ShownEndpoint[]> {
    if (row !== undefined) return [];
    // An untrusted folder's store is not asked, as nothing was started on it from here.
    if (!vscode.workspace.isTrusted) return [];
    this.#watch(this.#view.visible);
    await this.#list.look();
    return [...this.#list.all];
  }

  #whose({ answering: { run, package: folder = '' } }: ShownEndpoint['endpoint']): string {
    if (run === undefined) return folder;
    const row = this.#stores.run(run);
    return row === undefined ? run : runTitle(row);
  }

  #tooltip(endpoint: ShownEndpoint['endpoint']): vscode.MarkdownString {
    const { name, version, since, watches, protected: needsToken, answering } = endpoint;
    const lines = [
      vscode.l10n.t('Model {0} ({1})', answering.model, answering.kind),
      this.#whose(endpoint),
      vscode.l10n.t(
        'Answers as {0}, version {1}, since {2}',
        name,
        version,
        new Date(since).toLocaleString(),
      ),
      ...(watches ? [vscode.l10n.t('Takes newer runs of its data by itself')] : []),
      ...(needsToken ? [vscode.l10n.t('Requests need a token')] : []),
    ];
    return new vscode.MarkdownString(lines.map(escapeMarkdown).join('  \n'));
  }

  #watch(isSeen: boolean): void {
    clearInterval(this.#timer);
    this.#timer =
      isSeen && vscode.workspace.isTrusted ? setInterval(() => void this.#list.look(), LOOK_MS) : undefined;
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function figures({ figures: counted }: ShownEndpoint['endpoint']): string {
  if (counted === undefined || counted.requests === 0) return '';
  if (counted.p95 === undefined) return vscode.l10n.t('{0} requests', counted.requests);
  return vscode.l10n.t('{0} requests, p95 {1} ms', counted.requests, counted.p95.toFixed(1));
}
