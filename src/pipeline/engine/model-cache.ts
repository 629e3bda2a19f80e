import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';
import { openRunModel } from '../query/run-model.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** Models kept open. */
const CAPACITY = 3;

export interface CachedModel {
  readonly opened: OpenModel;
  readonly names: ItemNames;
}

async function load(run: RunFolder, model: string): Promise<CachedModel> {
  const opened = await openRunModel(run, model);
  return { names: await opened.names(), opened };
}

/** The most recently used models; a model asked for twice at once is opened once. */
export class ModelCache {
  readonly #entries = new Map<string, Promise<CachedModel>>();

  open(run: RunFolder, model: string): Promise<CachedModel> {
    const key = `${run.folder}\n${model}`;
    const entry = this.#entries.get(key) ?? load(run, model);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.catch(() => {
      // A newer one of the same key may have come in its place.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    this.#evict();
    return entry;
  }

  #evict(): void {
    for (const key of [...this.#entries.keys()].slice(0, -CAPACITY)) this.#entries.delete(key);
  }
}
