import type { Task } from './plan.ts';

/** A task that several threads speed up has stretches of one thread: another, this much lighter at least, fits in there. */
const LIGHTER = 4;

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

/** A budget below the processors is a promise to leave some alone; only one that has them all can be crowded. */
const canCrowd = (maxWorkers: number, processors: number): boolean => maxWorkers >= processors;

/** How many branches of a step may run at once, of so many, when each has so many threads. */
export function atOnce(branches: number, threads: number, maxWorkers: number, processors: number): number {
  const aside = threads > 1 && canCrowd(maxWorkers, processors) ? 1 : 0;
  return Math.max(1, Math.min(branches, Math.ceil(maxWorkers / threads) + aside));
}

/** What may begin in the pauses of tasks that have taken all threads. */
export interface Crowd {
  readonly running: readonly {
    readonly threads: number;
    readonly weight: number;
    /** Of low priority. */
    readonly aside: boolean;
  }[];
  readonly maxWorkers: number;
  /** Of this machine. */
  readonly processors: number;
}

/**
 * Whether a task that several threads speed up may have all of them though a few are in use: the last of its step, which all
 * that follows waits for. What is in use is free again before it ends, and would be idle then; what runs aside gives way.
 */
export function takesAll(
  { step, branch }: Task,
  { others }: Pick<Demand, 'others'>,
  { running, maxWorkers, processors }: Crowd,
): boolean {
  const used = running.reduce((sum, { threads, aside }) => sum + (aside ? 0 : threads), 0);
  return step.parallel(branch) && others === 0 && canCrowd(maxWorkers, processors) && 2 * used <= maxWorkers;
}

/**
 * Whether a task may run aside, of low priority, on what a task of several threads leaves idle while it works on one. One
 * at a time; and none that is so much work that it would run on alone afterwards, where it could have had more threads.
 */
export function fitsAside(task: Task, { running, maxWorkers, processors }: Crowd): boolean {
  const used = running.reduce((sum, { threads }) => sum + threads, 0);
  const heaviest = Math.max(...running.map(({ weight }) => weight));
  const { step, branch } = task;
  return (
    branch !== undefined &&
    canCrowd(maxWorkers, processors) &&
    used === maxWorkers &&
    running.some(({ threads }) => threads > 1) &&
    LIGHTER * step.weight(branch) <= heaviest
  );
}
