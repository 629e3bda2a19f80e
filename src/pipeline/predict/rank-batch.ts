import type { SeenItems } from '../kinds/ranking/ranker.ts';
import type { Recommendation, Recommender } from '../kinds/ranking/recommender.ts';
import { ANSWERED_BY, type RankedBatch, type ToThread } from './thread-messages.ts';

/** Ranks the queries of a batch as `recsys recommend` ranks each. */
export function rankBatch(
  recommender: Recommender,
  { count, codes, starts }: ToThread,
  { k, seen }: { readonly k: number; readonly seen: SeenItems },
): RankedBatch {
  const asked = Array.from({ length: count }, (_, at) => ({
    ...{ query: codes.slice(starts[at], starts[at + 1]), k, seen },
  }));
  return packed(recommender.recommendEach(asked));
}

function packed(found: readonly Recommendation[]): RankedBatch {
  const total = found.reduce((sum, { items }) => sum + items.length, 0);
  const items = new Int32Array(total);
  const scores = new Float64Array(total);
  const starts = new Int32Array(found.length + 1);
  let place = 0;
  for (const [at, list] of found.entries()) {
    starts[at] = place;
    items.set(list.items, place);
    scores.set(list.scores, place);
    place += list.items.length;
  }
  starts[found.length] = place;
  return {
    ...{ items, scores, starts },
    own: Int32Array.from(found, ({ popularFrom }) => popularFrom),
    by: Uint8Array.from(found, ({ answeredBy, items: listed }) =>
      ANSWERED_BY.indexOf(listed.length === 0 ? 'nothing' : answeredBy),
    ),
  };
}
