import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { distDir } from '../dist-dir.ts';
import type { Area, IndexMemory } from './index-memory.ts';
import { longestExclusion, type SearchJob } from './search-job.ts';
import { CONTROL, type WorkerReply, type WorkerSetup, type WorkerTask } from './search-messages.ts';
import { type IndexShape, type TileLayout, tileLayout, tileSize } from './tile-search.ts';
import type { TopKernel } from './topk-kernel.ts';

/** Sends a task and waits for the reply; a worker that dies rejects. */
function perform(worker: Worker, task: WorkerTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (reply: WorkerReply): void => {
      worker.off('error', fail).off('exit', ended);
      if (reply.error === undefined) resolve();
      else reject(new Error(reply.error));
    };
    const fail = (error: Error): void => reject(error);
    const ended = (code: number): void => reject(new Error(`a search thread ended with code ${code}`));
    worker.once('message', settle).once('error', fail).once('exit', ended);
    worker.postMessage(task);
  });
}

/** Worker threads over one index; they start with the first job and wait for the next. One job runs at a time. */
export class SearchPool {
  readonly #setup: WorkerSetup;
  readonly #memory: IndexMemory;
  readonly #kernel: TopKernel;
  readonly #workers: Worker[] = [];
  readonly #areas: Area[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(module: WebAssembly.Module, memory: IndexMemory, kernel: TopKernel, shape: IndexShape) {
    this.#setup = { module, memory: memory.memory, shape };
    this.#memory = memory;
    this.#kernel = kernel;
  }

  /** Fills the job's results. Rejects with the signal's reason when it is aborted, after the threads have stopped. */
  run(job: SearchJob, threads: number, signal?: AbortSignal): Promise<void> {
    const run = this.#last.then(() => this.#run(job, threads, signal));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    await this.#last;
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  async #run(job: SearchJob, threads: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const tiles = Math.ceil(job.count / tileSize(job.k));
    const layout = tileLayout(this.#kernel, this.#setup.shape, job.k, longestExclusion(job));
    const control = new Int32Array(new SharedArrayBuffer(CONTROL.length * 4));
    const cancel = (): void => {
      Atomics.store(control, CONTROL.cancelled, 1);
    };
    signal?.addEventListener('abort', cancel);
    try {
      const numbers = Array.from({ length: Math.min(threads, tiles) }, (_, number) => number);
      await this.#performAll(numbers, job, control, layout, cancel);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    signal?.throwIfAborted();
  }

  /** Waits for every thread even when one fails, so that none works on a job that is over. */
  async #performAll(
    numbers: readonly number[],
    job: SearchJob,
    control: Int32Array,
    layout: TileLayout,
    cancel: () => void,
  ): Promise<void> {
    const tasks = numbers.map((number) => {
      const base = this.#areaOf(number, layout.bytes);
      return { worker: this.#worker(number), task: { job, control, layout, base } };
    });
    const replies = tasks.map(({ worker, task }) => {
      worker.ref();
      return perform(worker, task)
        .catch((error: unknown) => {
          cancel();
          throw error;
        })
        .finally(() => worker.unref());
    });
    const failed = (await Promise.allSettled(replies)).find((reply) => reply.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #areaOf(number: number, bytes: number): number {
    let area = this.#areas[number];
    if (area === undefined || area.bytes < bytes) {
      area = this.#memory.take(bytes, 'The results of this search');
      this.#areas[number] = area;
    }
    return area.offset;
  }

  #worker(number: number): Worker {
    const known = this.#workers[number];
    if (known !== undefined) return known;
    const worker = new Worker(path.join(distDir(), 'exact-search-worker.mjs'), { workerData: this.#setup });
    worker.unref();
    worker.once('exit', () => {
      // A thread that died is replaced at the next job.
      if (this.#workers[number] === worker) this.#workers.splice(number, 1);
    });
    this.#workers[number] = worker;
    return worker;
  }
}
