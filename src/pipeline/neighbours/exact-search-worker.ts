/** A worker thread of `SearchPool`: takes tiles of queries until none is left or the job is cancelled. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../protocol/user-error.ts';
import { usePanels } from './panel-index.ts';
import { CONTROL, type WorkerReply, type WorkerSetup, type WorkerTask } from './search-messages.ts';
import { searchTile, tileSize, type Workplace } from './tile-search.ts';
import { instantiateTopKernel } from './topk-kernel.ts';

// Only SearchPool starts this file, with this data.
const setup = workerData as WorkerSetup;
const kernel = instantiateTopKernel(setup.module, setup.memory);
if (setup.shape.pruned !== undefined) usePanels(kernel, setup.shape.pruned);

function work({ job, control, layout, base }: WorkerTask): void {
  const place: Workplace = { kernel, memory: setup.memory, shape: setup.shape, layout, base };
  const tile = tileSize(job.k);
  while (Atomics.load(control, CONTROL.cancelled) === 0) {
    const first = Atomics.add(control, CONTROL.nextTile, 1) * tile;
    if (first >= job.count) return;
    searchTile(place, job, first, Math.min(tile, job.count - first));
  }
}

function attempt(task: WorkerTask): WorkerReply {
  try {
    work(task);
    return {};
  } catch (error) {
    return { error: messageOf(error) };
  }
}

parentPort?.on('message', (task: WorkerTask) => parentPort?.postMessage(attempt(task)));
