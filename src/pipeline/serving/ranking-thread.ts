import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';
import { HttpError, unavailable } from './http-error.ts';
import type { ServedAnswer, ServedFacts, ServedQuery } from './served-query.ts';
import type { FromThread, ThreadStart } from './thread-messages.ts';

interface Waiting {
  readonly resolve: (answers: readonly ServedAnswer[]) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that has a package open and answers one batch at a time. */
export class RankingThread {
  readonly #worker: Worker;
  readonly facts: ServedFacts;
  #waiting: Waiting | undefined;
  #ended = false;

  private constructor(worker: Worker, facts: ServedFacts, ended: () => void) {
    this.#worker = worker;
    this.facts = facts;
    worker.on('message', (message: FromThread) => this.#hear(message));
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      const wasAsked = this.#ended;
      this.#ended = true;
      this.#settle()?.reject(unavailable('The thread that ranked this request ended. Send it again.'));
      if (!wasAsked) ended();
    });
  }

  /**
   * Starts a thread, and waits until it has opened the package.
   * @param ended is called when it ends though nobody asked it to
   * @throws UserError where the package cannot be opened
   */
  static async start(folder: string, signal: AbortSignal, ended: () => void): Promise<RankingThread> {
    const data: ThreadStart = { folder };
    const worker = new Worker(path.join(distDir(), 'serving-worker.mjs'), { workerData: data });
    try {
      const facts = await opened(worker, signal);
      return new RankingThread(worker, facts, ended);
    } catch (error) {
      worker.on('error', () => undefined);
      await worker.terminate();
      throw error;
    }
  }

  /** Whether it can be given a batch. */
  get isFree(): boolean {
    return this.#waiting === undefined && !this.#ended;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  answer(queries: readonly ServedQuery[]): Promise<readonly ServedAnswer[]> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(queries);
    });
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #hear(message: FromThread): void {
    const waiting = this.#settle();
    if (message.type === 'answers') waiting?.resolve(message.answers);
    else if (message.type === 'failed')
      waiting?.reject(new HttpError(500, `The model failed to answer: ${message.message}`));
  }
}

const DIED_HINT =
  'The machine may have run out of memory: close other programs, or serve with fewer --threads.';

function opened(worker: Worker, signal: AbortSignal): Promise<ServedFacts> {
  return new Promise((resolve, reject) => {
    const gaveUp = (): void => reject(new UserError('Opening the model was given up.', 'Start again.'));
    if (signal.aborted) return gaveUp();
    signal.addEventListener('abort', gaveUp, { once: true });
    worker.once('message', (message: FromThread) => {
      signal.removeEventListener('abort', gaveUp);
      if (message.type === 'opened') resolve(message.facts);
      else if (message.type === 'refused') reject(new UserError(message.message, message.hint));
    });
    worker.once('error', (cause) =>
      reject(new UserError(`The model could not be opened: ${messageOf(cause)}`, DIED_HINT, { cause })),
    );
    worker.once('exit', (code) =>
      reject(new UserError(`The thread that opens the model ended (code ${code}).`, DIED_HINT)),
    );
  });
}
