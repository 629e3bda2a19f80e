/** The driver of a run: has its tasks done in order, within the worker budget, and records how it went. */
import * as os from 'node:os';
import type { StepEvent } from '../../protocol/events.ts';
import type { KeptOutcome } from '../../protocol/run-outcome.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { Failure } from '../../protocol/step.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { DamagedFileError } from '../store/damaged-file.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { storeError } from '../store/store-error.ts';
import { watchForCancel, type CancelWatch } from './cancel-watch.ts';
import { claimRun } from './claim-run.ts';
import { describeFailure } from './describe-failure.ts';
import { DriverRecord } from './driver-record.ts';
import { secondsInUse } from './elapsed.ts';
import type { ExecutionOptions } from './execution-options.ts';
import type { Executor, StartedTask, TaskEnd, TaskOrder } from './executor.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { locateArtifact } from './inputs.ts';
import { memoryFor, MIB, PROCESS_MIB, stepsMemory } from './memory-budget.ts';
import { isOnDemand, laterStep, needsOf, planAsked, planRun, type Task } from './plan.ts';
import { redoneFrom } from './redo.ts';
import { adoptShared, isFinished, isSkipped, requireIntact } from './reuse.ts';
import { TaskBoard } from './task-board.ts';
import { atOnce, fitsAside, takesAll, threadsFor } from './worker-budget.ts';

export interface DriverOptions extends ExecutionOptions {
  /** Does the tasks; whoever made it disposes of it, after the drive. */
  readonly executor: Executor;
  /** Every event of every step, and of the driver itself (`step` is `driver`). */
  readonly onEvent: (step: string, event: StepEvent) => void;
  /** What lists are to show of the run when it has ended, kept in the driver's state; absent: they read its steps. */
  readonly outcomeOf?: (run: RunFolder) => KeptOutcome | undefined;
}

export type Outcome = 'succeeded' | 'failed' | 'cancelled';

export interface DriveResult {
  readonly outcome: Outcome;
  readonly failure?: Failure;
}

/** What a task may use. */
interface Grant {
  readonly threads: number;
  /** MiB. */
  readonly memory: number;
  readonly aside: boolean;
}

interface Running extends Grant {
  readonly task: StartedTask;
  readonly weight: number;
}

export class Driver {
  readonly #flow: FlowDefinition;
  readonly #store: RunStore;
  readonly #run: RunFolder;
  readonly #options: DriverOptions;
  readonly #running = new Map<string, Running>();
  /** Why tasks failed in this attempt. */
  readonly #failures = new Map<string, Failure>();
  readonly #manifest: RunManifest;
  #tasks: readonly Task[] = [];

  constructor(flow: FlowDefinition, store: RunStore, run: RunFolder, options: DriverOptions) {
    this.#flow = flow;
    this.#store = store;
    this.#run = run;
    this.#options = options;
    this.#manifest = run.manifest();
  }

