import type { QueryRule } from '../../../protocol/report.ts';
import { queryItems, targetOf, type QuerySet } from '../../metrics/queries.ts';
import { RecommendedItems } from '../../metrics/recommended-items.ts';
import type { SeenItems } from '../../models/ranking.ts';
import type { Recommender } from '../../models/recommend.ts';

/** Ranks of all targets under one query rule, with seen items kept and removed; 0 is a miss. */
export interface RuleRanks {
  readonly rule: QueryRule;
  readonly kept: Int32Array;
  readonly removed: Int32Array;
  /** 1 where the model knew nothing of the query and popularity answered. */
  readonly unknown: Uint8Array;
}

/** Queries between two looks at the clock. */
const CHUNK = 4096;

export interface RankOptions {
  /** Gathers the top lists, with seen items kept or removed. */
  readonly lists?: { readonly seen: SeenItems; readonly into: RecommendedItems };
  /** Called now and then with the number of queries done. */
  pause?(done: number): Promise<void>;
}

/** Ranks every target of a query set. */
export async function rankQueries(
  recommender: Recommender,
  queries: QuerySet,
  rule: QueryRule,
  options: RankOptions = {},
): Promise<RuleRanks> {
  const count = queries.targets.length;
  const ranks = {
    rule,
    kept: new Int32Array(count),
    removed: new Int32Array(count),
    unknown: new Uint8Array(count),
  };
  const rank = { kept: 0, removed: 0 };
  for (let first = 0; first < count; first += CHUNK) {
    const block = Array.from({ length: Math.min(CHUNK, count - first) }, (_, i) =>
      queryItems(queries, first + i),
    );
    recommender.scoreEach(block, rule, (i, { candidates, background, known }) => {
      const q = first + i;
      const query = block[i] ?? new Int32Array(0);
      recommender.ranker.rank(candidates, background, query, targetOf(queries, q), rank);
      ranks.kept[q] = rank.kept;
      ranks.removed[q] = rank.removed;
      ranks.unknown[q] = known ? 0 : 1;
      if (options.lists === undefined) return;
      const { seen, into } = options.lists;
      into.add(recommender.ranker.top(candidates, background, query, seen, RecommendedItems.depth).items);
    });
    await options.pause?.(first + block.length);
  }
  return ranks;
}
