import type { Failure } from '../../protocol/step.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { isJoined, isOnDemand, needsOf, type Task } from './plan.ts';
import type { Demand } from './worker-budget.ts';

type Place = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped';

/**
 * Which tasks wait, run and are over. A branch whose own earlier step failed is skipped; a join starts when every
 * branch it needs is over and at least one succeeded, so one failing branch does not take the others down.
 */
export class TaskBoard {
  readonly #tasks: readonly Task[];
  readonly #flow: Pick<FlowDefinition, 'onDemand'>;
  readonly #places = new Map<string, Place>();

  constructor(tasks: readonly Task[], flow: Pick<FlowDefinition, 'onDemand'> = {}) {
    this.#tasks = tasks;
    this.#flow = flow;
    for (const task of tasks) this.#places.set(task.path, 'waiting');
  }

  start(path: string): void {
    this.#places.set(path, 'running');
  }

  finish(path: string, result: 'succeeded' | 'failed' | 'skipped'): void {
    this.#places.set(path, result);
    this.#skipHopeless();
  }

  /** Tasks that may start now, heaviest first. */
  ready(): Task[] {
    return this.#tasks
      .filter((task) => this.#place(task) === 'waiting' && this.#prospect(task) === 'ready')
      .sort((a, b) => b.step.weight(b.branch) - a.step.weight(a.branch));
  }

  /** The first task that has still to be started, ready or not. */
  next(): Task | undefined {
    return this.ready()[0] ?? this.#tasks.find((task) => this.#place(task) === 'waiting');
  }

  /** What waits beside a task that is ready, of the branches of its step that can use several threads. */
  demand(task: Task): Demand {
    const waiting = this.#tasks.filter(
      (other) =>
        other.step === task.step && this.#place(other) === 'waiting' && other.step.parallel(other.branch),
    );
    const weight = (one: Task): number => one.step.weight(one.branch);
    const others = waiting.reduce((sum, other) => sum + (other === task ? 0 : weight(other)), 0);
    return { waiting: waiting.length, followUp: this.followUp(task), others: others / weight(task) };
  }

  /** What the next step of the same branch weighs, as a share of the task's own weight. */
  followUp(task: Task): number {
    const next = this.#tasks.filter(
      ({ step, branch }) =>
        step.needs.includes(task.step.name) && branch !== undefined && branch.name === task.branch?.name,
    );
    return (
      next.reduce((sum, { step, branch }) => sum + step.weight(branch), 0) / task.step.weight(task.branch)
    );
  }

  /**
   * What took the run down: the failure of a plain step, or of every branch of a foreach; of branches that were asked
   * for, of any. Undefined when the last step succeeded.
   */
  failure(reasonOf: (path: string) => Failure | undefined): Failure | undefined {
    const last = this.#tasks.at(-1);
    const lastStep = this.#tasks.filter((task) => task.step.name === last?.step.name);
    const isDone = (task: Task): boolean => this.#place(task) === 'succeeded';
    const asked = last !== undefined && isOnDemand(this.#flow, last);
    if (asked ? lastStep.every(isDone) : lastStep.some(isDone)) return undefined;
    const failed = this.#tasks.filter((task) => this.#place(task) === 'failed');
    const first = failed[0];
    if (first === undefined) return { message: 'The run ended before its last step.' };
    const others = failed.length > 1 ? ` (and ${failed.length - 1} more failed)` : '';
    const reason = reasonOf(first.path) ?? {
      message: 'its process ended without a word',
      hint: 'See its log; it may have run out of memory.',
    };
    return {
      message: `${first.path}: ${reason.message}${others}`,
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      ...(reason.inWindow === undefined ? {} : { inWindow: reason.inWindow }),
      ...(reason.remedy === undefined ? {} : { remedy: reason.remedy }),
    };
  }

  #place(task: Task): Place {
    return this.#places.get(task.path) ?? 'waiting';
  }

  #prospect(task: Task): 'ready' | 'later' | 'hopeless' {
    const needs = needsOf(task, this.#tasks);
    const places = needs.map((need) => ({
      place: this.#place(need),
      joined: isJoined(task, need),
    }));
    const lost = ({ place }: { place: Place }) => place === 'failed' || place === 'skipped';
    if (places.some((need) => !need.joined && lost(need))) return 'hopeless';
    const joined = places.filter((need) => need.joined);
    if (joined.length > 0 && joined.every(lost)) return 'hopeless';
    return places.every((need) => need.place === 'succeeded' || (need.joined && lost(need)))
      ? 'ready'
      : 'later';
  }

  #skipHopeless(): void {
    for (const task of this.#tasks) {
      if (this.#place(task) === 'waiting' && this.#prospect(task) === 'hopeless')
        this.#places.set(task.path, 'skipped');
    }
  }
}
