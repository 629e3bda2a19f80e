/**
 * The parity fixture of a package: some queries with the lists that the model gave when it was trained. Whoever opens the
 * package, on any machine and in any language, can see whether it still gives them.
 */
import * as z from 'zod/mini';
import type { Recommender } from '../kinds/ranking/recommender.ts';
import type { SeenItems } from '../kinds/ranking/ranker.ts';
import { sameList } from './same-list.ts';

/** Length of the lists. */
const LIST = 20;

const ParityList = z.object({
  /** Item codes, the oldest first. */
  query: z.array(z.int()),
  answeredBy: z.enum(['model', 'popularity', 'nothing']),
  /** Place of the first item that popularity answers with. */
  popularFrom: z.int(),
  /** Item codes, the best first. */
  items: z.array(z.int()),
  /** Null where popularity fills up the model's own list. */
  scores: z.array(z.nullable(z.number())),
});
type ParityList = z.infer<typeof ParityList>;

export const Parity = z.object({
  format: z.literal(1),
  /** Length of the lists, at most. */
  k: z.int(),
  /** Whether a query's own items may be in its list. */
  seen: z.enum(['kept', 'removed']),
  lists: z.array(ParityList),
});
export type Parity = z.infer<typeof Parity>;

function listOf(recommender: Recommender, query: readonly number[], k: number, seen: SeenItems): ParityList {
  const found = recommender.recommend(Int32Array.from(query), { k, seen });
  return {
    query: [...query],
    answeredBy: found.answeredBy,
    popularFrom: found.popularFrom,
    items: [...found.items],
    scores: Array.from(found.scores, (score) => (Number.isNaN(score) ? null : score)),
  };
}

/** Asks a model for the lists of some queries. */
export function parityOf(recommender: Recommender, queries: readonly Int32Array[], seen: SeenItems): Parity {
  const lists = queries.map((query) => listOf(recommender, [...query], LIST, seen));
  return { format: 1, k: LIST, seen, lists };
}

/**
 * How many of a fixture's lists a model no longer gives; see `sameList`.
 * @param tolerance largest difference of two scores that count as equal, as a share of the list's largest
 */
export function differingLists(recommender: Recommender, parity: Parity, tolerance: number): number {
  return parity.lists.filter((expected) => {
    const now = listOf(recommender, expected.query, parity.k, parity.seen);
    return !sameAnswer(expected, now, tolerance);
  }).length;
}

function sameAnswer(expected: ParityList, now: ParityList, tolerance: number): boolean {
  const { answeredBy, popularFrom } = expected;
  if (now.answeredBy !== answeredBy || now.popularFrom !== popularFrom) return false;
  return sameList(expected, now, tolerance);
}
