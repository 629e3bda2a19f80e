import { messageOf } from '../../protocol/user-error.ts';
import { unavailable } from './http-error.ts';
import { QueryQueue, type QueuedQuery } from './query-queue.ts';
import { RankingThread } from './ranking-thread.ts';
import type { ServedAnswer, ServedFacts, ServedQuery } from './served-query.ts';

/** Queries that a thread answers together, at most: as many as a recommender scores together. */
const BATCH = 32;
/** Queries that may wait. More would be answered later than anyone waits for. */
const MOST_WAITING = 8192;
/** Before a thread that died is started again. */
const RESTART_MS = 1000;

export interface ServedModelOptions {
  readonly folder: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told what goes wrong with its threads. */
  readonly log: (line: string) => void;
}

/** A package that answers: some threads that have it open, and the queries that wait for them. */
export class ServedModel {
  readonly #options: ServedModelOptions;
  readonly #queue = new QueryQueue();
  readonly #threads: RankingThread[] = [];
  readonly facts: ServedFacts;
  #scheduled = false;
  #retired = false;
  #working = 0;
  #idle: (() => void) | undefined;
  #restart: NodeJS.Timeout | undefined;

  private constructor(options: ServedModelOptions, facts: ServedFacts) {
    this.#options = options;
    this.facts = facts;
  }

  /** @throws UserError where the package cannot be opened, or does not give the lists it was kept with */
  static async open(options: ServedModelOptions): Promise<ServedModel> {
    const { folder, threads, signal } = options;
    // One that has ended before the others are open is started again then.
    let ended = (): void => undefined;
    const starting = Array.from({ length: threads }, () =>
      RankingThread.start(folder, signal, () => ended()),
    );
    const started = await Promise.allSettled(starting);
    const open = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [first] = open;
    const failure = started.find((one) => one.status === 'rejected');
    if (failure !== undefined || first === undefined) {
      await Promise.all(open.map((thread) => thread.end()));
      throw failure?.reason;
    }
    const model = new ServedModel(options, first.facts);
    model.#threads.push(...open);
    ended = () => model.#replaceEnded();
    model.#replaceEnded();
    return model;
  }

  /** Whether a thread is there to answer. */
  get isReady(): boolean {
    return this.#threads.some((thread) => !thread.hasEnded);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * @param isGone whether the sender no longer waits: what was not begun then is left
   * @throws HttpError where too many wait already, or the thread ended meanwhile
   */
  async answer(queries: readonly ServedQuery[], isGone: () => boolean): Promise<readonly ServedAnswer[]> {
    if (!this.isReady) throw unavailable('The model is being opened again. Send the request later.');
    if (this.#queue.length + queries.length > MOST_WAITING)
      throw unavailable('Too many queries wait already. Send the request later.');
    const answers = this.#queue.add(queries, isGone);
    // What came with the same turn of the event loop is answered together.
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#dispatch();
      });
    }
    return answers;
  }

  /** Ends its threads when all that was asked of it is answered. */
  async retire(): Promise<void> {
    this.#retired = true;
    clearTimeout(this.#restart);
    if (this.#working > 0 || (this.#queue.length > 0 && this.isReady))
      await new Promise<void>((resolve) => (this.#idle = resolve));
    await this.end();
  }

  /** Ends its threads at once. */
  async end(): Promise<void> {
    this.#retired = true;
    clearTimeout(this.#restart);
    this.#queue.failAll(unavailable('The server stops.'));
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  #dispatch(): void {
    for (const thread of this.#threads) {
      if (!thread.isFree) continue;
      const batch = this.#queue.take(BATCH);
      if (batch.length === 0) break;
      void this.#work(thread, batch);
    }
    if (this.#working === 0 && this.#queue.length === 0) this.#idle?.();
  }

  async #work(thread: RankingThread, batch: readonly QueuedQuery[]): Promise<void> {
    this.#working++;
    try {
      const answers = await thread.answer(batch.map(({ query }) => query));
      batch.forEach((asked, at) => {
        const answer = answers[at];
        if (answer !== undefined) asked.answered(answer);
      });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(messageOf(error));
      for (const asked of batch) asked.failed(failure);
    } finally {
      this.#working--;
      this.#dispatch();
    }
  }

  /** Starts threads again in the place of those that died. */
  #replaceEnded(): void {
    const { folder, signal, log } = this.#options;
    if (this.#retired || !this.#threads.some((thread) => thread.hasEnded)) return;
    if (!this.isReady)
      this.#queue.failAll(unavailable('The thread that ranks ended. Send the request again.'));
    log('a thread that ranks ended by itself; it is started again');
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => {
      for (const [at, thread] of this.#threads.entries()) {
        if (!thread.hasEnded) continue;
        RankingThread.start(folder, signal, () => this.#replaceEnded()).then(
          (started) => this.#take(started, at),
          (error: unknown) => {
            log(`the model cannot be opened again: ${messageOf(error)}`);
            this.#replaceEnded();
          },
        );
      }
    }, RESTART_MS);
  }

  #take(started: RankingThread, at: number): void {
    if (this.#retired) return void started.end();
    this.#threads[at] = started;
    this.#dispatch();
  }
}
