import type { DriverState, StepState } from '../../protocol/step.ts';

/** How long something took that has ended; undefined while it has not. Never negative, though the clock was set back. */
export function secondsTaken({
  started,
  finished,
  seconds,
}: Pick<StepState | DriverState, 'started' | 'finished' | 'seconds'>): number | undefined {
  if (finished === undefined) return undefined;
  return seconds ?? Math.max(0, Date.parse(finished) - Date.parse(started)) / 1000;
}
