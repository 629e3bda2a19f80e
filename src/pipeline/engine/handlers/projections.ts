import type { EngineReply } from '../../../protocol/engine.ts';
import { PART_NAME_BYTES, PART_ROWS } from '../../../protocol/engine/projections.ts';
import type { OpenModel } from '../../model/open-model.ts';
import { base64 } from '../../projection/base64.ts';
import { mapItemsReply } from '../../projection/map-table.ts';
import { nameOnEverything } from '../../query/named-training.ts';
import { modelsWithVectors } from '../../query/run-model.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { AskedMaps } from '../asked-maps.ts';
import type { EngineSite, Handlers } from './handler.ts';

export function projectionHandlers(site: EngineSite): Handlers<'projections'> {
  const maps = new AskedMaps(site);
  return {
    'projections/items': async ({ from, ...asked }) => {
      const mapped = await maps.open(asked);
      const { run, opened, vectors } = mapped;
      const told = { run: run.id, label: run.labels().name };
      const part = { from, rows: PART_ROWS, nameBytes: PART_NAME_BYTES };
      return mapItemsReply(told, opened, vectors, maps.table(mapped), part);
    },
    'projections/models': ({ run }) => ({ models: mappedModels(maps.run(run)) }),
    'projections/clusters': async ({ from, ...asked }, signal) => {
      const { ofRow, typical } = await maps.clusters(await maps.open(asked), signal);
      return { clusters: partOf(ofRow, from), typical: typical.map((rows) => [...rows]) };
    },
    'projections/marks': async ({ by, keyword, from, ...asked }, signal) => {
      const mapped = await maps.open(asked);
      const { values, of } = await maps.marks(mapped, { by, keyword }, from > 0, signal);
      const part = mapped.vectors.items.subarray(from, from + PART_ROWS);
      return { values: base64(Uint32Array.from(part, (item) => values[item] ?? 0)), of };
    },
    'projections/project': async ({ from, ...asked }, signal) => {
      const { positions, ...told } = await maps.picture(asked, from > 0, signal);
      return { ...told, rows: positions.length / 2, positions: partOf(positions, from, 2) };
    },
    'projections/progress': ({ since, ...asked }) => {
      const now = maps.now(asked);
      if (now === undefined) return { stage: 'starting', epoch: 0, epochs: 0, version: 0 };
      const { progress, version, positions } = now;
      const isNew = positions !== undefined && version > since;
      return { ...progress, version, ...(isNew ? { positions: base64(positions) } : {}) };
    },
    'projections/neighbours': async ({ item, k, ...asked }) => {
      return neighboursReply((await maps.open(asked)).opened, item, k);
    },
  };
}

/** The part of an array that one answer holds. @param width numbers a row */
function partOf(array: Uint8Array | Float32Array, from: number, width = 1): string {
  return base64(array.subarray(width * from, width * (from + PART_ROWS)));
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
