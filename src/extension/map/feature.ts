/** The maps of models. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { KeyOf } from '../../protocol/panels/contract.ts';
import type { MapPanelContract } from '../../protocol/panels/map.ts';
import { oneLine } from '../../protocol/text/escape.ts';
import { Panels, definePanel } from '../panels/registry.ts';
import type { PanelWindow } from '../panels/registry.ts';
import type { ListsInTheMaking } from '../explorer/lists.ts';
import type { Stores } from '../runs/stores.ts';
import { MapBehaviour } from './map-behaviour.ts';
import { writeWhole } from './write-whole.ts';

const TITLE_LIMIT = 40;

export class MapFeature implements vscode.Disposable {
  readonly #panels: Panels<MapPanelContract>;

  constructor(window: PanelWindow, stores: Stores, lists: ListsInTheMaking) {
    const map = definePanel<MapPanelContract>({
      name: 'map',
      contract: async () => (await import('../late.ts')).mapPanel,
      start: (panel) =>
        new MapBehaviour(panel, {
          request: (method, params, signal) => stores.request(method, params, signal),
          openModel: (model) => this.openModel(panel.key.run, model),
          list: () => lists.of(storeOf(stores, panel.key.run)),
          onDidChangeList: (listener) =>
            lists.onDidChange((store) => {
              if (store === storeOf(stores, panel.key.run)) listener();
            }),
          copy: (text) => vscode.env.clipboard.writeText(text),
          save: (name, content) => saveAs(folderOf(stores, panel.key.run), name, content),
          warn: window.warn,
        }),
    });
    this.#panels = new Panels(map, window);
  }

  /** Shows the map of a model, in the panel it has already or in a new one. */
  async open(key: KeyOf<MapPanelContract>, label: string): Promise<void> {
    await this.#panels.open(key, vscode.l10n.t('Map: {0}', oneLine(label, TITLE_LIMIT)));
  }

  /** The map of another model of a run. */
  async openModel(run: string, model: string): Promise<void> {
    await this.open({ run, model }, model);
  }

  dispose(): void {
    this.#panels.dispose();
  }
}

/** Folder of the run store that a run is in. */
function storeOf(stores: Stores, run: string): string {
  return (stores.of(run) ?? stores.first()).site.settings.storeFolder;
}

function folderOf(stores: Stores, run: string): string {
  return stores.of(run)?.site.folder ?? stores.first().site.folder;
}

/** Asks where, and writes; nothing where the person turned away. */
async function saveAs(folder: string, name: string, content: Uint8Array): Promise<void> {
  const kind = path.extname(name).slice(1);
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, path.basename(name))),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (chosen !== undefined) await writeWhole(chosen, content);
}
