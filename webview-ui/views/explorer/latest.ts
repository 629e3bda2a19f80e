/** What is asked for again and again, where only the answer to the latest question counts. */
import { RequestFailed } from '../../kit/request-failed.ts';

export class Latest<T> {
  readonly #changed: () => void;
  #question: string | undefined;
  #waiting: AbortController | undefined;
  #value: T | undefined;
  #failure: RequestFailed | undefined;

  /** @param changed is called when there is an answer, or a failure */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The last answer; while another question waits, that of the one before. */
  get value(): T | undefined {
    return this.#value;
  }

  get failure(): RequestFailed | undefined {
    return this.#failure;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /**
   * Asks, unless just this was asked before. A question that still waits is given up.
   * @param delay milliseconds in which another question may come instead
   */
  ask(question: string, make: (signal: AbortSignal) => Promise<T>, delay = 0): void {
    if (question === this.#question) return;
    this.#waiting?.abort();
    this.#question = question;
    const waiting = new AbortController();
    this.#waiting = waiting;
    if (delay === 0) void this.#answer(waiting, make);
    else setTimeout(() => void this.#answer(waiting, make), delay);
  }

  /** Gives up what waits, and forgets what was answered. */
  forget(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    this.#question = undefined;
    this.#value = undefined;
    this.#failure = undefined;
  }

  /** Lets the same question be asked again. */
  again(): void {
    this.#question = undefined;
  }

  async #answer(waiting: AbortController, make: (signal: AbortSignal) => Promise<T>): Promise<void> {
    if (waiting.signal.aborted) return;
    try {
      const value = await make(waiting.signal);
      this.#settle(waiting, value, undefined);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      this.#settle(waiting, undefined, error);
    }
  }

  #settle(waiting: AbortController, value: T | undefined, failure: RequestFailed | undefined): void {
    if (this.#waiting !== waiting) return;
    this.#waiting = undefined;
    this.#value = value;
    this.#failure = failure;
    this.#changed();
  }
}
