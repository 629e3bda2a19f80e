/** Ranks the queries of an input by threads. */
import type { SeenItems } from '../kinds/ranking/ranker.ts';
import type { ItemNames } from '../model/item-names.ts';
import { inOrder } from './in-flight.ts';
import type { RankedQueries } from './prediction-lines.ts';
import { PredictionThreads } from './prediction-threads.ts';
import type { QueryBatch } from './query-batches.ts';

export interface AskedLists {
  /** Of the package. */
  readonly folder: string;
  readonly k: number;
  readonly seen: SeenItems;
  /** All queries, in the same order and batches each time. */
  readonly batches: () => AsyncIterable<QueryBatch>;
  readonly signal: AbortSignal;
  readonly names: ItemNames;
  readonly queries: number;
  /** Folder for what is in the making. */
  readonly scratch: string;
}

/** Gives the lists of all queries in their order. */
export type RankQueries = (asked: AskedLists) => AsyncIterable<RankedQueries>;

/**
 * Gives the lists of all queries in their order.
 * @param count threads
 */
export async function* rankHere(
  { folder, k, seen, batches, signal }: AskedLists,
  count: number,
): AsyncGenerator<RankedQueries, void, void> {
  const threads = await PredictionThreads.open(count, { folder, k, seen }, signal);
  try {
    yield* inOrder(batches(), 2 * threads.count, async (batch) => ({
      batch,
      ranked: await threads.rank(batch),
    }));
  } finally {
    await threads.dispose();
  }
}
