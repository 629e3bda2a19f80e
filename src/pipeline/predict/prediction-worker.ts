/** A thread that ranks queries for predictions, by a package that it opens for itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import type { Recommender } from '../kinds/ranking/recommender.ts';
import { openModel, requireParity } from '../model/open-model.ts';
import { rankBatch } from './rank-batch.ts';
import type { FromThread, ThreadStart, ToThread } from './thread-messages.ts';

const port = parentPort;
// Only prediction-threads.ts starts this file.
const start = workerData as ThreadStart;

async function open({ folder, verified }: ThreadStart): Promise<Recommender> {
  const model = await openModel(folder, { verified });
  if (!verified) await requireParity(model);
  return model.recommender;
}

function answer(recommender: Recommender, batch: ToThread): void {
  const ranked = rankBatch(recommender, batch, start);
  const message: FromThread = { type: 'ranked', ...ranked };
  const { items, scores, starts, own, by } = ranked;
  port?.postMessage(
    message,
    [items, scores, starts, own, by].map(({ buffer }) => buffer),
  );
}

try {
  const recommender = await open(start);
  // What goes wrong ends the thread, which whoever waits is told.
  port?.on('message', (batch: ToThread) => answer(recommender, batch));
  port?.postMessage({ type: 'opened' } satisfies FromThread);
} catch (error) {
  const hint = error instanceof UserError ? error.hint : '';
  port?.postMessage({ type: 'refused', message: messageOf(error), hint } satisfies FromThread);
}
