/** Requests of the explorer about items, lists of them, and what models made of held-out lists. */
import * as z from 'zod/mini';
import { RecommendedItem } from './items.ts';
import { SLOW_MS, type EngineMethodEntries } from './method.ts';

/** A run and one of its models; absent: those that answer where none is named. */
export const ModelReference = z.object({ run: z.optional(z.string()), model: z.optional(z.string()) });
export type ModelReference = z.infer<typeof ModelReference>;

/** How often an item stands in the training rows, and what it belongs to. */
export const ItemFigures = z.object({
  item: z.string(),
  trainRows: z.int(),
  /** 1 + the number of items with more training rows. */
  rank: z.int(),
  /** Absent where the data have no groups. */
  group: z.optional(z.string()),
});
export type ItemFigures = z.infer<typeof ItemFigures>;

/** One of a run's trained models. */
export const RunModelEntry = z.object({
  name: z.string(),
  /** Whether figures of the test part are kept of it, query by query. */
  tested: z.boolean(),
});
export type RunModelEntry = z.infer<typeof RunModelEntry>;

export const ItemPage = z.object({
  run: z.string(),
  model: z.string(),
  ...ItemFigures.shape,
  /** Items with at least one training row. */
  rankedItems: z.int(),
  /** Items of its group, itself included. */
  groupItems: z.optional(z.int()),
  /** Other names that the rule of near-duplicates takes for the same, the most frequent first. */
  versions: z.array(ItemFigures),
});
export type ItemPage = z.infer<typeof ItemPage>;

export const SequencePart = z.enum(['train', 'validation', 'test']);
export type SequencePart = z.infer<typeof SequencePart>;

/** A sequence an item stands in. */
export const ItemSequence = z.object({
  /** Values of its columns, joined. */
  name: z.string(),
  /** `all`: by leave-one-out it is in every part. */
  part: z.enum([...SequencePart.options, 'all']),
  length: z.int(),
  /** Where the item stands in it first, counted from 0, and how often in all. */
  place: z.int(),
  times: z.int(),
  /** Items around that place, oldest first; the first of them stands at `from`. */
  from: z.int(),
  items: z.array(z.string()),
});
export type ItemSequence = z.infer<typeof ItemSequence>;

/**
 * An item whose group is left out, and what the group is called: of another run's data, which may lack the item, the group
 * is known by its name.
 */
export const ExcludedGroup = z.object({ item: z.string(), group: z.string() });
export type ExcludedGroup = z.infer<typeof ExcludedGroup>;

/** Groups that are left out, at most. */
export const MOST_EXCLUDED = 100;
export const ExcludedGroups = z.array(ExcludedGroup).check(z.maxLength(MOST_EXCLUDED));

/** Which items a list may hold. */
export const ListFilter = z.object({
  exclude: z._default(ExcludedGroups, []),
  /** Training rows, at least and at most. */
  minRows: z.optional(z.int().check(z.nonnegative())),
  maxRows: z.optional(z.int().check(z.nonnegative())),
  /** Near-duplicates are one item, which the best of them stands for. */
  fold: z._default(z.boolean(), false),
});
export type ListFilter = z.infer<typeof ListFilter>;

/** Items of a query, at most. */
export const LONGEST_LIST = 500;

export const ListQuestion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('neighbours'), item: z.string() }),
  z.object({
    kind: z.literal('recommend'),
    /** The oldest first, the newest last. */
    items: z.array(z.string()).check(z.minLength(1), z.maxLength(LONGEST_LIST)),
    keepSeen: z._default(z.boolean(), false),
    explain: z._default(z.boolean(), false),
  }),
]);
export type ListQuestion = z.infer<typeof ListQuestion>;

export const ListedItem = z.object({
  ...RecommendedItem.shape,
  ...ItemFigures.shape,
  /** Near-duplicates that came after it, where these are folded: the first few, and how many there are beside these. */
  versions: z.optional(z.array(z.string())),
  moreVersions: z.optional(z.int()),
  /** Its place in the list of the model beside, where there is one; absent: not among the first `depth`. */
  other: z.optional(z.int()),
});
export type ListedItem = z.infer<typeof ListedItem>;

/** What one model answers. Where it failed, run and model are those that were asked for, empty where none was named. */
export const ModelList = z.object({
  run: z.string(),
  model: z.string(),
  /** False: it knows nothing of what was asked. */
  known: z.boolean(),
  answeredBy: z.enum(['model', 'popularity', 'nothing']),
  /** Names of the query that none of its items has. */
  skipped: z.array(z.string()),
  /** Groups that were to be left out, and that its data do not know by this name. */
  unknownGroups: z.optional(z.array(z.string())),
  items: z.array(ListedItem),
  /** Where the asked model could not answer: why, and what to do. The other list is there all the same. */
  failure: z.optional(z.object({ message: z.string(), hint: z.string() })),
});
export type ModelList = z.infer<typeof ModelList>;

export const ListReply = z.object({
  /** One for each model asked, in their order. */
  lists: z.array(ModelList),
  /**
   * Of two models that answered: how many of the items shown both have, and how far down a list was looked at for
   * `other`.
   */
  shared: z.optional(z.int()),
  depth: z.int(),
});
export type ListReply = z.infer<typeof ListReply>;

