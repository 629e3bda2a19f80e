/** Long work as a generator that yields where it may pause. */
import { setImmediate } from 'node:timers/promises';

/** How long the event loop may wait. */
const STRETCH_MS = 12;

/** Does the work in one go. */
export function doneAtOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does the work in stretches, between which messages are heard.
 * @throws what the signal was aborted with, after the stretch in which it was
 */
export async function donePausing<T>(work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < STRETCH_MS) continue;
    await setImmediate();
    signal?.throwIfAborted();
    began = performance.now();
  }
}
