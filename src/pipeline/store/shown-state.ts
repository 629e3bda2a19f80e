import type { DriverState, ShownState, StepState } from '../../protocol/step.ts';
import type { RunFolder } from './run-folder.ts';

/** A state as people see it: pending before there is one, interrupted when its process is gone. */
export function shownState(
  run: RunFolder,
  step: string,
  state: StepState | DriverState | undefined,
): ShownState {
  if (state === undefined) return 'pending';
  return state.state === 'running' && !run.alive(step, state) ? 'interrupted' : state.state;
}
