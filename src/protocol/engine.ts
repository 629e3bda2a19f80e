/**
 * Requests the extension sends to the query engine (JSON-RPC over IPC), by domain. Each is one entry: the schemas of its
 * parameters and of its reply, its time-out, and whether it may be given up. Both sides check what they receive.
 */
import type * as z from 'zod/mini';
import { dataMethods } from './engine/data.ts';
import { endpointMethods } from './engine/endpoints.ts';
import { explorerMethods } from './engine/explorer.ts';
import { itemMethods } from './engine/items.ts';
import { modelMethods } from './engine/models.ts';
import { projectionMethods } from './engine/projections.ts';
import { runMethods } from './engine/runs.ts';
import { storeMethods } from './engine/store.ts';

export { DataPreview, InputColumns } from './engine/data.ts';
export {
  FoundBy,
  FoundItem,
  HoverReply,
  ItemAtPlace,
  Neighbour,
  NeighbourReply,
  OpenModelEntry,
  PlaceInText,
  ReadListReply,
  RecommendedItem,
  RecommendReply,
  SearchReply,
  VocabularyReply,
} from './engine/items.ts';
export { ModelKindEntry, TunableKind } from './engine/models.ts';
export { ClusterReply, MapItemsReply, PictureReply, ProjectionReply } from './engine/projections.ts';
export { RetentionRule, STORE_CHANGED } from './engine/store.ts';

/** Methods of one domain are answered by one worker of the engine. */
export const engineDomains = {
  store: storeMethods,
  runs: runMethods,
  data: dataMethods,
  models: modelMethods,
  items: { ...itemMethods, ...explorerMethods },
  projections: projectionMethods,
  endpoints: endpointMethods,
} as const;
export type EngineDomain = keyof typeof engineDomains;

export const engineMethods = {
  ...storeMethods,
  ...runMethods,
  ...dataMethods,
  ...modelMethods,
  ...itemMethods,
  ...explorerMethods,
  ...projectionMethods,
  ...endpointMethods,
} as const;
export type EngineMethods = typeof engineMethods;
export type EngineMethod = keyof EngineMethods;
export type EngineParams<M extends EngineMethod> = z.infer<EngineMethods[M]['params']>;
export type EngineReply<M extends EngineMethod> = z.infer<EngineMethods[M]['reply']>;
export type MethodOfDomain<D extends EngineDomain> = keyof (typeof engineDomains)[D] & EngineMethod;
