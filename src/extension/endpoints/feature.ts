/** The view *Endpoints*, and the panels in which they are tried. */
import * as vscode from 'vscode';
import { sageMakerName } from '../../protocol/endpoint-id.ts';
import type { EndpointPanelContract } from '../../protocol/panels/endpoint.ts';
import { oneLine } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import { definePanel, Panels, type PanelWindow } from '../panels/registry.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Stores } from '../runs/stores.ts';
import { EndpointBehaviour } from './endpoint-behaviour.ts';
import { copyRequest } from './copy-request.ts';
import { EndpointList, type ShownEndpoint } from './endpoint-list.ts';
import { EndpointTree } from './endpoint-tree.ts';
import { StatusOfAws } from './status-of-aws.ts';

const TITLE_LIMIT = 40;

export class EndpointFeature implements vscode.Disposable {
  readonly list: EndpointList;
  readonly status = new StatusOfAws();
  readonly #tree: EndpointTree;
  readonly #panels: Panels<EndpointPanelContract>;

  constructor(window: PanelWindow, stores: Stores) {
    this.list = new EndpointList(stores);
    this.#tree = new EndpointTree(this.list, stores, this.status);
    const panel = definePanel<EndpointPanelContract>({
      name: 'endpoint',
      contract: async () => (await import('../late.ts')).endpointPanel,
      start: (handle) => {
        const shown = (): Promise<ShownEndpoint> => this.#shown(stores, handle.key.store, handle.key.id);
        return new EndpointBehaviour(handle, {
          request: (method, params, signal) =>
            storeAt(stores, handle.key.store).engine.request(method, params, signal),
          endpoint: async () => (await shown()).endpoint,
          copy: async (body) => copyRequest((await shown()).endpoint, body),
        });
      },
    });
    this.#panels = new Panels(panel, window);
  }

  /** Shows the panel of an endpoint, the one it has already or a new one. */
  async tryIt({ id, store, endpoint }: ShownEndpoint): Promise<void> {
    const title = vscode.l10n.t('Try {0}', oneLine(endpoint.name, TITLE_LIMIT));
    await this.#panels.open({ store: store.site.settings.storeFolder, id }, title);
  }

  /** @throws {UserError} when it has stopped */
  async #shown(stores: Stores, folder: string, id: string): Promise<ShownEndpoint> {
    storeAt(stores, folder);
    await this.list.look();
    const found = this.list.all.find((shown) => shown.id === id);
    if (found !== undefined) return found;
    if (sageMakerName(id) !== undefined)
      throw new UserError(
        vscode.l10n.t('This endpoint is not known any more.'),
        vscode.l10n.t('Deploy a run again with “RecSys: Deploy”.'),
      );
    throw new UserError(
      vscode.l10n.t('This endpoint has stopped.'),
      vscode.l10n.t('Serve a run again with “RecSys: Serve Locally”.'),
    );
  }

  dispose(): void {
    for (const part of [this.#panels, this.#tree, this.status, this.list]) part.dispose();
  }
}

function storeAt(stores: Stores, folder: string): FolderStore {
  return stores.all.find(({ site }) => site.settings.storeFolder === folder) ?? stores.first();
}
