import type * as vscode from 'vscode';
import { Engine } from '../processes/engine.ts';
import type { Site } from '../site.ts';
import { StoreModel } from './store-model.ts';

/** The run store of one workspace folder: its engine, and the picture this window has of it. */
export class FolderStore implements vscode.Disposable {
  readonly engine: Engine;
  readonly model: StoreModel;
  #site: Site;

  constructor(site: Site, log: vscode.LogOutputChannel) {
    this.#site = site;
    this.engine = new Engine(() => {
      const { folder, settings, runtime } = this.#site;
      const { storeFolder: store, engineMemory: memory } = settings;
      return { runtime, folders: { store, workspace: folder, memory } };
    }, log);
    this.model = new StoreModel(this.engine);
  }

  /** With the settings as they are now. */
  get site(): Site {
    return this.#site;
  }

  /** Settings changed, but not where the store is. */
  move(site: Site): void {
    this.#site = site;
    this.engine.restart();
  }

  dispose(): void {
    this.model.dispose();
    this.engine.dispose();
  }
}
