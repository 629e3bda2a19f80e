/**
 * Requests about maps of item vectors. JSON-RPC between the engine and the extension is text, so arrays travel as base64 of
 * their little-endian bytes, and in parts: the rows from `from` on, as many as one answer holds. Who has them asks for the
 * rows after them.
 */
import * as z from 'zod/mini';
import {
  MapOf,
  MarkQuestion,
  ProjectionMethod,
  ProjectionProgress,
  ProjectionQuality,
} from '../projection.ts';
import { SLOW_MS, type EngineMethodEntries } from './method.ts';

const Base64 = z.string();

/** Rows that one answer holds, at most; and bytes of names, unless a single name has more. */
export const PART_ROWS = 1 << 16;
export const PART_NAME_BYTES = 1 << 20;

/** The items of a map, the most frequent in training first: a row each. */
export const MapItemsReply = z.object({
  ...MapOf.shape,
  /** The first row of this part. */
  from: z.int(),
  /** Item code of each row: int32. */
  codes: Base64,
  /** Names one after another in UTF-8, and where each ends among those of this part: uint32. */
  names: Base64,
  nameEnds: Base64,
  /** Training rows of each item: uint32. */
  counts: Base64,
  groups: z.optional(
    z.object({
      /** Group of each row, −1 for none: int32. */
      codes: Base64,
      /** Part of a name that is the group's own; absent where none is. */
      part: z.optional(z.int()),
    }),
  ),
});
export type MapItemsReply = z.infer<typeof MapItemsReply>;

export const ClusterReply = z.object({
  /** Cluster of each row: uint8. */
  clusters: Base64,
  /** Rows of the items that are typical of each cluster, the most typical first. */
  typical: z.array(z.array(z.int())),
});
export type ClusterReply = z.infer<typeof ClusterReply>;

export const MarksReply = z.object({
  /** Of each row: uint32. Of `split` and `hits` a place among their marks, of `keyword` a number of sequences. */
  values: Base64,
  /** So many there are in all: items asked for (`hits`), or sequences whose name holds the word (`keyword`). */
  of: z.int(),
});
export type MarksReply = z.infer<typeof MarksReply>;

/**
 * x and y of the first rows of the map, float32; rows after them are not placed. A picture on the way is told whole: only
 * methods that place few items have any.
 */
export const PictureReply = z.object({
  ...ProjectionProgress.shape,
  /** Counted up with every new picture; 0: there is none yet. */
  version: z.int(),
  /** Absent where it is that which the asker has. */
  positions: z.optional(Base64),
});
export type PictureReply = z.infer<typeof PictureReply>;

export const ProjectionReply = z.object({
  method: ProjectionMethod,
  /** Rows that are placed, in all. */
  rows: z.int(),
  /** x and y of the rows of this part, float32. */
  positions: Base64,
  quality: z.optional(ProjectionQuality),
  seconds: z.number(),
  seed: z.int(),
  /** It was made earlier, and was read. */
  kept: z.boolean(),
  /** Why it could not be kept beside the run. */
  notKept: z.optional(z.string()),
});
export type ProjectionReply = z.infer<typeof ProjectionReply>;

const asked = { run: z.string(), model: z.optional(z.string()) };
const part = { from: z._default(z.int().check(z.nonnegative()), 0) };

/** A projection of many items takes minutes; it is given up when nobody waits for it. */
const PROJECT_MS = 3_600_000;

export const projectionMethods = {
  'projections/items': {
    params: z.object({ ...asked, ...part }),
    reply: MapItemsReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  /** Names of the run's models that have vectors. */
  'projections/models': {
    params: z.object({ run: z.string() }),
    reply: z.object({ models: z.array(z.string()) }),
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'projections/clusters': {
    params: z.object({ ...asked, ...part }),
    reply: ClusterReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'projections/marks': {
    params: z.object({ ...asked, ...part, ...MarkQuestion.shape }),
    reply: MarksReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'projections/project': {
    params: z.object({ ...asked, ...part, method: ProjectionMethod, seed: z.optional(z.int()) }),
    reply: ProjectionReply,
    timeOut: PROJECT_MS,
    cancellable: true,
  },
  /** The picture of a projection that is being made, as it is now. */
  'projections/progress': {
    params: z.object({ ...asked, method: ProjectionMethod, since: z._default(z.int(), 0) }),
    reply: PictureReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  /** The items nearest to one, by their codes: those that Find Neighbours lists. */
  'projections/neighbours': {
    params: z.object({ ...asked, item: z.int(), k: z.int().check(z.minimum(1), z.maximum(100)) }),
    reply: z.object({ items: z.array(z.int()), scores: z.array(z.number()) }),
    timeOut: SLOW_MS,
    cancellable: true,
  },
} as const satisfies EngineMethodEntries;
