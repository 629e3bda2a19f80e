import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { distDir } from '../dist-dir.ts';
import { deathOf } from './worker-death.ts';

/** Threads that all carry out the same orders; each answers an order with one message. */
export class WorkerPool<Order, Done> {
  readonly #workers: readonly { readonly worker: Worker; readonly death: Promise<never> }[];

  /**
   * @param file of the build: `encoder-worker.mjs`
   * @param what names a thread in errors: `A training thread`
   * @param dataOf what thread i is given when it starts
   */
  constructor(file: string, what: string, threads: number, dataOf: (thread: number) => unknown) {
    const entry = path.join(distDir(), file);
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(entry, { workerData: dataOf(thread) });
      return { worker, death: deathOf(worker, what) };
    });
  }

  /**
   * Lets all threads carry out an order.
   * @throws UserError when a thread died, now or since the last order
   */
  carryOut(order: Order): Promise<Done[]> {
    return Promise.all(
      this.#workers.map(({ worker, death }) => Promise.race([answerOf<Done>(worker, order), death])),
    );
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}

function answerOf<Done>(worker: Worker, order: unknown): Promise<Done> {
  return new Promise((resolve) => {
    worker.once('message', (message: Done) => resolve(message));
    worker.postMessage(order);
  });
}
