/** Requests about items: what a trained model says of them. */
import * as z from 'zod/mini';
import { SLOW_MS, type EngineMethodEntries } from './method.ts';

/** An item with its score as a neighbour of another. */
export const Neighbour = z.object({ item: z.string(), score: z.number() });
/** Whose model answered: a run's, by its id, or that of a package by itself, by its folder. */
const answered = { run: z.optional(z.string()), package: z.optional(z.string()) };
export const NeighbourReply = z.object({
  ...answered,
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
  ...answered,
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

/** The run and the model asked; absent: the newest finished run, and its best model. */
const asked = { run: z.optional(z.string()), model: z.optional(z.string()) };

export const itemMethods = {
  'neighbours/query': {
    params: z.object({ item: z.string(), k: z.int(), ...asked }),
    reply: NeighbourReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'recommend/query': {
    params: z.object({
      /** The oldest first, the newest last. */
      items: z.array(z.string()),
      k: z.int(),
      ...asked,
      keepSeen: z._default(z.boolean(), false),
      skipUnknown: z._default(z.boolean(), false),
    }),
    reply: RecommendReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
} as const satisfies EngineMethodEntries;
