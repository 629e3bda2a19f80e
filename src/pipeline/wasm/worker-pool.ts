import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { distDir } from '../dist-dir.ts';
import { deathOf } from './worker-death.ts';

/** A message that does not end an order. */
interface Part<P> {
  readonly part: P;
}

/**
 * Threads that all carry out the same orders; each answers an order with one message, before which it may send parts of its
 * work as `{ part }`.
 */
export class WorkerPool<Order, Done, P = never> {
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
   * @param take is given the parts that threads send, in each thread's order
   * @throws UserError when a thread died, now or since the last order; what `take` throws
   */
  carryOut(order: Order, take?: (part: P) => void): Promise<Done[]> {
    return Promise.all(
      this.#workers.map(({ worker, death }) => Promise.race([this.#answer(worker, order, take), death])),
    );
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }

  #answer(worker: Worker, order: Order, take: ((part: P) => void) | undefined): Promise<Done> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        worker.off('message', listen);
      };
      const listen = (message: Done | Part<P>): void => {
        if (!this.#isPart(message)) {
          end();
          resolve(message);
          return;
        }
        try {
          take?.(message.part);
        } catch (error) {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      worker.on('message', listen);
      worker.postMessage(order);
    });
  }

  #isPart(message: Done | Part<P>): message is Part<P> {
    return typeof message === 'object' && message !== null && 'part' in message;
  }
}
