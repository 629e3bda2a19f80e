import * as fs from 'node:fs';
import * as path from 'node:path';
import type { OpenModelEntry } from '../../protocol/engine.ts';
import { donePausing } from '../pausing.ts';
import { ItemFacts } from '../query/item-facts.ts';
import type { KnownModel } from '../query/item-at-place.ts';
import { openNamedModel } from '../query/named-training.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { KeptFilter } from '../../protocol/word-filter.ts';

/** What the arrays of a model are in its process for each byte of its files: they, and what is made of them to search. */
const IN_MEMORY = 2;
const MIB = 2 ** 20;

export interface CachedModel extends KnownModel {
  readonly run: string;
  /** About what it takes of memory, names included. */
  readonly bytes: () => number;
  /** Which words its items' names hold; told once. */
  readonly words: () => Promise<KeptFilter>;
}

async function load(run: RunFolder, model: string): Promise<CachedModel> {
  const opened = await openNamedModel(run, model);
  const names = await opened.names();
  const { spec } = run.manifest();
  const files = await bytesOfArrays(opened.folder);
  let words: Promise<KeptFilter> | undefined;
  return {
    ...{ opened, names, run: run.id, columns: spec.item, facts: new ItemFacts(opened, names, spec) },
    bytes: () => IN_MEMORY * files + names.byteLength,
    words: () => (words ??= names.readyIndex().then((index) => donePausing(index.words()))),
  };
}

/** Of a model's folder, the arrays; its table of items is read as names. */
async function bytesOfArrays(folder: string): Promise<number> {
  const entries = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.parquet'));
  const sizes = files.map(
    async ({ parentPath, name }) => (await fs.promises.stat(path.join(parentPath, name))).size,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

interface Entry {
  readonly loading: Promise<CachedModel>;
  /** Once it is open. */
  model: CachedModel | undefined;
}

/**
 * Open models, as many as a ceiling of memory allows: those used least recently go first, the one in use never. One asked
 * for twice at once is opened once.
 */
export class ModelCache {
  readonly #entries = new Map<string, Entry>();
  readonly ceilingBytes: number;

  /** @param ceiling MiB */
  constructor(ceiling: number) {
    this.ceilingBytes = ceiling * MIB;
  }

  async open(run: RunFolder, model: string): Promise<CachedModel> {
    const key = `${run.folder}\n${model}`;
    const entry = this.#entries.get(key) ?? this.#begin(key, run, model);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const opened = await entry.loading;
    this.#evict();
    return opened;
  }

  /** The least recently used first. */
  entries(): OpenModelEntry[] {
    return [...this.#entries.values()].flatMap(({ model }) =>
      model === undefined
        ? []
        : [
            {
              run: model.run,
              model: model.opened.name,
              bytes: model.bytes(),
              indexBytes: model.names.indexBytes,
            },
          ],
    );
  }

  #begin(key: string, run: RunFolder, model: string): Entry {
    const entry: Entry = { loading: load(run, model), model: undefined };
    entry.loading.then(
      (opened) => (entry.model = opened),
      () => {
        // A newer one of the same key may have come in its place.
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry;
  }

  #evict(): void {
    const open = [...this.#entries].filter(([, { model }]) => model !== undefined);
    let bytes = open.reduce((sum, [, { model }]) => sum + (model?.bytes() ?? 0), 0);
    for (const [key, { model }] of open.slice(0, -1)) {
      if (bytes <= this.ceilingBytes) return;
      bytes -= model?.bytes() ?? 0;
      this.#entries.delete(key);
    }
  }
}
