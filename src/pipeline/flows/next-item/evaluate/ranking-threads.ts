import type { QueryRule } from '../../../../protocol/report.ts';
import type { Recommender } from '../../../kinds/ranking/recommender.ts';
import type { QuerySet } from '../../../metrics/queries.ts';
import { besideThreads } from '../../../wasm/beside-threads.ts';
import { WorkerPool } from '../../../wasm/worker-pool.ts';
import { queryRanking, type ListOptions } from './query-ranking.ts';
import type { RuleRanks } from './rule-ranks.ts';
import {
  countDone,
  sharedRanking,
  stopRanking,
  takeQueries,
  type RankedShare,
  type RankWorkerData,
  type SharedRanking,
} from './shared-ranking.ts';

interface RankRequest {
  readonly queries: QuerySet;
  readonly rule: QueryRule;
  /** Numbers of the queries to rank. */
  readonly numbers: Uint32Array;
  /** Queries that a thread takes at a time. */
  readonly together: number;
  readonly lists?: ListOptions | undefined;
  readonly pause?: ((done: number) => Promise<void>) | undefined;
}

/** Starts threads that open a package for themselves; undefined: the queries are ranked on the thread that asks alone. */
export type OpenRankingThreads = (
  opened: Pick<RankWorkerData, 'folder' | 'allKnown'>,
) => RankingThreads | undefined;

/**
 * Threads that rank queries beside the one that asks, each by a package it opened for itself. Ranks stand at the places of
 * their queries and sums of lists are whole numbers, so results are the same bytes whichever thread ranked what.
 */
export class RankingThreads {
  readonly #pool: WorkerPool<SharedRanking, RankedShare>;

  /** @param others threads beside the one that asks */
  constructor(others: number, data: RankWorkerData) {
    this.#pool = new WorkerPool('rank-worker.mjs', 'A thread that ranks queries', others, () => data);
  }

  /** @throws UserError when a thread died */
  async rank(recommender: Recommender, request: RankRequest): Promise<RuleRanks> {
    const { queries, rule, lists } = request;
    const shared = sharedRanking(queries, rule, { ...request, seen: lists?.seen });
    const others = this.#pool.carryOut(shared);
    let shares: readonly RankedShare[];
    try {
      shares = await besideThreads(others, rankOwnShare(recommender, shared, request));
    } finally {
      stopRanking(shared);
    }
    for (const { recommended } of shares) if (recommended !== undefined) lists?.into.addSums(recommended);
    await request.pause?.(request.numbers.length);
    const { kept, removed, unknown } = shared.ranks;
    return { rule, kept: kept.slice(), removed: removed.slice(), unknown: unknown.slice() };
  }

  dispose(): Promise<void> {
    return this.#pool.dispose();
  }
}

async function rankOwnShare(
  recommender: Recommender,
  shared: SharedRanking,
  { queries, lists, pause }: RankRequest,
): Promise<void> {
  const ranking = queryRanking(recommender, queries, shared.ranks, lists);
  for (let taken = takeQueries(shared); taken !== undefined; taken = takeQueries(shared)) {
    ranking.rankThese(taken);
    await pause?.(countDone(shared, taken.length));
  }
}
