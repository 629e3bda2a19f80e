import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { EngineMethodEntry } from '../../protocol/engine/method.ts';
import { isUserError, messageOf, UserError } from '../../protocol/user-error.ts';

/** A running query engine. */
export interface EngineChild {
  entryOf(method: EngineMethod): Pick<EngineMethodEntry, 'timeOut' | 'cancellable'>;
  /** Rejects when the process ends before it has answered. */
  request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal: AbortSignal,
  ): Promise<EngineReply<M>>;
  onStoreChanged(listener: () => void): void;
  /** Resolves with the reason when the process has ended; never rejects. */
  readonly ended: Promise<string>;
  stop(): void;
  /** Ends the process at once, whatever it does. */
  kill(): void;
}

export interface SupervisorOptions {
  /** Starts a process; called again after each end. */
  readonly start: () => Promise<EngineChild>;
  readonly onStoreChanged: () => void;
  /** The engine is up (again), or down with a reason. */
  readonly onStateChanged: (state: EngineState) => void;
  readonly log: (line: string) => void;
}

export type EngineState =
  { readonly kind: 'up' } | { readonly kind: 'down'; readonly reason: string; readonly retryMs: number };

/** The engine itself ends work that takes too long; only one that hangs does not answer so long after that. */
const MARGIN_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** An engine that lived this long was healthy: the next restart begins with the first pause again. */
const HEALTHY_AFTER_MS = 60_000;

/** Pause before the nth restart in a row (n from 0): 1, 2, 4 … 30 s. */
export function restartPause(restarts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** restarts);
}

/** Keeps one query engine alive: started at the first request, restarted with growing pauses when it dies. */
export class EngineSupervisor {
  readonly #options: SupervisorOptions;
  #child: Promise<EngineChild> | undefined;
  #restarts = 0;
  #timer: NodeJS.Timeout | undefined;
  #down: string | undefined;
  /** When the process was started. */
  #began = 0;
  /** Grows with each process that is not to be heard any more. */
  #generation = 0;
  /** Resolves when an engine that ended is started again. */
  #revived: Promise<void> = Promise.resolve();
  #reviving: () => void = () => undefined;
  #disposed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Sends one request. Where the engine ends before it has answered, what changes nothing is asked again, once.
   * @throws {UserError} when the engine is down, does not answer in time, or answers with an error
   */
  async request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineReply<M>> {
    if (this.#down !== undefined) throw engineDown(this.#down);
    try {
      return await this.#ask(method, params, signal);
    } catch (error) {
      if (!(error instanceof EngineEnded)) throw error;
      if (!error.repeatable || signal?.aborted === true) throw unanswered(method);
      await this.#revived;
      return await this.#ask(method, params, signal).catch((again: unknown) => {
        throw again instanceof EngineEnded ? unanswered(method) : again;
      });
    }
  }

  /** @throws EngineEnded when the engine ends, or is restarted, before it has answered */
  async #ask<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal: AbortSignal | undefined,
  ): Promise<EngineReply<M>> {
    if (this.#disposed) throw new UserError('RecSys is shutting down.', 'Reload the window.');
    const child = await (this.#child ??= this.#start());
    const generation = this.#generation;
    const { timeOut, cancellable } = child.entryOf(method);
    const limit = timeOut + MARGIN_MS;
    const hang = (): void => this.#kill(child, generation, method);
    try {
      return await withTimeOut(limit, signal, hang, timeOutOf(method, limit), (either) =>
        child.request(method, params, either),
      );
    } catch (error) {
      // What the engine refused, and what took too long, is answered.
      if (isUserError(error)) throw error;
      if ((await endOf(child)) === undefined && generation === this.#generation) throw error;
      throw new EngineEnded(cancellable);
    }
  }

  /** An engine that does not even say that it was too late hangs: nobody will be answered any more. */
  #kill(child: EngineChild, generation: number, method: string): void {
    if (generation !== this.#generation || this.#disposed) return;
    child.kill();
    this.#ended(generation, this.#began, `it did not answer ${method} in time`);
    this.#generation++;
  }

  /** Ends the process, if any; the next request starts another. */
  restart(): void {
    this.#stop();
    this.#restarts = 0;
    this.#down = undefined;
    this.#options.onStateChanged({ kind: 'up' });
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
  }

  #stop(): void {
    this.#generation++;
    clearTimeout(this.#timer);
    void this.#child?.then((child) => child.stop()).catch(() => undefined);
    this.#child = undefined;
    this.#reviving();
  }

  async #start(): Promise<EngineChild> {
    const generation = this.#generation;
    const began = Date.now();
    this.#began = began;
    try {
      const child = await this.#options.start();
      child.onStoreChanged(this.#options.onStoreChanged);
      void child.ended.then((reason) => this.#ended(generation, began, reason));
      return child;
    } catch (error) {
      this.#ended(generation, began, messageOf(error));
      throw engineDown(messageOf(error));
    }
  }

  #ended(generation: number, began: number, reason: string): void {
    if (this.#disposed || generation !== this.#generation) return;
    if (Date.now() - began > HEALTHY_AFTER_MS) this.#restarts = 0;
    const retryMs = restartPause(this.#restarts++);
    this.#options.log(`The query engine ended (${reason}); it is started again in ${retryMs / 1000} s.`);
    this.#child = undefined;
    this.#down = reason;
    this.#revived = new Promise((resolve) => (this.#reviving = resolve));
    this.#timer = setTimeout(() => this.#revive(), retryMs);
    this.#options.onStateChanged({ kind: 'down', reason, retryMs });
  }

  #revive(): void {
    this.#down = undefined;
    this.#child = this.#start();
    this.#reviving();
    this.#child.then(() => this.#options.onStateChanged({ kind: 'up' })).catch(() => undefined);
  }
}

function engineDown(reason: string): UserError {
  return new UserError(
    `The query engine has stopped: ${reason}`,
    'It is started again by itself; “RecSys: Show Output” tells more.',
  );
}

/** The engine ended while it was asked. */
class EngineEnded extends Error {
  /** What was asked changes nothing. */
  readonly repeatable: boolean;

  constructor(repeatable: boolean) {
    super('the engine ended');
    this.repeatable = repeatable;
  }
}

function unanswered(method: string): UserError {
  return new UserError(
    `The query engine ended before it had answered ${method}.`,
    'It is started again by itself. Look whether it was done, then try again.',
  );
}

function timeOutOf(method: string, limitMs: number): UserError {
  return new UserError(
    `The query engine did not answer ${method} within ${limitMs / 1000} s; it was ended.`,
    'It is started again by itself: try again in a moment. “RecSys: Show Output” tells more.',
  );
}

/** Why a process has ended; undefined while it has not. */
function endOf({ ended }: EngineChild): Promise<string | undefined> {
  return Promise.race([ended, Promise.resolve(undefined)]);
}

/** Runs `work` and gives up after `limitMs`, after `late`; `work` is told to stop then, or when `signal` says so. */
async function withTimeOut<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  late: () => void,
  timeOut: UserError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(timeOut);
      late();
      limit.abort(timeOut);
    }, limitMs);
  });
  try {
    return await Promise.race([
      work(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])),
      expired,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