  /**
   * Runs all unfinished tasks up to a step. Finished ones are kept after their artifacts' hashes were checked.
   * @param asked tasks that run only when they are asked for, by their paths: these are done then, and no others
   * @throws UserError when the run is being driven by another process, or the store cannot be written
   */
  async drive(until: string, asked?: readonly string[]): Promise<DriveResult> {
    let record: DriverRecord;
    try {
      const claim = await claimRun(this.#run);
      const last = laterStep(this.#flow, until, claim.last?.until);
      record = await DriverRecord.begin(this.#run, claim, { until: last, asked }, (event) =>
        this.#options.onEvent(DRIVER, event),
      );
    } catch (error) {
      throw storeError(this.#store.folder, error);
    }
    const cancel = watchForCancel(this.#run);
    try {
      const result = await this.#runTasks(this.#planOf(until, asked), cancel, record);
      await record.state(result.outcome, result.failure, this.#keptOutcome());
      return result;
    } catch (error) {
      await record.state('failed', describeFailure(error)).catch(() => undefined);
      throw storeError(this.#store.folder, error);
    } finally {
      cancel.dispose();
      record.close();
    }
  }

  #planOf(until: string, asked: readonly string[] | undefined): Task[] {
    return asked === undefined
      ? planRun(this.#flow, this.#manifest, until)
      : planAsked(this.#flow, this.#manifest, asked);
  }

  /** What saves lists time is no reason to fail. */
  #keptOutcome(): KeptOutcome | undefined {
    try {
      return this.#options.outcomeOf?.(this.#run);
    } catch {
      return undefined;
    }
  }

  async #runTasks(tasks: readonly Task[], cancel: CancelWatch, record: DriverRecord): Promise<DriveResult> {
    const board = new TaskBoard(tasks, this.#flow);
    this.#tasks = tasks;
    for (const task of tasks) {
      if (isSkipped(this.#run, task)) board.finish(task.path, 'skipped');
      else if (await this.#keepOrAdopt(task, record)) board.finish(task.path, 'succeeded');
    }
    const stopAll = (): void => {
      for (const { task } of this.#running.values()) task.stop();
    };
    cancel.signal.addEventListener('abort', stopAll);
    try {
      for (;;) {
        // A step that saw the cancel file before this process did has just stopped.
        cancel.look();
        await this.#startReady(board, cancel.signal);
        if (this.#running.size === 0) break;
        await this.#oneEnded();
      }
    } catch (error) {
      stopAll();
      while (this.#running.size > 0) await this.#oneEnded();
      throw error;
    } finally {
      cancel.signal.removeEventListener('abort', stopAll);
    }
    const failure = board.failure((path) => this.#failures.get(path));
    if (failure === undefined) return { outcome: 'succeeded' };
    return cancel.signal.aborted ? { outcome: 'cancelled' } : { outcome: 'failed', failure };
  }

  async #oneEnded(): Promise<void> {
    await Promise.race([...this.#running.values()].map(({ task }) => task.ended));
  }

  /** Keeps a finished task, or takes it over from another run where its step says that any run's result will do. */
  async #keepOrAdopt(task: Task, record: DriverRecord): Promise<boolean> {
    this.#warnOfDamage(task, record);
    if (this.#run.usableStepState(task.path)?.state === 'succeeded') {
      try {
        await requireIntact(this.#flow, this.#run, task);
        return true;
      } catch (error) {
        // No finished step needs what was asked for, so it is done anew in its place.
        if (!isOnDemand(this.#flow, task)) throw error;
        const message = `${task.path} is done anew: ${messageOf(error)}`;
        record.say({ type: 'log', level: 'warning', message });
        return false;
      }
    }
    const anew = redoneFrom(this.#flow, this.#manifest.origin?.from);
    if (!task.step.shared || anew(task)) return false;
    await this.#options.executor.settle(this.#run, task.path);
    const other = await adoptShared(this.#store, this.#run, task);
    if (other === undefined) return false;
    this.#options.onEvent(task.path, { type: 'state', state: 'reused', message: `from run ${other.id}` });
    record.say({ type: 'log', level: 'info', message: `${task.path}: reused from run ${other.id}` });
    return true;
  }

  /** A task whose state is damaged is done anew; one whose state cannot be read may be whole, and ends the drive. */
  #warnOfDamage(task: Task, record: DriverRecord): void {
    try {
      this.#run.stepState(task.path);
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      const message = `${task.path} is done anew: ${error.message}`;
      record.say({ type: 'log', level: 'warning', message });
    }
  }

  /** Starts what may start now, and tells the executor what comes next. */
  async #startReady(board: TaskBoard, signal: AbortSignal): Promise<void> {
    await this.#startWhatFits(board, signal);
    const next = board.next();
    if (next !== undefined && this.#running.size > 0 && !signal.aborted)
      this.#options.executor.expect?.(next.step.name);
  }

  /** Starts what fits into the worker budget; nothing once the run is cancelled. */
  async #startWhatFits(board: TaskBoard, signal: AbortSignal): Promise<void> {
    for (const task of board.ready()) {
      const grant = await this.#grantFor(task, board);
      if (grant === 'wait') return;
      if (grant === undefined) continue;
      await this.#options.executor.settle(this.#run, task.path);
      if (signal.aborted) return;
      // The orphan may have come to its end.
      if (isFinished(this.#run, task)) board.finish(task.path, 'succeeded');
      else this.#start(task, grant, board);
    }
  }

  /** What a task that is ready may use now; undefined: others may still start, 'wait': none. */
  async #grantFor(task: Task, board: TaskBoard): Promise<Grant | 'wait' | undefined> {
    const { maxWorkers, threads: asked } = this.#options;
    const running = [...this.#running.values()];
    const free = maxWorkers - running.reduce((sum, { threads }) => sum + threads, 0);
    const crowd = { running, maxWorkers, processors: os.availableParallelism() };
    const demand = board.demand(task);
    if (asked === 0 && takesAll(task, demand, crowd)) return this.#grant(task, maxWorkers, false);
    if (free < 1) return fitsAside(task, crowd) ? this.#grant(task, 1, true) : undefined;
    const threads = threadsFor(task, demand, free, maxWorkers, asked);
    return threads > free && running.length > 0 ? 'wait' : this.#grant(task, threads, false);
  }

  async #grant(task: Task, threads: number, aside: boolean): Promise<Grant | 'wait'> {
    const memory = await this.#memoryFor(task, threads);
    return memory === undefined ? 'wait' : { threads, memory, aside };
  }

  /** MiB for a task of so many threads; undefined while those that run leave too little. */
  async #memoryFor(task: Task, threads: number): Promise<number | undefined> {
    const { memoryLimit, maxWorkers } = this.#options;
    const all = stepsMemory(memoryLimit);
    const branches = this.#tasks.filter(({ step }) => step === task.step).length;
    const together = atOnce(branches, threads, maxWorkers, os.availableParallelism());
    const given = [...this.#running.values()].reduce((sum, { memory }) => sum + memory, 0);
    const need = PROCESS_MIB + Math.ceil((await this.#bytesOf(task, threads)) / MIB);
    return memoryFor(need, Math.floor(all / together), all - given, this.#running.size === 0);
  }

  async #bytesOf(task: Task, threads: number): Promise<number> {
    const locate = (step: string, artifact: string): string | undefined =>
      locateArtifact(this.#run, step, task.branch?.name, artifact);
    const { branch } = task;
    const asked = { manifest: this.#manifest, threads, locate, ...(branch === undefined ? {} : { branch }) };
    return (await task.step.memory?.(asked)) ?? 0;
  }

  #start(task: Task, grant: Grant, board: TaskBoard): void {
    const started = this.#startSafely(this.#orderOf(task, grant), (event) => {
      if (event.type === 'state' && event.state === 'failed')
        this.#failures.set(task.path, this.#failureOf(task, event));
      this.#options.onEvent(task.path, event);
    });
    this.#running.set(task.path, { ...grant, task: started, weight: task.step.weight(task.branch) });
    board.start(task.path);
    void started.ended.then((end) => {
      this.#running.delete(task.path);
      board.finish(task.path, this.#resultOf(task, end));
    });
  }

  /** A task that cannot be started has failed, and takes no other down. */
  #startSafely(order: TaskOrder, onEvent: (event: StepEvent) => void): StartedTask {
    try {
      return this.#options.executor.start(order, onEvent);
    } catch (error) {
      return { ended: Promise.resolve({ failure: describeFailure(error) }), stop: () => undefined };
    }
  }

  #orderOf(task: Task, grant: Grant): TaskOrder {
    const { files, others = {} } = this.#manifest.data;
    const isOver = ({ path }: Task): boolean => this.#run.usableStepState(path) !== undefined;
    return {
      ...grant,
      ...this.#secondsUsed(task),
      run: this.#run,
      path: task.path,
      inputs: needsOf(task, this.#tasks)
        .filter(isOver)
        .map(({ path }) => path),
      data: task.step.needs.length > 0 ? [] : [...files, ...Object.values(others)].map(({ path }) => path),
    };
  }

  /** Counted here: where a task is done elsewhere, its siblings are not to be seen. */
  #secondsUsed({ step: { clocked } }: Task): Pick<TaskOrder, 'secondsUsed'> {
    const steps = clocked?.(this.#manifest) ?? [];
    if (steps.length === 0) return {};
    const paths = this.#tasks.flatMap(({ step, path }) => (steps.includes(step.name) ? [path] : []));
    return { secondsUsed: secondsInUse(this.#run, paths) };
  }

  /** How a task came out that is over: by its end, and by what it recorded. */
  #resultOf(task: Task, { failure }: TaskEnd): 'succeeded' | 'failed' | 'skipped' {
    if (failure !== undefined) {
      if (!this.#failures.has(task.path)) this.#failures.set(task.path, failure);
      return 'failed';
    }
    try {
      const state = this.#run.stepState(task.path);
      if (state?.state === 'succeeded' || state?.state === 'skipped') return state.state;
      this.#failures.set(task.path, state?.failure ?? { message: 'it ended and left no result' });
      return 'failed';
    } catch (error) {
      // The disk, or someone, has damaged what it wrote a moment ago.
      const damage = describeFailure(error);
      this.#failures.set(task.path, damage);
      this.#options.onEvent(task.path, { type: 'state', state: 'failed', message: damage.message });
      return 'failed';
    }
  }

  /** The failure a step told of, with the hint it recorded where it could. */
  #failureOf(task: Task, { message = 'failed' }: { readonly message?: string | undefined }): Failure {
    try {
      const recorded = this.#run.stepState(task.path)?.failure;
      return recorded?.message === message ? recorded : { message };
    } catch {
      return { message };
    }
  }
}
