/** Waiting for what AWS makes, changes or takes away by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../../protocol/user-error.ts';
import type { Aws } from './aws-clients.ts';
import { faultOf } from './fault.ts';

export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly onStatus?: ((status: string, seconds: number) => void) | undefined;
}

export interface Watched<T> {
  /** Undefined where it is gone. */
  readonly look: () => Promise<T | undefined>;
  /** Whether a state passes by itself. */
  readonly passes: (status: string) => boolean;
  /** What it is, and where a person can look: said where it takes too long. */
  readonly what: string;
  readonly lookAt: string;
  /** Default: an hour. */
  readonly longestMs?: number;
}

/** Longer than AWS itself takes before it gives up. */
const LONGEST_MS = 60 * 60_000;
/** Lost answers in a row, after which waiting is given up. */
const MOST_FAILURES = 5;

/** Waits until something is in no state that passes by itself; undefined where it is gone. */
export async function waitSettled<T extends { readonly status: string }>(
  { patience }: Aws,
  { look, passes, what, lookAt, longestMs = LONGEST_MS }: Watched<T>,
  { signal, onStatus }: Waiting,
): Promise<T | undefined> {
  const started = performance.now();
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const now = await look();
      failures = 0;
      if (now === undefined || !passes(now.status)) return now;
      onStatus?.(now.status, (performance.now() - started) / 1000);
    } catch (error) {
      // A network that comes back is no reason to take it away.
      if (faultOf(error).certain || ++failures >= MOST_FAILURES) throw error;
    }
    if (performance.now() - started > longestMs)
      throw new UserError(`The ${what} is not ready after an hour.`, `Look at ${lookAt}.`);
    await pause(patience.pollMs, undefined, signal === undefined ? {} : { signal });
  }
}
