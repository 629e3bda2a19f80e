import type { QueryRule } from '../../../protocol/report.ts';
import { queryItems, targetOf, type QuerySet } from '../../metrics/queries.ts';
import { RecommendedItems } from '../../metrics/recommended-items.ts';
import type { SeenItems } from '../../models/ranking.ts';
import type { Recommender, ScoredQuery } from '../../models/recommend.ts';

/** Ranks of all targets under one query rule, with seen items kept and removed; 0 is a miss. */
export interface RuleRanks {
  readonly rule: QueryRule;
  readonly kept: Int32Array;
  readonly removed: Int32Array;
  /** 1 where the model knew nothing of the query and popularity answered. */
  readonly unknown: Uint8Array;
  /** Indices of the queries that were ranked, ascending; absent: all. */
  readonly subset?: Uint32Array;
}

/** Queries between two looks at the clock. */
const CHUNK = 8192;

export interface RankOptions {
  /** Ranks only these queries. */
  readonly subset?: Uint32Array;
  /** Gathers the top lists, with seen items kept or removed. */
  readonly lists?: { readonly seen: SeenItems; readonly into: RecommendedItems };
  /** Called now and then with the number of queries done. */
  pause?(done: number): Promise<void>;
}

/** Ranks the targets of a query set. */
export async function rankQueries(
  recommender: Recommender,
  queries: QuerySet,
  rule: QueryRule,
  options: RankOptions = {},
): Promise<RuleRanks> {
  const size = queries.targets.length;
  const { subset } = options;
  const count = subset?.length ?? size;
  const ranks = {
    rule,
    kept: new Int32Array(size),
    removed: new Int32Array(size),
    unknown: new Uint8Array(size),
    ...(subset === undefined ? {} : { subset }),
  };
  const rank = { kept: 0, removed: 0 };
  for (let first = 0; first < count; first += CHUNK) {
    const chosen = Array.from(
      { length: Math.min(CHUNK, count - first) },
      (_, i) => subset?.[first + i] ?? first + i,
    );
    const block = chosen.map((q) => queryItems(queries, q));
    let listed: ScoredQuery | undefined;
    let list: Int32Array = new Int32Array(0);
    recommender.scoreEach(block, rule, (i, scored) => {
      const { candidates, background, known } = scored;
      const q = chosen[i] ?? 0;
      const query = block[i] ?? new Int32Array(0);
      recommender.ranker.rank(candidates, background, query, targetOf(queries, q), rank);
      ranks.kept[q] = rank.kept;
      ranks.removed[q] = rank.removed;
      ranks.unknown[q] = known ? 0 : 1;
      if (options.lists === undefined) return;
      const { seen, into } = options.lists;
      // With seen items kept, queries that were scored once have one list.
      if (seen === 'removed' || scored !== listed) {
        list = recommender.ranker.top(candidates, background, query, seen, RecommendedItems.depth).items;
        listed = scored;
      }
      into.add(list);
    });
    await options.pause?.(first + block.length);
  }
  return ranks;
}
