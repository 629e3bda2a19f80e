/** How far a run is: one rule for the tree, notifications and the terminal. */
import type { ProgressEvent } from '../../protocol/events.ts';
import type { StepView } from '../../protocol/run-view.ts';
import type { DriverState, ShownState } from '../../protocol/step.ts';
import type { Task } from '../flow/plan.ts';

/** How far one task of a run is. */
export interface TaskProgress {
  /** Share of the whole job's time, roughly. */
  readonly weight: number;
  /** What of it is over, 0 to 1. */
  readonly share: number;
  /** It was over before this drive began: it tells nothing of the pace. */
  readonly before: boolean;
}

export interface RunProgress {
  readonly fraction: number;
  readonly secondsLeft?: number;
}

/** Neither the first moments nor the first percents tell how long the rest takes. */
const LEAST_SECONDS = 5;
const LEAST_SHARE = 0.02;

/**
 * @param seconds since the run was started or resumed
 * @returns 0 to 1 over all tasks, and the seconds left once there is a pace to tell them from
 */
export function runProgress(tasks: readonly TaskProgress[], seconds: number): RunProgress {
  const sum = (part: (task: TaskProgress) => number): number =>
    tasks.reduce((total, task) => total + part(task), 0);
  const all = sum(({ weight }) => weight);
  const over = sum(({ weight, share }) => weight * share);
  const now = sum(({ weight, share, before }) => (before ? 0 : weight * share));
  const fraction = all === 0 ? 0 : over / all;
  if (now === 0 || seconds < LEAST_SECONDS || now < LEAST_SHARE * all) return { fraction };
  return { fraction, secondsLeft: ((all - over) / now) * seconds };
}

/** What of a step is over while it runs. */
export function stepShare(progress: ProgressEvent | undefined): number {
  if (progress === undefined) return 0;
  const { share, done, total } = progress;
  return Math.min(1, Math.max(0, share ?? (total > 0 ? done / total : 0)));
}

type Drive = Pick<DriverState, 'started'>;

/** A step's part as its files tell it; what failed earlier is tried again, what fails now is over. */
function taskProgress(task: Task, step: StepView | undefined, drive: Drive): TaskProgress {
  const weight = task.step.weight(task.branch);
  if (step === undefined) return { weight, share: 0, before: false };
  const before = step.from !== undefined || (step.started ?? '') < drive.started;
  const over =
    step.state === 'succeeded' ||
    step.state === 'skipped' ||
    (!before && (step.state === 'failed' || step.state === 'damaged'));
  return { weight, share: over ? 1 : stepShare(step.progress), before: over && before };
}

/** Progress of a run from its files; nothing of one that does not run. */
export function progressOfRun(
  state: ShownState,
  tasks: readonly Task[],
  steps: readonly StepView[],
  drive: Drive | undefined,
): Partial<RunProgress> {
  if (state !== 'running') return {};
  if (drive === undefined) return { fraction: 0 };
  const parts = tasks.map((task, i) => taskProgress(task, steps[i], drive));
  return runProgress(parts, Math.max(0, Date.now() - Date.parse(drive.started)) / 1000);
}
