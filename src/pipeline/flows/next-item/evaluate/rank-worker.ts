/** A thread that ranks queries by a package that it opens for itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { RecommendedItems } from '../../../metrics/recommended-items.ts';
import { openModel } from '../../../model/open-model.ts';
import { queryRanking } from './query-ranking.ts';
import {
  countDone,
  takeQueries,
  type RankedShare,
  type RankWorkerData,
  type SharedRanking,
} from './shared-ranking.ts';

// Only ranking-threads.ts starts this file.
const { folder, allKnown, trainCounts, catalogue } = workerData as RankWorkerData;
const opening = openModel(folder, { verified: true, allKnown });

async function rankShare(shared: SharedRanking): Promise<RankedShare> {
  const { recommender } = await opening;
  const { queries, ranks, seen } = shared;
  const into = new RecommendedItems(trainCounts, catalogue);
  const ranking = queryRanking(recommender, queries, ranks, seen && { seen, into });
  for (let taken = takeQueries(shared); taken !== undefined; taken = takeQueries(shared)) {
    ranking.rankThese(taken);
    countDone(shared, taken.length);
  }
  return seen === undefined ? {} : { recommended: into.sums };
}

parentPort?.on('message', (shared: SharedRanking) => {
  // What goes wrong ends the thread, which whoever waits is told.
  void rankShare(shared).then((share) => parentPort?.postMessage(share));
});
