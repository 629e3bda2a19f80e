/** Whether an endpoint answers as the package does that was sent to it. */
import * as z from 'zod/mini';
import type { Recommendation } from '../kinds/ranking/recommender.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenPackage } from '../model/open-model.ts';
import { readParity } from '../model/open-model.ts';
import { sameList } from '../model/same-list.ts';

/** Length of the lists of the default signature. */
const LIST = 10;
/** Single items and lists that are asked. */
const ASKED = 5;
/** Scores are floats at the endpoint; as a share of the largest one. */
export const TOLERANCE = 1e-4;

export interface ExpectedList {
  readonly items: readonly string[];
  readonly scores: readonly number[];
  readonly answeredBy: Recommendation['answeredBy'];
}

export interface SmokeRequest {
  /** What is asked, in words. */
  readonly what: string;
  readonly body: string;
  readonly expected: readonly ExpectedList[];
  /** Reads the lists of a reply. @throws where it is none */
  readonly read: (reply: unknown) => ExpectedList[];
}

export const AnsweredBy = z.enum(['model', 'popularity', 'nothing']);
const DefaultReply = z.object({
  predictions: z.array(
    z.object({ output_1: z.array(z.number()), output_2: z.array(z.string()), answered_by: AnsweredBy }),
  ),
});
export const ListReply = z.object({
  predictions: z.array(
    z.object({ scores: z.array(z.number()), items: z.array(z.string()), answered_by: AnsweredBy }),
  ),
});

/** The places past the end of a list are empty. */
export function listFrom(
  items: readonly string[],
  scores: readonly number[],
  by: ExpectedList['answeredBy'],
): ExpectedList {
  const end = items.findLastIndex((item, at) => item !== '' || (scores[at] ?? 0) !== 0) + 1;
  return { items: items.slice(0, end), scores: scores.slice(0, end), answeredBy: by };
}

/** Single items by the tutorial's signature, an unknown one, and lists by the other. */
export async function smokeRequests(model: OpenPackage, names: ItemNames): Promise<SmokeRequest[]> {
  const parity = await readParity(model);
  const { recommender } = model;
  const answer = (query: readonly number[], k: number): ExpectedList => {
    const found = recommender.recommend(Int32Array.from(query), { k, seen: parity.seen });
    const scores = Array.from(found.scores, (score) => (Number.isNaN(score) ? 0 : score));
    return {
      ...{ items: Array.from(found.items, (item) => names.name(item)), scores },
      answeredBy: found.answeredBy,
    };
  };
  const queries = parity.lists.map(({ query }) => query).filter((query) => query.length > 0);
  const singles = [...new Set(queries.map((query) => query.at(-1) ?? 0))].slice(0, ASKED);
  const unknown = unknownName(names);
  const lists = queries.slice(0, ASKED);
  const width = Math.max(1, ...lists.map(({ length }) => length));
  return [
    {
      what: 'single items',
      body: JSON.stringify({ instances: [...singles.map((item) => names.name(item)), unknown] }),
      expected: [...singles.map((item) => answer([item], LIST)), answer([], LIST)],
      read: (reply) =>
        DefaultReply.parse(reply).predictions.map((one) =>
          listFrom(one.output_2, one.output_1, one.answered_by),
        ),
    },
    {
      what: 'lists',
      body: JSON.stringify({
        signature_name: 'recommend',
        instances: lists.map((query) => ({
          items: Array.from({ length: width }, (_, at) => nameAt(names, query, at)),
          ...{ k: LIST, exclude_query: parity.seen === 'removed' },
        })),
      }),
      expected: lists.map((query) => answer(query, LIST)),
      read: (reply) =>
        ListReply.parse(reply).predictions.map((one) => listFrom(one.items, one.scores, one.answered_by)),
    },
  ];
}

function nameAt(names: ItemNames, query: readonly number[], at: number): string {
  const item = query[at];
  return item === undefined ? '' : names.name(item);
}

function unknownName(names: ItemNames): string {
  let name = 'no such item';
  while (names.code(name) !== undefined) name += '?';
  return name;
}

/** How a reply differs from what the package says; undefined where it does not. */
export function difference({ expected, read, what }: SmokeRequest, reply: unknown): string | undefined {
  let lists: ExpectedList[];
  try {
    lists = read(reply);
  } catch {
    return `the answer to ${what} is not of the form that was agreed`;
  }
  if (lists.length !== expected.length)
    return `${expected.length} ${what} were asked, and ${lists.length} answered`;
  for (const [at, list] of expected.entries()) {
    const now = lists[at];
    if (now?.answeredBy !== list.answeredBy || !sameList(list, now, TOLERANCE))
      return `the answer to number ${at + 1} of the ${what} differs`;
  }
  return undefined;
}
