import { below, randomStream, seedFor } from '../../../seeded-random.ts';
import { targetOf, type QuerySet } from '../../../metrics/queries.ts';
import type { Recommender } from '../../../kinds/ranking/recommender.ts';
import type { RankTable } from '../../../metrics/clustered-ranks.ts';
import type { RuleRanks } from './rule-ranks.ts';

/**
 * The reference's own rule: only the last position of each sequence; the query is the last item before it, or, where
 * the vocabulary lacks that, a random item of the vocabulary (seeded here; unseeded there); the query item itself is
 * left out, other seen items stay; hits / all rows. Only for models with vectors, as the reference has no other.
 */
export function tutorialRanks(
  recommender: Recommender,
  queries: QuerySet,
  lastItem: RuleRanks,
  seed: number,
): RankTable | undefined {
  const { scorer, ranker } = recommender;
  if (scorer.shape !== 'dense' || scorer.vectors === undefined || lastItem.subset !== undefined)
    return undefined;
  const ranks = lastItem.kept.slice();
  const next = randomStream(seedFor(seed, 'tutorial fallback'));
  const unknown: number[] = [];
  const subset = Uint32Array.from(queries.isLast.keys()).filter((q) => queries.isLast[q] === 1);
  for (const q of subset) if (lastItem.unknown[q] === 1) unknown.push(q);
  const random = unknown.map(() => Int32Array.of(scorer.items[below(scorer.items.length, next())] ?? 0));
  const rank = { kept: 0, removed: 0 };
  recommender.scoreEach(random, 'last-item', (i, { candidates, background }) => {
    const q = unknown[i] ?? 0;
    ranker.rank(candidates, background, random[i] ?? new Int32Array(0), targetOf(queries, q), rank);
    ranks[q] = rank.kept;
  });
  return { ranks, subset };
}
