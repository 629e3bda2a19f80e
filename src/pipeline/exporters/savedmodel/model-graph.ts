/** A package as the SavedModel that answers as its recommender does. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { USUAL_ITEMS, type GraphFigures } from '../../../protocol/graph-figures.ts';
import { modelKind } from '../../kinds/registry.ts';
import { tieOrder } from '../../seeded-random.ts';
import { ItemNames } from '../../model/item-names.ts';
import { MODEL_FILE, type ModelFile, type PackagedMember } from '../../model/model-file.ts';
import {
  catalogueIn,
  itemsFileIn,
  isOfOtherVersion,
  openPackage,
  requireWhole,
} from '../../model/open-model.ts';
import { storedIn, type StoredModel } from '../../model/stored-model.ts';
import { itemOrder, type KindContext, type KindGraph } from './kind-graph.ts';
import { kindExporter } from './kinds/registry.ts';
import { savedModel } from './saved-model.ts';
import { servingGraph, servingWork, type ServingModel } from './serving-graph.ts';
import type { Bytes } from './wire.ts';

/** Length of the longest list, unless told otherwise. */
export const DEFAULT_MAX_K = 100;

export interface GraphOptions {
  /** Length of the longest list that can be asked. */
  readonly maxK?: number;
  /** The files are known to be what was written. */
  readonly verified?: boolean;
  /** Largest file, in bytes; for tests. */
  readonly limit?: number;
}

export interface ModelGraph {
  /** `saved_model.pb`. */
  readonly file: Bytes;
  readonly figures: GraphFigures;
  readonly items: number;
  readonly maxK: number;
  /** sha256 of the package's `model.json`, which tells the hashes of all its files. */
  readonly packageHash: string;
}

/** @throws UserError where a file is broken, the kind cannot be exported, or the file would be too large */
export async function modelGraph(
  folder: string,
  file: ModelFile,
  options: GraphOptions = {},
): Promise<ModelGraph> {
  const { model, what, packageHash } = await servingModel(folder, file, options);
  const { maxK, trainCounts } = model;
  const bytes = savedModel(servingGraph(model), what, options.limit);
  return {
    ...{ file: bytes, items: trainCounts.length, maxK, packageHash },
    figures: figuresOf(model, bytes),
  };
}

/** @param bytes of the graph's file */
export function figuresOf(model: ServingModel, { length }: Bytes): GraphFigures {
  return { bytes: length, numbers: Math.round(servingWork(model, USUAL_ITEMS)) };
}

/** A package, ready to be built into a graph. */
export interface ReadModel {
  readonly model: ServingModel;
  /** In words. */
  readonly what: string;
  readonly packageHash: string;
}

/** @throws UserError where a file is broken, or the kind cannot be exported */
export async function servingModel(
  folder: string,
  file: ModelFile,
  { maxK = DEFAULT_MAX_K, verified = false }: GraphOptions = {},
): Promise<ReadModel> {
  const what = `Model '${file.name}' (${modelKind(file.kind).title})`;
  // Refused before anything is read.
  requireExported(file, what);
  // Whether its lists are still those of its fixture, only the whole model can tell.
  if (isOfOtherVersion(file)) await openPackage(folder, file, { verified });
  else if (!verified) requireWhole(folder, file);
  const catalogue = await catalogueIn(folder, file);
  const { trainCounts } = catalogue;
  const order = itemOrder(tieOrder(trainCounts.length, file.seed));
  const stored = storedIn(folder, file);
  const [kind, names, told] = await Promise.all([
    loadKind(stored, what, { catalogue, order, seed: file.seed }),
    ItemNames.read(itemsFileIn(folder, file)),
    fs.readFile(path.join(folder, MODEL_FILE)),
  ]);
  const packageHash = createHash('sha256').update(told).digest('hex');
  const model = {
    ...{ kind, order, trainCounts, names, maxK },
    excludeQuery: file.signature.neverReturned.includes('query-items'),
    identity: packageHash.slice(0, 16),
  };
  return { model, what, packageHash };
}

/** @throws UserError where the model, or one it is made of, cannot be exported */
function requireExported({ kind, members }: Pick<PackagedMember, 'kind' | 'members'>, what: string): void {
  kindExporter(kind, what);
  for (const member of members) requireExported(member, `${what} is made of '${member.name}', which`);
}

function loadKind(
  stored: StoredModel,
  what: string,
  context: Omit<KindContext, 'stored' | 'loadMember'>,
): Promise<KindGraph> {
  const loadMember = (name: string, kind: string): Promise<KindGraph> =>
    loadKind(stored.member(name, kind), what, context);
  return kindExporter(stored.kind, what).load({ ...context, stored, loadMember });
}