/** What became of a recommended item's place with one of the list's items left out. */
export const WithoutItem = z.object({
  item: z.string(),
  /** Its place in the list that was asked. */
  at: z.int(),
  /** 0: it cannot be recommended then. */
  rank: z.int(),
});
export type WithoutItem = z.infer<typeof WithoutItem>;

export const WhyReply = z.object({
  run: z.string(),
  model: z.string(),
  /** Its place among all items; of equal scores the last. 0: it cannot be recommended. */
  rank: z.int(),
  /** For each of the newest items of the list, the newest first; none where the list has one item only. */
  without: z.array(WithoutItem),
});
export type WhyReply = z.infer<typeof WhyReply>;

/** How two models, or one, did on a query: hits are in the first ten. */
export const Outcome = z.enum(['any', 'allHit', 'oneHits', 'allMiss']);
export type Outcome = z.infer<typeof Outcome>;

/** A group of queries, as the evaluation's slices cut them. */
export const SliceChoice = z.object({ slice: z.string(), group: z.string() });
export type SliceChoice = z.infer<typeof SliceChoice>;

/** Last place of a list that counts as a hit. */
export const HIT_DEPTH = 10;

export const TestedSide = z.object({
  /** Of the target, as the run's evaluation has it; 0: beyond 100. */
  rank: z.int(),
  list: z.array(z.string()),
});
export type TestedSide = z.infer<typeof TestedSide>;

/** A held-out list of the test part, what came next, and what each model put there. */
export const TestedQuery = z.object({
  /** Its number among all queries of the test part. */
  number: z.int(),
  sequence: z.string(),
  /** Its items, the oldest first, of a longer query the newest `LONGEST_LIST`; and how many it has. */
  newest: z.array(z.string()),
  length: z.int(),
  target: ItemFigures,
  /** Whether the target stands in the query. */
  repeated: z.boolean(),
  sides: z.array(TestedSide),
});
export type TestedQuery = z.infer<typeof TestedQuery>;

export const QueriesReply = z.object({
  /** Queries that were chosen among, and those of the whole test part. */
  matching: z.int(),
  all: z.int(),
  slices: z.array(z.object({ ...SliceChoice.shape, queries: z.int() })),
  sides: z.array(
    z.object({
      run: z.string(),
      model: z.string(),
      /** Whether a query's own items stay in the ranking, as in the run's evaluation. */
      seen: z.enum(['kept', 'removed']),
      /** Hits among those that match. */
      hits: z.int(),
    }),
  ),
  queries: z.array(TestedQuery),
});
export type QueriesReply = z.infer<typeof QueriesReply>;

const models = z.array(ModelReference).check(z.minLength(1), z.maxLength(2));
const slow = { timeOut: SLOW_MS, cancellable: true } as const;

export const explorerMethods = {
  /** The trained models of a run, and those that answer where none is named. */
  'explorer/models': {
    params: z.object({ run: z.optional(z.string()) }),
    reply: z.object({
      run: z.string(),
      models: z.array(RunModelEntry),
      neighbours: z.optional(z.string()),
      recommend: z.optional(z.string()),
    }),
    ...slow,
  },
  'explorer/item': {
    params: z.object({ item: z.string(), ...ModelReference.shape }),
    reply: ItemPage,
    ...slow,
  },
  /** Sequences that an item stands in, a page of them. */
  'explorer/sequences': {
    params: z.object({
      item: z.string(),
      ...ModelReference.shape,
      part: z.optional(SequencePart),
      from: z.int().check(z.nonnegative()),
      limit: z.int().check(z.minimum(1), z.maximum(100)),
    }),
    reply: z.object({
      run: z.string(),
      /** Sequences with the item, of the part that was asked for. */
      total: z.int(),
      sequences: z.array(ItemSequence),
    }),
    ...slow,
  },
  /** Neighbours or recommendations of one model, or of two side by side. */
  'explorer/list': {
    params: z.object({
      question: ListQuestion,
      models,
      k: z.int().check(z.minimum(1), z.maximum(100)),
      filter: z._default(ListFilter, { exclude: [], fold: false }),
    }),
    reply: ListReply,
    ...slow,
  },
  /** Which items of a list hold up a recommendation: its place with each of them left out. */
  'explorer/why': {
    params: z.object({
      items: z.array(z.string()).check(z.minLength(1), z.maxLength(LONGEST_LIST)),
      item: z.string(),
      keepSeen: z._default(z.boolean(), false),
      ...ModelReference.shape,
    }),
    reply: WhyReply,
    ...slow,
  },
  /** Queries of the test part as they were evaluated, a seeded sample in pages. */
  'explorer/queries': {
    params: z.object({
      models,
      slice: z.optional(SliceChoice),
      outcome: z._default(Outcome, 'any'),
      from: z.int().check(z.nonnegative()),
      limit: z.int().check(z.minimum(1), z.maximum(50)),
    }),
    reply: QueriesReply,
    ...slow,
  },
} as const satisfies EngineMethodEntries;
