/** Why items stand where they do in a list: what each part of a model adds to their scores, and the counts behind it. */
import * as z from 'zod/mini';

/** Something plain about an item after a list, as data; `text/fact-words.ts` puts it into words. */
export const Fact = z.discriminatedUnion('code', [
  /** Of the newest 2000 places of training sequences with the list's last item: those where it came right after the last so many items. */
  z.object({ code: z.literal('follows'), items: z.int(), count: z.int() }),
  /** Of the most similar training sequences, those that vote for it. */
  z.object({ code: z.literal('in-similar-lists'), count: z.int(), of: z.int() }),
  /** Its newest place in the list, 0 for the last item, and how often it is in it. */
  z.object({ code: z.literal('in-list'), lag: z.int(), count: z.int() }),
  /** Items among the newest so many of the list that are of its group, and whether the last one is. */
  z.object({ code: z.literal('same-group'), newest: z.boolean(), count: z.int(), of: z.int() }),
  /** Its place among the candidates by one model's own score, 1 for the best. */
  z.object({ code: z.literal('place-by'), member: z.string(), place: z.int() }),
]);
export type Fact = z.infer<typeof Fact>;

export const ExplainedItem = z.object({
  item: z.string(),
  /** By group, in the order of `groups`; empty where the model has no score of its own. They sum to score − mean. */
  parts: z.array(z.number()),
  facts: z.array(Fact),
});
export type ExplainedItem = z.infer<typeof ExplainedItem>;

export const ExplainedQuery = z.object({
  /** The newest items of the list, the oldest of them first, and how long the whole is. */
  newest: z.array(z.string()),
  length: z.int(),
  target: z.string(),
  /** Of the target; 0: beyond 100. */
  rank: z.int(),
  /** The first ten. */
  list: z.array(ExplainedItem),
  /** The target, where it is not one of them and the model scored it. */
  targetExplained: z.optional(ExplainedItem),
});
export type ExplainedQuery = z.infer<typeof ExplainedQuery>;

/** `evaluate/<model>/explained.json`: some queries of the test part, and what its parts carry over more of them. */
export const ExplainedRanking = z.object({
  format: z.literal(1),
  model: z.string(),
  /** What the parts are of: models, or groups of features. */
  groups: z.array(z.string()),
  /** The data's word for a group of items: `artist`. */
  groupName: z.optional(z.string()),
  queries: z.array(ExplainedQuery),
  /** The mean of the absolute part of each group in the first ten of so many queries. */
  carried: z.object({ queries: z.int(), parts: z.array(z.number()) }),
});
export type ExplainedRanking = z.infer<typeof ExplainedRanking>;
