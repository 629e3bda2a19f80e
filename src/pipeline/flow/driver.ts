/** The driver of a run: starts the steps' processes in order, within the worker budget, and records how it went. */
import * as fs from 'node:fs';
import type { StepEvent } from '../../protocol/events.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { DriverState, Failure } from '../../protocol/step.ts';
import { UserError, messageOf } from '../../protocol/user-error.ts';
import { writeJson } from '../store/atomic-file.ts';
import { EventLog } from '../store/event-log.ts';
import { ownIdentity } from '../store/process-identity.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { watchForCancel } from './cancel-watch.ts';
import { ChildStep } from './child-step.ts';
import type { ExecutionOptions } from './execution-options.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { waitForOrphan } from './orphan.ts';
import { planRun, type Task } from './plan.ts';
import { adoptStep, damagedArtifacts, findFinished, isFinished } from './reuse.ts';
import { TaskBoard } from './task-board.ts';
import { threadsFor } from './worker-budget.ts';

export interface DriverOptions extends ExecutionOptions {
  /** The command that runs one step, without its arguments: `[node, cli.mjs]`. */
  readonly command: readonly string[];
  /** Every event of every step, and of the driver itself (`step` is `driver`). */
  readonly onEvent: (step: string, event: StepEvent) => void;
}

export type Outcome = 'succeeded' | 'failed' | 'cancelled';

interface Running {
  readonly child: ChildStep;
  readonly threads: number;
}

/** Takes the right to drive a run: one attempt file, made exclusively, so that of two that try one wins. */
function claimAttempt(run: RunFolder): number {
  const last = run.driverState();
  if (last !== undefined && run.alive(DRIVER, last))
    throw new UserError(
      `Run ${run.id} is already running (process ${last.process.pid}).`,
      `Watch it: recsys show ${run.id}, or cancel it: recsys cancel ${run.id}`,
    );
  fs.mkdirSync(run.stepFolder(DRIVER), { recursive: true });
  for (let attempt = (last?.attempt ?? 0) + 1; ; attempt++) {
    try {
      fs.closeSync(fs.openSync(`${run.stepFolder(DRIVER)}/attempt-${attempt}`, 'wx'));
      return attempt;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const age = Date.now() - fs.statSync(`${run.stepFolder(DRIVER)}/attempt-${attempt}`).mtimeMs;
      // A claim without a state is either a moment old, or of a process that was killed right after it.
      if (age < 5000)
        throw new UserError(
          `Run ${run.id} is being started by another process.`,
          'Try again in a few seconds.',
          { cause: error },
        );
    }
  }
}

export class Driver {
  readonly #flow: FlowDefinition;
  readonly #store: RunStore;
  readonly #run: RunFolder;
  readonly #options: DriverOptions;
  readonly #running = new Map<string, Running>();
  readonly #manifest: RunManifest;

  constructor(flow: FlowDefinition, store: RunStore, run: RunFolder, options: DriverOptions) {
    this.#flow = flow;
    this.#store = store;
    this.#run = run;
    this.#options = options;
    this.#manifest = run.manifest();
  }

