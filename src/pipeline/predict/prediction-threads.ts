import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';
import type { QueryBatch } from './query-batches.ts';
import type { FromThread, RankedBatch, ThreadStart } from './thread-messages.ts';

const HINT =
  'The machine may have run out of memory: try fewer --threads, or close other programs. Nothing was written.';
const IN_WINDOW =
  'The machine may have run out of memory: set fewer “Max Workers”, or close other programs. Nothing was written.';

function failed(message: string, cause?: Error): UserError {
  return new UserError(message, HINT, { cause, remedy: 'settings', inWindow: IN_WINDOW });
}

interface Waiting {
  readonly resolve: (ranked: RankedBatch) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread with what was sent to it and is not answered. */
class PredictionThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #opened: Promise<void>;
  #death: UserError | undefined;

  constructor(data: ThreadStart) {
    this.#worker = new Worker(path.join(distDir(), 'prediction-worker.mjs'), { workerData: data });
    this.#opened = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromThread) => {
        if (message.type === 'opened') resolve();
        else if (message.type === 'refused') reject(new UserError(message.message, message.hint));
        else this.#waiting.shift()?.resolve(message);
      });
      const died = (cause: UserError): void => {
        this.#death ??= cause;
        reject(cause);
        for (const one of this.#waiting.splice(0)) one.reject(cause);
      };
      this.#worker.once('error', (cause) =>
        died(failed(`A thread that ranks failed: ${messageOf(cause)}`, cause)),
      );
      this.#worker.once('exit', (code) =>
        died(failed(`A thread that ranks ended before its work was done (code ${code}).`)),
      );
    });
    this.#opened.catch(() => undefined);
  }

  get opened(): Promise<void> {
    return this.#opened;
  }

  get load(): number {
    return this.#waiting.length;
  }

  rank({ count, codes, starts }: QueryBatch): Promise<RankedBatch> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ count, codes, starts }, [codes.buffer]);
    });
  }

  end(): Promise<unknown> {
    return this.#worker.terminate();
  }
}

/** Threads that rank batches of queries, each by a package it opened for itself. */
export class PredictionThreads {
  readonly #threads: PredictionThread[] = [];

  /** @throws UserError where the package cannot be opened, or does not give the lists it was kept with */
  static async open(
    count: number,
    start: Omit<ThreadStart, 'verified'>,
    signal: AbortSignal,
  ): Promise<PredictionThreads> {
    const threads = new PredictionThreads();
    try {
      for (let at = 0; at < count; at++) {
        signal.throwIfAborted();
        const thread = new PredictionThread({ ...start, verified: at > 0 });
        threads.#threads.push(thread);
        // The first looks whether the package is whole; the others open it beside each other.
        if (at === 0) await thread.opened;
      }
      await Promise.all(threads.#threads.map((thread) => thread.opened));
      return threads;
    } catch (error) {
      await threads.dispose();
      throw error;
    }
  }

  get count(): number {
    return this.#threads.length;
  }

  /** Gives a batch, whose codes are handed over, to the thread that has least to do. @throws UserError when it died */
  rank(batch: QueryBatch): Promise<RankedBatch> {
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new Error('no thread ranks');
    return others.reduce((least, other) => (other.load < least.load ? other : least), first).rank(batch);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}
