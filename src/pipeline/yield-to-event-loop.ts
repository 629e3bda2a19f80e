import { setImmediate } from 'node:timers/promises';

/** Lets timers and signals run between two stretches of synchronous work; throws when cancelled. */
export async function yieldToEventLoop(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
