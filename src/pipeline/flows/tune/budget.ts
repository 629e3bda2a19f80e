import type { RunManifest } from '../../../protocol/run.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { Skipped } from '../../flow/skipped.ts';
import { RUNG_STEPS, type Rung } from './rungs.ts';

/** When the first `rung` of so many rungs must have started their trials, in seconds: each has an equal share. */
export function deadlineOf(minutes: number, rung: number, rungs: number): number {
  return (minutes * 60 * (rung + 1)) / rungs;
}

/** Minutes in which trials are started; 0: no end. */
function minutesOf({ parameters }: RunManifest): number {
  return Number(parameters['minutes'] ?? 0);
}

/** The steps whose time a budget counts. */
export function clockedSteps(manifest: RunManifest): string[] {
  return minutesOf(manifest) === 0 ? [] : RUNG_STEPS.map(({ step }) => step);
}

/**
 * Ends a trial that comes too late. The trials of a run that was resumed, or taken over from another one, count.
 * @throws Skipped when the time of this rung is spent
 */
export function requireTime(context: StepContext, rungs: readonly Rung[], step: string): void {
  const minutes = minutesOf(context.manifest);
  if (minutes === 0) return;
  const rung = rungs.findIndex((candidate) => candidate.step === step);
  if (context.secondsUsed >= deadlineOf(minutes, rung, rungs.length))
    throw new Skipped(`not started: the budget of ${minutes} minutes is spent`);
}
