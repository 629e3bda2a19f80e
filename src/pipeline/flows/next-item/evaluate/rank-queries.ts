import type { QueryRule } from '../../../../protocol/report.ts';
import type { Recommender } from '../../../kinds/ranking/recommender.ts';
import type { QuerySet } from '../../../metrics/queries.ts';
import { queryRanking, type ListOptions } from './query-ranking.ts';
import type { RankingThreads } from './ranking-threads.ts';
import type { RuleRanks } from './rule-ranks.ts';

/** Queries between two looks at the clock: many where those near each other are searched together, few where each takes long. */
const SEARCHED = 8192;
const SCORED = 256;

export interface RankOptions {
  /** Ranks only these queries. */
  readonly subset?: Uint32Array;
  readonly lists?: ListOptions;
  /** Rank with this one; the ranks are the same. */
  readonly threads?: RankingThreads | undefined;
  /** Called now and then with the number of queries done. */
  readonly pause?: (done: number) => Promise<void>;
}

/** The numbers of the queries to rank, such that those a rule cannot tell apart stand together. */
function inOrder(
  { items, targets }: QuerySet,
  rule: QueryRule,
  subset: Uint32Array | undefined,
): Uint32Array {
  const numbers = subset ?? Uint32Array.from(targets.keys());
  if (rule !== 'last-item') return numbers;
  const lastOf = (q: number): number => items[(targets[q] ?? 0) - 1] ?? -1;
  return numbers.slice().sort((a, b) => lastOf(a) - lastOf(b));
}

/** Ranks the targets of a query set. */
export async function rankQueries(
  recommender: Recommender,
  queries: QuerySet,
  rule: QueryRule,
  { subset, lists, threads, pause }: RankOptions = {},
): Promise<RuleRanks> {
  const size = queries.targets.length;
  const numbers = inOrder(queries, rule, subset);
  const together = recommender.findsBest ? SEARCHED : SCORED;
  const ofSubset = subset === undefined ? {} : { subset };
  if (threads !== undefined)
    return {
      ...(await threads.rank(recommender, { queries, rule, numbers, together, lists, pause })),
      ...ofSubset,
    };
  const ranks: RuleRanks = {
    rule,
    kept: new Int32Array(size),
    removed: new Int32Array(size),
    unknown: new Uint8Array(size),
    ...ofSubset,
  };
  const ranking = queryRanking(recommender, queries, ranks, lists);
  for (let first = 0; first < numbers.length; first += together) {
    const chunk = [...numbers.subarray(first, first + together)];
    ranking.rankThese(chunk);
    await pause?.(first + chunk.length);
  }
  return ranks;
}
