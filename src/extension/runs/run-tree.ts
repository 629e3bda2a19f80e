import * as vscode from 'vscode';
import type { FolderStore } from './folder-store.ts';
import { isRunning } from './run-facts.ts';
import { storeSummary } from './run-text.ts';
import type { Stores } from './stores.ts';
import { tooltip, treeItem } from './tree-items.ts';
import { childNodes, rootNodes, stepNodes } from './tree-nodes.ts';
import type { FolderNode, Node } from './tree-nodes.ts';

/** A row below the top or a folder as VS Code has it: it finds a row to refresh by its object. */
interface Row {
  readonly node: Node;
  /** Stays the same as long as the row looks the same. */
  readonly shows: unknown;
}

/** The rows that stand under one parent. */
interface Branch {
  readonly parent: FolderNode | undefined;
  readonly rows: ReadonlyMap<string, Row>;
}

/** The tree *Runs*; grouped by folder where the workspace has several. */
export class RunTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #stores: Stores;
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly #subscriptions: { dispose(): unknown }[];
  readonly #view: vscode.TreeView<Node>;
  /** By the id of the parent; that of the top is empty. */
  #branches = new Map<string, Branch>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.#view = vscode.window.createTreeView<Node>('recsys.runs', {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    this.#subscriptions = [this.#view, this.#changed, stores.onDidChange(() => this.#update())];
  }

  /** The selected rows, the focused one among them. */
  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return treeItem(this.#current(node));
  }

  /** What the row itself knows is shown also where the details cannot be had. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    const current = this.#current(node);
    const details = current.kind === 'run' ? this.#stores.details(current.id) : undefined;
    item.tooltip = tooltip(current, await details?.catch(() => undefined));
    return item;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) await this.#stores.ready();
    if (node?.kind === 'run') return stepNodes(await this.#stores.details(node.id));
    if (node !== undefined && node.kind !== 'folder') return childNodes(node);
    const branch = this.#branches.get(node?.id ?? '');
    return [...(branch?.rows.values() ?? [])].map((row) => row.node);
  }

  getParent(node: Node): Node | undefined {
    for (const { parent, rows } of this.#branches.values()) if (rows.has(node.id)) return parent;
    return undefined;
  }

  /** Shows a run in the tree and selects it; where none is named, the first that runs. */
  async reveal(reference: string | undefined): Promise<void> {
    await vscode.commands.executeCommand('recsys.runs.focus');
    const wanted = reference === undefined ? this.#stores.runs.find(isRunning) : this.#stores.run(reference);
    const rows = [...this.#branches.values()].flatMap((branch) => [...branch.rows.values()]);
    const row = rows.find(({ node }) => node.id === wanted?.folder);
    if (row !== undefined) await this.#view.reveal(row.node, { select: true, focus: true, expand: 1 });
  }

  /** A row stays the same object while its run changes; what it shows is looked up. */
  #current(node: Node): Node {
    if (node.kind === 'folder') return this.#folders().find(({ id }) => id === node.id) ?? node;
    if (node.kind !== 'run') return node;
    const run = this.#stores.run(node.id);
    return run === undefined ? node : { ...node, run };
  }

  /** The folders, where there are several and one of them has something to show. */
  #folders(): FolderNode[] {
    const { all } = this.#stores;
    return all.length < 2 || all.every((store) => rowsOf(store).length === 0) ? [] : all.map(folderNode);
  }

  #update(): void {
    const { all } = this.#stores;
    // A lone view shares its header with its container, which leaves no room for a description there.
    this.#view.message = storeSummary(all.flatMap(({ model }) => model.view ?? []));
    const before = this.#branches;
    const folders = this.#folders();
    const stores = folders.length === 0 ? all : [];
    this.#branches = new Map();
    this.#keep(before, undefined, [...folders, ...stores.flatMap(rowsOf)]);
    all
      .slice(0, folders.length)
      .forEach((store) => this.#keep(before, this.#parent(folderNode(store)), rowsOf(store)));
    this.#fire(before);
  }

  #keep(before: ReadonlyMap<string, Branch>, parent: FolderNode | undefined, nodes: readonly Node[]): void {
    const known = before.get(parent?.id ?? '')?.rows;
    const rows = nodes.map((node): [string, Row] => {
      const same = node.kind === 'run' || node.kind === 'folder' ? known?.get(node.id)?.node : undefined;
      return [node.id, { node: same ?? node, shows: shownBy(node) }];
    });
    this.#branches.set(parent?.id ?? '', { parent, rows: new Map(rows) });
  }

  /** The row of a folder, as VS Code has it. */
  #parent(folder: FolderNode): FolderNode {
    const kept = this.#branches.get('')?.rows.get(folder.id)?.node;
    return kept?.kind === 'folder' ? kept : folder;
  }

  /** Tells VS Code which rows are other than before; where rows came or went, all below their parent. */
  #fire(before: ReadonlyMap<string, Branch>): void {
    const changed: Node[] = [];
    for (const [id, { parent, rows }] of this.#branches) {
      const old = before.get(id)?.rows ?? new Map<string, Row>();
      const different = [...rows].filter(([row, { shows }]) => old.get(row)?.shows !== shows);
      const moved = rows.size !== old.size || [...old.keys()].join('\n') !== [...rows.keys()].join('\n');
      const nodes = different.map(([, { node }]) => node);
      const whole = moved || nodes.some(({ kind }) => kind === 'error');
      if (whole && parent === undefined) return this.#changed.fire(undefined);
      if (whole && parent !== undefined) changed.push(parent);
      else changed.push(...nodes);
    }
    if (changed.length > 0) this.#changed.fire(changed);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function rowsOf({ site, model }: FolderStore): Node[] {
  return rootNodes(model.status, site.folder);
}

/** A run's row is the same object until something of the run changed. */
function shownBy(node: Node): unknown {
  return node.kind === 'run' ? node.run : JSON.stringify(node);
}

function folderNode({ site, model }: FolderStore): FolderNode {
  const summary = storeSummary(model.view === undefined ? [] : [model.view]);
  return { kind: 'folder', id: `folder:${site.folder}`, name: site.name, summary };
}
