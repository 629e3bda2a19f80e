import type { Task } from './plan.ts';

/**
 * Threads for a task that is about to start. Parallel tasks that do not share out evenly over the budget get more than
 * one thread first, so that the last of them does not run alone on one core: three on two cores run as 2, then 1 + 1.
 * @param waiting parallel tasks not started yet, this one included
 * @param free threads of the budget not in use
 */
export function threadsFor(
  task: Task,
  waiting: number,
  free: number,
  maxWorkers: number,
  asked: number,
): number {
  if (!task.step.parallel(task.branch)) return 1;
  if (asked > 0) return Math.min(asked, maxWorkers);
  const odd = waiting % maxWorkers;
  if (odd === 0) return 1;
  return Math.max(1, Math.min(free, Math.floor(maxWorkers / odd)));
}
