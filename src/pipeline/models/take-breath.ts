import { setImmediate } from 'node:timers/promises';

/** Lets timers and signals run between two stretches of synchronous work; throws when cancelled. */
export async function takeBreath(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