  /**
   * Runs all unfinished tasks up to a step. Finished ones are kept after their artifacts' hashes were checked.
   * @throws UserError when the run is being driven by another process, or the store cannot be written
   */
  async drive(until: string): Promise<{ outcome: Outcome; failure?: Failure }> {
    const attempt = claimAttempt(this.#run);
    const started = new Date().toISOString();
    const state = (value: DriverState['state'], failure?: Failure): DriverState => ({
      format: 1,
      attempt,
      state: value,
      process: ownIdentity(),
      until,
      started,
      ...(value === 'running' ? {} : { finished: new Date().toISOString() }),
      ...(failure === undefined ? {} : { failure }),
    });
    const stateFile = this.#run.stateFile(DRIVER);
    await writeJson(stateFile, state('running'));
    const log = new EventLog(this.#run.eventsFile(DRIVER));
    const say = (event: StepEvent) => {
      log.append(event);
      this.#options.onEvent(DRIVER, event);
    };
    const cancel = watchForCancel(this.#run);
    say({ type: 'state', state: 'running' });
    try {
      const failure = await this.#runTasks(planRun(this.#flow, this.#manifest, until), cancel.signal, say);
      const outcome: Outcome = cancel.signal.aborted
        ? 'cancelled'
        : failure === undefined
          ? 'succeeded'
          : 'failed';
      await writeJson(stateFile, state(outcome, failure));
      say({ type: 'state', state: outcome, ...(failure === undefined ? {} : { message: failure.message }) });
      return { outcome, ...(failure === undefined ? {} : { failure }) };
    } catch (error) {
      const failure =
        error instanceof UserError
          ? { message: error.message, hint: error.hint }
          : { message: messageOf(error) };
      await writeJson(stateFile, state('failed', failure)).catch(() => undefined);
      throw error;
    } finally {
      cancel.dispose();
      log.close();
    }
  }

  async #runTasks(
    tasks: readonly Task[],
    signal: AbortSignal,
    say: (event: StepEvent) => void,
  ): Promise<Failure | undefined> {
    const board = new TaskBoard(tasks);
    for (const task of tasks) if (await this.#keepOrAdopt(task, say)) board.finish(task.path, 'succeeded');
    const stopAll = () => {
      for (const { child } of this.#running.values()) child.stop();
    };
    signal.addEventListener('abort', stopAll);
    try {
      for (;;) {
        if (!signal.aborted) await this.#startReady(board);
        if (this.#running.size === 0) break;
        await Promise.race([...this.#running.values()].map(({ child }) => child.exited.catch(() => null)));
      }
    } finally {
      signal.removeEventListener('abort', stopAll);
    }
    return signal.aborted ? undefined : board.failure((path) => this.#run.stepState(path)?.failure);
  }

  /** Keeps a finished task, or takes it over from another run where its step says that any run's result will do. */
  async #keepOrAdopt(task: Task, say: (event: StepEvent) => void): Promise<boolean> {
    if (isFinished(this.#run, task)) {
      const damaged = await damagedArtifacts(this.#run, task.path);
      if (damaged.length === 0) return true;
      throw new UserError(
        `Step '${task.path}' of run ${this.#run.id} is damaged: ${damaged.join(', ')} changed after it was written.`,
        `Start anew: recsys run ${this.#manifest.data.path}`,
      );
    }
    const other = task.step.shared ? await findFinished(this.#store, this.#run, task) : undefined;
    if (other === undefined) return false;
    await adoptStep(other, this.#run, task.path);
    this.#options.onEvent(task.path, { type: 'state', state: 'reused', message: `from run ${other.id}` });
    say({ type: 'log', level: 'info', message: `${task.path}: reused from run ${other.id}` });
    return true;
  }

  async #startReady(board: TaskBoard): Promise<void> {
    const { maxWorkers, threads: asked } = this.#options;
    for (const task of board.ready()) {
      const free = maxWorkers - [...this.#running.values()].reduce((sum, { threads }) => sum + threads, 0);
      if (free < 1) return;
      const threads = threadsFor(task, board.waitingParallel(task.step.name), free, maxWorkers, asked);
      if (threads > free && this.#running.size > 0) return;
      await waitForOrphan(this.#run, task.path);
      this.#start(task, threads, board);
    }
  }

  #start(task: Task, threads: number, board: TaskBoard): void {
    const share = Math.max(1, Math.ceil(this.#options.maxWorkers / threads));
    const memory = Math.floor(this.#options.memoryLimit / (task.branch === undefined ? 1 : share));
    const child = new ChildStep(this.#run, task.path, {
      command: [
        ...this.#options.command,
        ...[
          'step',
          this.#run.id,
          task.path,
          '--store',
          this.#store.folder,
          '--threads',
          String(threads),
          '--memory-limit',
          String(memory),
        ],
      ],
      onEvent: (event) => this.#options.onEvent(task.path, event),
    });
    this.#running.set(task.path, { child, threads });
    board.start(task.path);
    const over = (result: 'succeeded' | 'failed') => {
      this.#running.delete(task.path);
      board.finish(task.path, result);
    };
    child.exited.then(
      (code) => over(code === 0 ? 'succeeded' : 'failed'),
      () => over('failed'),
    );
  }
}
