/** The requests of one domain, and the worker that answers them. */
import type { EngineMethodEntry } from '../../protocol/engine/method.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { FromWorker } from './worker-messages.ts';
import type { WorkerEvents, WorkerHandle } from './worker-handle.ts';

export interface LaneOptions {
  readonly name: string;
  readonly start: (events: WorkerEvents) => WorkerHandle;
  readonly storeChanged: () => void;
  /** What it keeps in memory is worth more than the time of a request that nobody waits for. */
  readonly stays: boolean;
  /** Milliseconds that a worker may go on with what nobody waits for. */
  readonly grace?: number | undefined;
}

/** A request that waits for its answer. */
interface Waiting {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  readonly entry: EngineMethodEntry;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  timer: NodeJS.Timeout | undefined;
  /** Whether it was asked of an earlier worker already. */
  again: boolean;
  /** Whether nobody waits any more. */
  abandoned: boolean;
}

/** Where nothing else is said. */
const GRACE_MS = 500;
/** A worker that has had nothing to do for so long is ended, for its memory. */
const IDLE_MS = 5 * 60_000;

export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerHandle | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /**
   * Has the worker answer.
   * @param signal tells that nobody waits any more; a method that changes something goes on all the same
   * @throws UserError what the worker refused with, or when it did not answer in time or ended
   */
  ask(method: string, params: unknown, entry: EngineMethodEntry, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const asked = { id, method, params, entry, resolve, reject };
      const waiting: Waiting = { ...asked, timer: undefined, again: false, abandoned: false };
      this.#waiting.set(id, waiting);
      this.#post(waiting);
      if (!entry.cancellable) return;
      if (signal.aborted) this.#abandon(waiting);
      else signal.addEventListener('abort', () => this.#abandon(waiting), { once: true });
    });
  }

  /** Ends the worker; nothing is asked any more. */
  async dispose(): Promise<void> {
    clearTimeout(this.#idle);
    for (const waiting of this.#waiting.values()) clearTimeout(waiting.timer);
    this.#waiting.clear();
    await this.#worker?.end();
  }

  #post(waiting: Waiting): void {
    clearTimeout(this.#idle);
    clearTimeout(waiting.timer);
    waiting.timer = setTimeout(() => this.#late(waiting), waiting.entry.timeOut);
    try {
      this.#worker ??= this.#start();
      this.#worker.post({ type: 'ask', id: waiting.id, method: waiting.method, params: waiting.params });
    } catch (error) {
      this.#settle(waiting);
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #start(): WorkerHandle {
    return this.#options.start({
      message: (message) => this.#hear(message),
      ended: (reason) => this.#replace(`ended (${reason})`),
    });
  }

  #hear(message: FromWorker): void {
    if (message.type === 'storeChanged') return this.#options.storeChanged();
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#settle(waiting);
    if (message.type === 'reply') waiting.resolve(message.reply);
    else waiting.reject(new UserError(message.message, message.hint, { remedy: message.remedy }));
  }

  #settle(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    this.#waiting.delete(waiting.id);
    if (this.#waiting.size > 0 || this.#options.stays) return;
    this.#idle = setTimeout(() => this.#end(), IDLE_MS);
    this.#idle.unref();
  }

  #abandon(waiting: Waiting): void {
    if (!this.#waiting.has(waiting.id) || waiting.abandoned) return;
    waiting.abandoned = true;
    waiting.reject(new UserError(`${waiting.method} was given up.`, 'Ask again.'));
    this.#worker?.post({ type: 'cancel', id: waiting.id });
    if (!this.#options.stays) this.#giveGrace(waiting);
  }

  /** Ends the worker if it goes on with what nobody waits for, unless it changes something meanwhile. */
  #giveGrace(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    waiting.timer = setTimeout(() => {
      if (this.#changesSomething()) return this.#giveGrace(waiting);
      this.#settle(waiting);
      this.#replace('was doing what nobody waits for');
    }, this.#options.grace ?? GRACE_MS);
  }

  #late(waiting: Waiting): void {
    this.#settle(waiting);
    waiting.reject(timedOut(waiting.method, waiting.entry.timeOut));
    // A thread that is ended while it changes something would leave its claim on the file behind.
    if (this.#changesSomething()) this.#giveGrace(waiting);
    else this.#replace(`did not answer ${waiting.method} in time`);
  }

  #changesSomething(): boolean {
    return [...this.#waiting.values()].some(({ entry }) => !entry.cancellable);
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    // A thread that cannot be ended is left alone; it is asked nothing any more.
    void worker?.end().catch(() => undefined);
  }

  /** What waits is asked of a new worker, once, where it changes nothing. */
  #replace(why: string): void {
    this.#end();
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.abandoned) this.#settle(waiting);
      else if (waiting.entry.cancellable && !waiting.again) {
        waiting.again = true;
        this.#post(waiting);
      } else {
        this.#settle(waiting);
        waiting.reject(endedWhileAsked(waiting, this.#options.name, why));
      }
    }
    // What it watched is watched by nobody until it is asked again, which whoever shows it does when told of a change.
    if (this.#options.stays) setTimeout(() => this.#options.storeChanged(), GRACE_MS).unref();
  }
}

function timedOut(method: string, limit: number): UserError {
  return new UserError(
    `The query engine did not answer ${method} within ${limit / 1000} s; its work was ended.`,
    'Try again. If it stays so, “RecSys: Show Output” tells more.',
  );
}

function endedWhileAsked({ method, entry }: Waiting, name: string, why: string): UserError {
  return new UserError(
    `The query engine's worker for ${name} ${why} before it had answered ${method}.`,
    entry.cancellable ? 'Try again.' : 'Look whether it was done, then try again.',
  );
}
