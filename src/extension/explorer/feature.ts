/** The explorers of run stores. */
import * as vscode from 'vscode';
import type { AnsweringModels } from '../answering/answering-models.ts';
import type { ModelReference } from '../../protocol/engine/explorer.ts';
import type { ExplorerPanelContract } from '../../protocol/panels/explorer.ts';
import type { RunRow } from '../../protocol/run-row.ts';
import { hinted, messageOf, UserError } from '../../protocol/user-error.ts';
import { Panels, definePanel } from '../panels/registry.ts';
import type { PanelWindow } from '../panels/registry.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { hasReport } from '../runs/run-facts.ts';
import { runLabel } from '../runs/run-text.ts';
import { goneRun, type Stores } from '../runs/stores.ts';
import type { ListsInTheMaking } from './lists.ts';
import type { MapFeature } from '../map/feature.ts';
import { ExplorerBehaviour, type ExplorerSources, type Shown } from './explorer-behaviour.ts';

export class ExplorerFeature implements vscode.Disposable {
  readonly #panels: Panels<ExplorerPanelContract>;
  readonly #stores: Stores;
  readonly #answering: AnsweringModels;
  readonly #lists: ListsInTheMaking;
  readonly #maps: MapFeature;
  readonly #open = new Map<string, ExplorerBehaviour>();
  /** What panels that are being opened are to show. */
  readonly #toShow = new Map<string, Shown>();

  constructor(
    window: PanelWindow,
    stores: Stores,
    {
      answering,
      lists,
      maps,
    }: {
      readonly answering: AnsweringModels;
      readonly lists: ListsInTheMaking;
      readonly maps: MapFeature;
    },
  ) {
    this.#stores = stores;
    this.#answering = answering;
    this.#lists = lists;
    this.#maps = maps;
    const explorer = definePanel<ExplorerPanelContract>({
      name: 'explorer',
      contract: async () => (await import('../late.ts')).explorerPanel,
      start: (panel) => {
        const behaviour = new ExplorerBehaviour(panel, this.#sourcesOf(panel.key));
        this.#open.set(panel.key, behaviour);
        this.#showIn(panel.key, behaviour);
        return {
          requests: behaviour.requests,
          ready: () => behaviour.ready(),
          dispose: () => {
            if (this.#open.get(panel.key) === behaviour) this.#open.delete(panel.key);
            behaviour.dispose();
          },
        };
      },
    });
    this.#panels = new Panels(explorer, window);
  }

  /** Shows the explorer of a store, and something in it. Runs are named by their ids. */
  async open(store: FolderStore, shown: Shown): Promise<void> {
    const key = store.site.settings.storeFolder;
    if (Object.keys(shown).length > 0) this.#toShow.set(key, shown);
    const several = this.#stores.all.length > 1;
    const title = several ? vscode.l10n.t('Explorer: {0}', store.site.name) : vscode.l10n.t('Explorer');
    await this.#panels.open(key, title);
    const behaviour = this.#open.get(key);
    if (behaviour !== undefined) this.#showIn(key, behaviour);
  }

  #showIn(key: string, behaviour: ExplorerBehaviour): void {
    const shown = this.#toShow.get(key);
    this.#toShow.delete(key);
    if (shown !== undefined) behaviour.show(shown);
  }

  #sourcesOf(key: string): ExplorerSources {
    return {
      request: async (method, params, signal) => this.#trusted(key).engine.request(method, params, signal),
      runs: async () => {
        const { model } = this.#trusted(key);
        await model.ready();
        return model.runs.filter(hasReport).map((run) => ({ id: run.id, label: labelOf(run) }));
      },
      answering: () => this.#answeringOf(this.#trusted(key)),
      // Told of the stores' changes too.
      onDidChange: (listener) => this.#answering.onDidChange(listener),
      openCard: (run) => this.#openRun(key, 'recsys.openCard', run),
      openMap: (run, model) => this.#openMapOf(key, run, model),
      keepList: (items) => this.#lists.set(key, items),
      failure: (error) => ({
        message: messageOf(error),
        ...hinted(error),
      }),
    };
  }

  /** The run's own map is that of its best model with vectors, which has one panel however it is asked for. */
  async #openMapOf(key: string, run: string, model: string | undefined): Promise<void> {
    const { engine, model: store } = this.#trusted(key);
    const row = store.run(run);
    if (row === undefined) throw goneRun(run);
    const isOther = model !== undefined && model !== row.bestEmbedding;
    const { models } = isOther ? await engine.request('projections/models', { run: row.id }) : { models: [] };
    if (model !== undefined && models.includes(model)) await this.#maps.openModel(row.folder, model);
    else await this.#openRun(key, 'recsys.openMap', run);
  }

  async #openRun(key: string, command: string, run: string): Promise<void> {
    const row = this.#trusted(key).model.run(run);
    // Without a run the command takes the latest.
    if (row === undefined) throw goneRun(run);
    await vscode.commands.executeCommand(command, row.folder);
  }

  /**
   * What answers everywhere; of a run that nobody chose a model of, the one that is best for each question. Of a store
   * without vectors the newest run.
   */
  #answeringOf({ site, model: { runs } }: FolderStore): ModelReference | undefined {
    const answering = this.#answering.of(site.folder);
    const own = runs.find(({ folder }) => folder === answering?.run.folder);
    if (own !== undefined && answering?.reason === 'chosen') return { run: own.id, model: answering.model };
    const [newest] = runs.filter(hasReport).toSorted((a, b) => (a.id < b.id ? 1 : -1));
    const run = own ?? newest;
    return run === undefined ? undefined : { run: run.id };
  }

  /** @throws UserError where models of the store may not be opened, or it is not of this window any more */
  #trusted(key: string): FolderStore {
    if (!vscode.workspace.isTrusted)
      throw new UserError(
        vscode.l10n.t('The explorer opens models of this folder, which is not trusted.'),
        vscode.l10n.t('Trust it only if you trust its authors.'),
        { remedy: 'trust' },
      );
    const store = this.#stores.all.find(({ site }) => site.settings.storeFolder === key);
    if (store !== undefined) return store;
    throw new UserError(
      vscode.l10n.t('The run store {0} belongs to no folder of this window.', key),
      vscode.l10n.t('Open its folder, or open the explorer anew.'),
    );
  }

  dispose(): void {
    this.#panels.dispose();
    this.#open.clear();
  }
}

function labelOf(run: RunRow): string {
  return `${run.labels.starred ? '★ ' : ''}${runLabel(run)}`;
}
