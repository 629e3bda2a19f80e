import * as vscode from 'vscode';
import type { StoreModel, StoreStatus } from './store-model.ts';
import { storeSummary } from './run-text.ts';
import { tooltip, treeItem } from './tree-items.ts';
import { childNodes, rootNodes, stepNodes } from './tree-nodes.ts';
import type { Node } from './tree-nodes.ts';

/** The tree *Runs*. */
export class RunTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #model: StoreModel;
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly #subscriptions: { dispose(): unknown }[];
  readonly #view: vscode.TreeView<Node>;
  /** Root rows as VS Code has them: it finds a row to refresh by its object. */
  #roots = new Map<string, { node: Node; shows: unknown }>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(model: StoreModel) {
    this.#model = model;
    this.#view = vscode.window.createTreeView<Node>('recsys.runs', {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#subscriptions = [this.#view, this.#changed, model.onDidChange((status) => this.#update(status))];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return treeItem(this.#current(node));
  }

  /** What the row itself knows is shown also where the details cannot be had. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    const current = this.#current(node);
    const details = current.kind === 'run' ? this.#model.details(current.id) : undefined;
    item.tooltip = tooltip(current, await details?.catch(() => undefined));
    return item;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === 'run') return stepNodes(await this.#model.details(node.id));
    if (node !== undefined) return childNodes(node);
    if (vscode.workspace.workspaceFolders === undefined) return [];
    await this.#model.ready();
    return [...this.#roots.values()].map((root) => root.node);
  }

  /** A root row stays the same object while its run changes; what it shows is looked up. */
  #current(node: Node): Node {
    if (node.kind !== 'run') return node;
    const run = this.#model.run(node.id);
    return run === undefined ? node : { ...node, run };
  }

  #update(status: StoreStatus): void {
    const view = this.#model.view;
    // A lone view shares its header with its container, which leaves no room for a description there.
    this.#view.message = view === undefined ? '' : storeSummary(view);
    const before = this.#roots;
    const kept = (node: Node): Node => (node.kind === 'run' ? (before.get(node.id)?.node ?? node) : node);
    this.#roots = new Map(
      rootNodes(status).map((node) => [node.id, { node: kept(node), shows: shownBy(node) }]),
    );
    const ids = [...this.#roots.keys()];
    const sameRows = before.size === ids.length && [...before.keys()].every((id, index) => ids[index] === id);
    const changed = [...this.#roots]
      .filter(([id, root]) => before.get(id)?.shows !== root.shows)
      .map(([, root]) => root.node);
    if (!sameRows || changed.some((node) => node.kind !== 'run')) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Stays the same as long as the row looks the same: a run's row is the same object until something changed. */
function shownBy(node: Node): unknown {
  return node.kind === 'run' ? node.run : JSON.stringify(node);
}
