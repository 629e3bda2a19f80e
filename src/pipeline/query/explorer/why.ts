import type { WhyReply, WithoutItem } from '../../../protocol/engine/explorer.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { SeenItems } from '../../kinds/ranking/ranker.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import type { AskedModel } from './asked-model.ts';

/** Items of the list that are left out in turn, the newest; each costs a scoring of its own. */
const NEWEST = 20;
/** Queries scored between two looks at whether anybody still waits. */
const TOGETHER = 4;

export interface WhyRequest {
  /** The oldest first; names that no item has are left out. */
  readonly items: readonly string[];
  readonly item: string;
  readonly keepSeen: boolean;
}

/**
 * The place of an item after a list, and after the list with each of its items left out: what an item of the list does for
 * a recommendation, whatever the model. By the model's own rule, among all items.
 * @throws UserError where no item has the name
 */
export async function whyRecommended(
  asked: AskedModel,
  { items, item, keepSeen }: WhyRequest,
  signal: AbortSignal,
): Promise<WhyReply> {
  const { names, model, run } = asked;
  const target = names.require(item);
  const places = items.flatMap((name, at) => {
    const code = names.code(name);
    return code === undefined ? [] : [{ name, at, code }];
  });
  if (places.length === 0)
    throw new UserError(
      `Model '${model.name}' has none of the list's items.`,
      'Ask another model, or make the list of other items.',
    );
  const whole = Int32Array.from(places, ({ code }) => code);
  const left = places.length < 2 ? [] : places.slice(-NEWEST).reverse();
  const queries = [whole, ...left.map(({ at }) => codesWithout(places, at))];
  const ranks = await ranksOf(asked, queries, target, keepSeen ? 'kept' : 'removed', signal);
  const without = left.map(({ name, at }, i): WithoutItem => ({ item: name, at, rank: ranks[i + 1] ?? 0 }));
  return { run, model: model.name, rank: ranks[0] ?? 0, without };
}

function codesWithout(
  places: readonly { readonly at: number; readonly code: number }[],
  at: number,
): Int32Array {
  return Int32Array.from(
    places.filter((place) => place.at !== at),
    ({ code }) => code,
  );
}

async function ranksOf(
  { model: { recommender } }: AskedModel,
  queries: readonly Int32Array[],
  target: number,
  seen: SeenItems,
  signal: AbortSignal,
): Promise<number[]> {
  const ranks: number[] = [];
  const rank = { kept: 0, removed: 0 };
  for (let first = 0; first < queries.length; first += TOGETHER) {
    const block = queries.slice(first, first + TOGETHER);
    recommender.scoreEach(block, recommender.ownRule, (i, { candidates, background }) => {
      const query = block[i] ?? new Int32Array(0);
      recommender.ranker.rank(candidates, background, query, target, rank);
      ranks[first + i] = rank[seen];
    });
    await yieldToEventLoop(signal);
  }
  return ranks;
}
