/** A thread that looks at the candidates of a stack's validation queries by members' packages that it opens for itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { lookAt } from '../../../kinds/stack/look-at.ts';
import type { LookedChunk, LookWorkerData } from '../../../kinds/stack/looking-threads.ts';
import { openView } from '../../../kinds/stack/open-view.ts';
import { takeChunk, type SharedLooking } from '../../../kinds/stack/shared-looking.ts';
import type { QueryView } from '../../../kinds/stack/query-view.ts';
import { stackMember, type StackMember } from '../../../kinds/stack/stack-member.ts';
import { openModel } from '../../../model/open-model.ts';
import { tieOrder } from '../../../seeded-random.ts';

// Only looking-threads.ts starts this file.
const { members, table, catalogue, depth, seenRemoved, seed } = workerData as LookWorkerData;
const opening = openMembers();

async function openMembers(): Promise<QueryView> {
  const ties = tieOrder(catalogue.trainCounts.length, seed);
  const opened: StackMember[] = [];
  for (const { name, kind, folder } of members) {
    const { scorer } = await openModel(folder, { verified: true });
    opened.push(stackMember(name, kind, scorer, ties));
  }
  return openView({ members: opened, table, catalogue, depth, seenRemoved, ties }).view;
}

async function look(shared: SharedLooking): Promise<void> {
  const view = await opening;
  for (let chunk = takeChunk(shared); chunk !== undefined; chunk = takeChunk(shared)) {
    const { number, queries, targets } = chunk;
    const looked = lookAt(view, queries, targets);
    const { features } = looked;
    parentPort?.postMessage({ part: { number, looked } satisfies LookedChunk }, [features.buffer]);
  }
}

parentPort?.on('message', (shared: SharedLooking) => {
  // What goes wrong ends the thread, which whoever waits is told.
  void look(shared).then(() => parentPort?.postMessage(null));
});
