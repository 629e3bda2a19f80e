import type { Task } from './plan.ts';

/** What waits for workers beside a task that is about to start. */
export interface Demand {
  /** Parallel tasks not started yet, this one included. */
  readonly waiting: number;
  /** What a task of this kind is followed by in its own branch, as a share of its own work. */
  readonly followUp: number;
  /** The work of the other waiting parallel tasks, as a share of its own. */
  readonly others: number;
}

/**
 * Threads for a task that is about to start. Parallel tasks that do not share out evenly over the budget get more than
 * one thread first, so that the last of them does not run alone on one core: three on two cores run as 2, then 1 + 1.
 * Not so where the steps after the other tasks will fill half of the cores the last ones leave idle: one thread each
 * then does the same work in less processor time. A task that is more work than all the others gets its share of the
 * threads, rounded up: on one thread it would run on alone when they are done.
 * @param free threads of the budget not in use
 */
export function threadsFor(
  task: Task,
  { waiting, followUp, others }: Demand,
  free: number,
  maxWorkers: number,
  asked: number,
): number {
  if (!task.step.parallel(task.branch)) return 1;
  if (asked > 0) return Math.min(asked, maxWorkers);
  if (others < 1) return Math.max(1, Math.min(free, Math.ceil(maxWorkers / (1 + others))));
  const odd = waiting % maxWorkers;
  if (odd === 0) return 1;
  const left = maxWorkers - odd;
  if ((waiting - odd) * followUp >= left / 2) return 1;
  return Math.max(1, Math.min(free, Math.floor(maxWorkers / odd)));
}
