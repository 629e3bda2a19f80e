import type { Clusters } from '../../projection/clusters.ts';
import { marksOf, type Marks } from '../../projection/marks.ts';
import { clusterInThread } from '../../projection/projection-thread.ts';
import type { EngineReply } from '../../../protocol/engine.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { OpenModel } from '../../model/open-model.ts';
import { base64 } from '../../projection/base64.ts';
import { mapItemsReply, mapTable } from '../../projection/map-table.ts';
import { mapVectors, type MapVectors } from '../../projection/map-vectors.ts';
import { DEFAULT_SEED, projectionOf } from '../../projection/project.ts';
import { ProjectionJobs } from '../../projection/projection-jobs.ts';
import { modelFor } from '../../query/choose-model.ts';
import { openRunData } from '../../query/run-data.ts';
import { nameOnEverything } from '../../query/named-training.ts';
import { modelsWithVectors } from '../../query/run-model.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { RunStore } from '../../store/run-store.ts';
import { ModelCache, type CachedModel } from '../model-cache.ts';
import { Recent } from '../recent.ts';
import type { EngineSite, Handlers } from './handler.ts';

/** MiB for open models here: maps are looked at one or two at a time, and have a process of their own. */
const MODEL_MEMORY = 1024;

interface Asked {
  readonly run: string;
  readonly model?: string | undefined;
}

interface Mapped extends Pick<CachedModel, 'opened' | 'names'> {
  readonly run: RunFolder;
  readonly vectors: MapVectors;
}

/** Models stay open between requests, the most recently used few, and with them their vectors as maps take them. */
export function projectionHandlers({
  store: folder,
  memory = MODEL_MEMORY,
}: EngineSite): Handlers<'projections'> {
  const store = RunStore.open(folder);
  const models = new ModelCache(Math.min(memory, MODEL_MEMORY));
  const vectorsOf = new WeakMap<CachedModel, MapVectors>();
  /** A page that is shown again asks for them again. */
  const clustersOf = new WeakMap<MapVectors, Clusters>();
  /** Words are typed letter by letter, and each asks. */
  const dataOf = new Recent<PreparedData>(1);
  const jobs = new ProjectionJobs();

  const open = async ({ run: reference, model }: Asked): Promise<Mapped> => {
    const run = store.resolve(reference);
    const cached = await models.open(run, model ?? modelFor(run, 'neighbours'));
    const vectors = vectorsOf.get(cached) ?? mapVectors(cached.opened);
    vectorsOf.set(cached, vectors);
    return { opened: cached.opened, names: cached.names, run, vectors };
  };
  const keyOf = ({ run, model }: Asked, method: string, seed: number = DEFAULT_SEED): string =>
    JSON.stringify([store.resolve(run).id, model ?? null, method, seed]);

  return {
    'projections/items': async (asked) => {
      const { run, opened, names, vectors } = await open(asked);
      const told = { run: run.id, label: run.labels().name };
      return mapItemsReply(told, opened, vectors, mapTable(opened, names, vectors));
    },
    'projections/models': ({ run }) => ({ models: mappedModels(store.resolve(run)) }),
    'projections/clusters': async (asked, signal) => {
      const { vectors } = await open(asked);
      const found = clustersOf.get(vectors) ?? (await clusterInThread(vectors, DEFAULT_SEED, signal));
      clustersOf.set(vectors, found);
      return { clusters: base64(found.ofRow), typical: found.typical.map((rows) => [...rows]) };
    },
    'projections/marks': async ({ by, keyword, ...asked }, signal) => {
      const { run, opened, vectors } = await open(asked);
      const data = await dataOf.get(run.folder, () => openRunData(run));
      return marksReply(vectors, await marksOf(run, data, opened.name, { by, keyword }, signal));
    },
    'projections/project': async ({ method, seed, ...asked }, signal) => {
      const { positions, ...made } = await jobs.run(
        keyOf(asked, method, seed),
        signal,
        async (cancel, onProgress) => {
          const { run, opened, vectors } = await open(asked);
          return projectionOf(run, vectors, { model: opened.name, method, seed }, cancel, onProgress);
        },
      );
      return { ...made, positions: base64(positions) };
    },
    'projections/progress': ({ method, since, ...asked }) => {
      const now = jobs.now(keyOf(asked, method));
      if (now === undefined) return { stage: 'starting', epoch: 0, epochs: 0, version: 0 };
      const { progress, version, positions } = now;
      const isNew = positions !== undefined && version > since;
      return { ...progress, version, ...(isNew ? { positions: base64(positions) } : {}) };
    },
    'projections/neighbours': async ({ item, k, ...asked }) => {
      return neighboursReply((await open(asked)).opened, item, k);
    },
  };
}

function marksReply({ items }: MapVectors, { values, of }: Marks): EngineReply<'projections/marks'> {
  return { values: base64(Uint32Array.from(items, (item) => values[item] ?? 0)), of };
}

function neighboursReply(
  { scorer, recommender }: OpenModel,
  item: number,
  k: number,
): EngineReply<'projections/neighbours'> {
  const { items, scores } = scorer.knows(item) ? recommender.similar(item, k) : { items: [], scores: [] };
  return { items: [...items], scores: [...scores] };
}

function mappedModels(run: RunFolder): string[] {
  const forUse = modelsWithVectors(run, 'everything').map(nameOnEverything);
  return [...modelsWithVectors(run, 'evaluated'), ...forUse];
}
