/**
 * Requests the extension sends to the query engine (JSON-RPC over IPC), each with the schema of its parameters and
 * of its reply. Both sides check what they receive.
 */
import * as z from 'zod/mini';
import { Shell } from './shell-words.ts';
import { DatasetSpec, Guess } from './dataset-spec.ts';
import { LabelChange } from './run.ts';
import { CardData, StoreView } from './run-view.ts';

const RunId = z.object({ run: z.string() });
/** A run, and the shell that commands are to be written for. */
const RunInShell = z.object({ run: z.string(), shell: z.optional(Shell) });
const Nothing = z.object({});

/** An item with its score as a neighbour of another. */
export const Neighbour = z.object({ item: z.string(), score: z.number() });
export const NeighbourReply = z.object({
  run: z.string(),
  model: z.string(),
  query: z.string(),
  /** How many were asked for; fewer neighbours: the model relates no others to the item. */
  asked: z.int(),
  neighbours: z.array(Neighbour),
});
export type NeighbourReply = z.infer<typeof NeighbourReply>;

/**
 * A recommended item. Scores of one list are of one scale and never rise. What popularity fills in after the model's own
 * items has none (null); where popularity answers the whole query, they are training rows.
 */
export const RecommendedItem = z.object({
  item: z.string(),
  score: z.nullable(z.number()),
  answeredBy: z.enum(['model', 'popularity']),
});
export type RecommendedItem = z.infer<typeof RecommendedItem>;

export const RecommendReply = z.object({
  run: z.string(),
  model: z.string(),
  /** Names the query was made of, the oldest first. */
  query: z.array(z.string()),
  /** Names that no item has, where the query was to leave them out. */
  skipped: z.optional(z.array(z.string())),
  /** `popularity`: the model has nothing of its own after the query, as where it knows none of its items. */
  answeredBy: z.enum(['model', 'popularity', 'nothing']),
  /** How many were asked for; fewer recommendations: the model has no others after this list. */
  asked: z.int(),
  recommendations: z.array(RecommendedItem),
});
export type RecommendReply = z.infer<typeof RecommendReply>;

export const DataPreview = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), samples: z.array(z.string()) })),
  rows: z.optional(z.number()),
  guess: Guess,
  /** The spec kept in `recsys.json`, when there is one for this file. */
  saved: z.optional(DatasetSpec),
});
export type DataPreview = z.infer<typeof DataPreview>;

/** A kind of model whose parameters can be searched. */
export const TunableKind = z.object({ name: z.string(), title: z.string(), description: z.string() });
export type TunableKind = z.infer<typeof TunableKind>;

/** A kind of model that a run can train, and whether it does where no models are named. */
export const ModelKindEntry = z.object({ ...TunableKind.shape, byDefault: z.boolean() });
export type ModelKindEntry = z.infer<typeof ModelKindEntry>;

export const RetentionRule = z.object({
  keepLatest: z.int().check(z.minimum(0)),
  /** Days; 0: no limit by age. */
  keepDays: z.number().check(z.minimum(0)),
});
export type RetentionRule = z.infer<typeof RetentionRule>;

/** Every request of the engine. Starred, tagged, named and running runs are never cleaned up. */
export const engineRequests = {
  'store/view': { params: Nothing, reply: StoreView },
  'store/cleanUp': {
    params: z.object({ rule: RetentionRule, dryRun: z.boolean() }),
    reply: z.object({ runs: z.array(z.string()), bytes: z.number() }),
  },
  'run/card': { params: RunInShell, reply: CardData },
  'run/command': { params: RunInShell, reply: z.object({ command: z.string() }) },
  'run/cancel': { params: RunId, reply: Nothing },
  'run/delete': { params: RunId, reply: z.object({ trash: z.string() }) },
  'run/restore': { params: RunId, reply: Nothing },
  'run/label': { params: z.object({ run: z.string(), change: LabelChange }), reply: Nothing },
  'data/preview': { params: z.object({ path: z.string() }), reply: DataPreview },
  'data/saveSpec': {
    params: z.object({ path: z.string(), spec: DatasetSpec }),
    reply: z.object({ file: z.string() }),
  },
  'models/tunable': { params: Nothing, reply: z.object({ kinds: z.array(TunableKind) }) },
  'models/kinds': { params: Nothing, reply: z.object({ kinds: z.array(ModelKindEntry) }) },
  'neighbours/query': {
    params: z.object({
      item: z.string(),
      k: z.int(),
      run: z.optional(z.string()),
      model: z.optional(z.string()),
    }),
    reply: NeighbourReply,
  },
  'recommend/query': {
    params: z.object({
      /** The oldest first, the newest last. */
      items: z.array(z.string()),
      k: z.int(),
      run: z.optional(z.string()),
      model: z.optional(z.string()),
      keepSeen: z._default(z.boolean(), false),
      skipUnknown: z._default(z.boolean(), false),
    }),
    reply: RecommendReply,
  },
} as const;
export type EngineRequests = typeof engineRequests;
export type EngineMethod = keyof EngineRequests;
export type EngineParams<M extends EngineMethod> = z.infer<EngineRequests[M]['params']>;
export type EngineReply<M extends EngineMethod> = z.infer<EngineRequests[M]['reply']>;

/** Sent by the engine whenever anything in the store changed (at most four times a second). */
export const STORE_CHANGED = 'store/changed';
