import type { MarkQuestion, ProjectionMethod } from '../../protocol/projection.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { Clusters } from '../projection/clusters.ts';
import { mapTable, type MapTable } from '../projection/map-table.ts';
import { mapVectors, type MapVectors } from '../projection/map-vectors.ts';
import { marksOf, type Marks } from '../projection/marks.ts';
import { DEFAULT_SEED, projectionOf, type Projection } from '../projection/project.ts';
import { ProjectionJobs, type PictureNow } from '../projection/projection-jobs.ts';
import { clusterInThread } from '../projection/projection-thread.ts';
import { modelFor } from '../query/choose-model.ts';
import { openRunData } from '../query/run-data.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { RunStore } from '../store/run-store.ts';
import { Finished } from './finished.ts';
import type { EngineSite } from './handlers/handler.ts';
import { ModelCache, type CachedModel } from './model-cache.ts';
import { Recent } from './recent.ts';

/** MiB for open models here: maps are looked at one or two at a time, and have a process of their own. */
const MODEL_MEMORY = 1024;
/** Pictures whose rest may be asked for: PCA's, which is there at once, and the one it stands in for. */
const PICTURES_KEPT = 2;

export interface AskedMap {
  readonly run: string;
  readonly model?: string | undefined;
}

export interface AskedPicture extends AskedMap {
  readonly method: ProjectionMethod;
  readonly seed?: number | undefined;
}

interface Mapped extends Pick<CachedModel, 'opened' | 'names'> {
  readonly run: RunFolder;
  readonly vectors: MapVectors;
}

/**
 * What maps are of. Models stay open between requests, the most recently used few, and with them their vectors as maps take
 * them; what took long to make stays for those who ask for its rest.
 */
export class AskedMaps {
  readonly #store: RunStore;
  readonly #models: ModelCache;
  readonly #vectors = new WeakMap<CachedModel, MapVectors>();
  readonly #tables = new WeakMap<MapVectors, MapTable>();
  readonly #clusters = new WeakMap<MapVectors, Clusters>();
  /** Words are typed letter by letter, and each asks. */
  readonly #data = new Recent<PreparedData>(1);
  readonly #marks = new Finished<Marks>(1);
  readonly #jobs = new ProjectionJobs();
  readonly #pictures = new Finished<Projection>(PICTURES_KEPT);

  constructor({ store, memory = MODEL_MEMORY }: EngineSite) {
    this.#store = RunStore.open(store);
    this.#models = new ModelCache(Math.min(memory, MODEL_MEMORY));
  }

  run(reference: string): RunFolder {
    return this.#store.resolve(reference);
  }

  async open({ run: reference, model }: AskedMap): Promise<Mapped> {
    const run = this.run(reference);
    const cached = await this.#models.open(run, model ?? modelFor(run, 'neighbours'));
    const vectors = this.#vectors.get(cached) ?? mapVectors(cached.opened);
    this.#vectors.set(cached, vectors);
    return { opened: cached.opened, names: cached.names, run, vectors };
  }

  table({ opened, names, vectors }: Mapped): MapTable {
    const table = this.#tables.get(vectors) ?? mapTable(opened, names, vectors);
    this.#tables.set(vectors, table);
    return table;
  }

  async clusters({ vectors }: Mapped, signal: AbortSignal): Promise<Clusters> {
    const found = this.#clusters.get(vectors) ?? (await clusterInThread(vectors, DEFAULT_SEED, signal));
    this.#clusters.set(vectors, found);
    return found;
  }

  /** @param isRest whether those that were made last will do */
  async marks(
    { run, opened }: Mapped,
    question: MarkQuestion,
    isRest: boolean,
    signal: AbortSignal,
  ): Promise<Marks> {
    const key = JSON.stringify([run.folder, opened.name, question]);
    const known = isRest ? this.#marks.get(key) : undefined;
    if (known !== undefined) return known;
    const data = await this.#data.get(run.folder, () => openRunData(run));
    return this.#marks.keep(key, await marksOf(run, data, opened.name, question, signal));
  }

  /** @param isRest whether that which was made last will do */
  async picture(asked: AskedPicture, isRest: boolean, signal: AbortSignal): Promise<Projection> {
    const key = this.#keyOf(asked);
    const known = isRest ? this.#pictures.get(key) : undefined;
    if (known !== undefined) return known;
    const made = await this.#jobs.run(key, signal, async (cancel, onProgress) => {
      const { run, opened, vectors } = await this.open(asked);
      const { method, seed } = asked;
      return projectionOf(run, vectors, { model: opened.name, method, seed }, cancel, onProgress);
    });
    return this.#pictures.keep(key, made);
  }

  /** The picture that is being made, as it is now. */
  now(asked: AskedPicture): PictureNow | undefined {
    return this.#jobs.now(this.#keyOf(asked));
  }

  #keyOf({ run, model, method, seed = DEFAULT_SEED }: AskedPicture): string {
    return JSON.stringify([this.run(run).id, model ?? null, method, seed]);
  }
}
