/** Where the tasks of a run are done: processes of this machine are one way, jobs of a cluster are others. */
import type { StepEvent } from '../../protocol/events.ts';
import type { Failure } from '../../protocol/step.ts';
import type { RunFolder } from '../store/run-folder.ts';

/**
 * A task that may start: `recsys step <run> <path>` with the run's folder, or a copy of the parts of it that are named
 * here. Paths are relative to the run's folder, but those of the data.
 */
export interface TaskOrder {
  readonly run: RunFolder;
  /** Of the task, and of its folder: `train/prod2vec`. */
  readonly path: string;
  /** Folders of the finished tasks that it reads. `run.json` it reads too. */
  readonly inputs: readonly string[];
  /** Files outside the run that it reads, absolute. Elsewhere it is told where they are by `--data-root`. */
  readonly data: readonly string[];
  /** What its step's `clocked` steps have used when it starts: it is told by `--seconds-used`. */
  readonly secondsUsed?: number;
  readonly threads: number;
  /** MiB. */
  readonly memory: number;
  /** It is to leave the processors to others where they want them. */
  readonly aside: boolean;
}

/** How a task came to its end, as far as its own state does not tell. */
export interface TaskEnd {
  /** Why it ended without success. */
  readonly failure?: Failure;
}

export interface StartedTask {
  /** Settles when the task is over and all that it left lies in its folder of the run; never rejects. */
  readonly ended: Promise<TaskEnd>;
  /** Asks it to stop, and ends it if it does not within two seconds. */
  stop(): void;
}

export interface Executor {
  /** Starts a task. Events come while it runs, in their order; those that get lost are in its event log. */
  start(order: TaskOrder, onEvent: (event: StepEvent) => void): StartedTask;
  /** Told ahead which step is most likely next, where that can make its start quicker. */
  expect?(step: string): void;
  /**
   * Sees to it that a task which a driver before this one has started is over, so that no task has two writers.
   * @throws UserError where it runs where it cannot be ended
   */
  settle(run: RunFolder, path: string): Promise<void>;
}
