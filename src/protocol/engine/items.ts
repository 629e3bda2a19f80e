/** Requests about items: what a trained model says of them. */
import * as z from 'zod/mini';
import { Fact } from '../explanation.ts';
import { QUICK_MS, SLOW_MS, type EngineMethodEntries } from './method.ts';
import { Nothing } from './run-reference.ts';

/** An item with its score as a neighbour of another. */
export const Neighbour = z.object({ item: z.string(), score: z.number() });
/** Whose model answered: a run's, by its id, or that of a package by itself, by its folder. */
const answered = {
  run: z.optional(z.string()),
  package: z.optional(z.string()),
  /** It is the run's model that was trained on all rows. */
  everything: z.optional(z.literal(true)),
};
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
  /** Where it was asked and the model can tell: what each of its parts adds to the score less the mean score, and facts. */
  parts: z.optional(z.record(z.string(), z.number())),
  facts: z.optional(z.array(Fact)),
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

/** How a name is like a text: it is it, begins with it, holds it, or comes near it. */
export const FoundBy = z.enum(['exact', 'prefix', 'infix', 'fuzzy']);
export type FoundBy = z.infer<typeof FoundBy>;

export const FoundItem = z.object({
  item: z.string(),
  trainRows: z.int(),
  /** 1: no item has more training rows. */
  rank: z.int(),
  /** Of the column that groups items, its value. */
  group: z.optional(z.string()),
  how: FoundBy,
});
export type FoundItem = z.infer<typeof FoundItem>;

export const SearchReply = z.object({
  ...answered,
  model: z.string(),
  items: z.array(FoundItem),
});
export type SearchReply = z.infer<typeof SearchReply>;

/** Letters of a filter of words that one answer holds. */
export const PART_LETTERS = 1 << 20;
/** Items that one list holds, at most. */
export const MOST_LISTED = 1000;

/** What a window must know of a model's items to tell whether a place in a text may mean one. */
export const VocabularyReply = z.object({
  ...answered,
  model: z.string(),
  items: z.int(),
  /** The item's columns, as the data name them. */
  columns: z.array(z.string()),
  /** Of a filter of words (`word-filter.ts`), its bits in base64, from a letter on; and how many letters they are in all. */
  words: z.object({ bits: z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/)), letters: z.int() }),
});
export type VocabularyReply = z.infer<typeof VocabularyReply>;

/** A place in a text: a part of a document around it, which need not be whole. */
export const PlaceInText = z.object({
  text: z.string().check(z.maxLength(40_000)),
  /** Where the pointer is, counted in units of the text. */
  offset: z.int().check(z.minimum(0)),
  /** The document's first line, where the text does not begin with it. */
  header: z.optional(z.string().check(z.maxLength(10_000))),
});
export type PlaceInText = z.infer<typeof PlaceInText>;

/** Where the item's name stands in the text. */
const span = { from: z.int(), to: z.int() };

export const ItemAtPlace = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('item'),
    ...span,
    item: z.string(),
    trainRows: z.int(),
    rank: z.int(),
    /** The text writes it otherwise: in another case, or with other accents. */
    folded: z.boolean(),
    neighbours: z.array(Neighbour),
    /** Why there are none. */
    noNeighbours: z.optional(z.string()),
  }),
  /** An item is meant that none is called. */
  z.object({ kind: z.literal('unknown'), ...span, name: z.string(), near: z.array(z.string()) }),
  z.object({ kind: z.literal('nothing') }),
]);
export type ItemAtPlace = z.infer<typeof ItemAtPlace>;

export const HoverReply = z.object({ ...answered, model: z.string(), items: z.int(), at: ItemAtPlace });
export type HoverReply = z.infer<typeof HoverReply>;

/** The items that a part of a text names, in its order, as often as they stand there. */
export const ReadListReply = z.object({
  ...answered,
  model: z.string(),
  items: z.array(z.string()),
  /** Of what is written like an item, the parts that name none; a few. */
  unknown: z.array(z.string()),
  /** The text has too many parts: its end was not read. */
  truncated: z.boolean(),
});
export type ReadListReply = z.infer<typeof ReadListReply>;

/** A model that is kept open. */
export const OpenModelEntry = z.object({
  run: z.string(),
  model: z.string(),
  /** About what it takes of memory: its arrays, and the names of its items with what finds them. */
  bytes: z.number(),
  indexBytes: z.number(),
});
export type OpenModelEntry = z.infer<typeof OpenModelEntry>;

/** The run and the model asked; absent: the newest finished run, and its best model. */
const asked = { run: z.optional(z.string()), model: z.optional(z.string()) };

export const itemMethods = {
  /** Items whose names are like a text: those that are it first, then by how they are, the most frequent first. */
  'items/search': {
    params: z.object({
      text: z.string(),
      limit: z.int().check(z.minimum(1), z.maximum(MOST_LISTED)),
      ...asked,
    }),
    reply: SearchReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'items/vocabulary': {
    params: z.object({ ...asked, from: z._default(z.int().check(z.nonnegative()), 0) }),
    reply: VocabularyReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  /** The item that a place in a text means, with its nearest. */
  'items/hover': {
    params: z.object({ place: PlaceInText, k: z.int().check(z.minimum(1), z.maximum(100)), ...asked }),
    reply: HoverReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'items/readList': {
    params: z.object({
      text: z.string().check(z.maxLength(1_000_000)),
      header: z.optional(z.string().check(z.maxLength(10_000))),
      ...asked,
    }),
    reply: ReadListReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  /** Which models are open, and what they may take of memory together. */
  'items/models': {
    params: Nothing,
    reply: z.object({
      models: z.array(OpenModelEntry),
      ceilingBytes: z.number(),
      /** Of the worker that has them open. */
      processBytes: z.number(),
    }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
  'neighbours/query': {
    params: z.object({ item: z.string(), k: z.int().check(z.maximum(MOST_LISTED)), ...asked }),
    reply: NeighbourReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'recommend/query': {
    params: z.object({
      /** The oldest first, the newest last. */
      items: z.array(z.string()),
      k: z.int().check(z.maximum(MOST_LISTED)),
      ...asked,
      keepSeen: z._default(z.boolean(), false),
      skipUnknown: z._default(z.boolean(), false),
      /** Whether the reply says why each item is there, where the model can tell. */
      explain: z.optional(z.boolean()),
    }),
    reply: RecommendReply,
    timeOut: SLOW_MS,
    cancellable: true,
  },
} as const satisfies EngineMethodEntries;
