/** The inside of one step's process: `recsys step <run> <step>[/<branch>]`. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseStepPath } from '../../protocol/paths.ts';
import type { StepEvent } from '../../protocol/events.ts';
import type { Artifact, StepState } from '../../protocol/step.ts';
import { EXIT, UserError, messageOf } from '../../protocol/user-error.ts';
import { writeAtomically, writeJson } from '../store/atomic-file.ts';
import { EventLog } from '../store/event-log.ts';
import { hashFile } from '../store/file-hash.ts';
import { ownIdentity } from '../store/process-identity.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { watchForCancel } from './cancel-watch.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { findBranches, locateArtifact } from './inputs.ts';
import { planRun, type Task } from './plan.ts';
import type { StepContext } from './step-context.ts';
import { StepReporter } from './step-reporter.ts';

export interface StepOptions {
  readonly threads: number;
  readonly memoryLimit: number;
  /** Gets every event as it is written. */
  readonly onEvent?: (event: StepEvent) => void;
}

/** Everything a failed or killed attempt left, but not the events. */
function clearAttempt(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (name === 'events.ndjson' || name === 'output.log' || name === 'state.json') continue;
    fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function describeFailure(error: unknown): NonNullable<StepState['failure']> {
  const full =
    (error as NodeJS.ErrnoException).code === 'ENOSPC' || /no space left on device/i.test(messageOf(error));
  if (full)
    return {
      message: 'The disk is full.',
      hint: 'Free some space, then resume the run; finished steps are kept.',
    };
  if (error instanceof UserError) return { message: error.message, hint: error.hint };
  return {
    message: messageOf(error),
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  };
}

/** One attempt at one task: owns the step's state and events files. */
class Attempt {
  readonly artifacts: Artifact[] = [];
  readonly metrics: Record<string, number> = {};
  readonly reporter: StepReporter;
  readonly #run: RunFolder;
  readonly #task: Task;
  readonly #log: EventLog;
  readonly #number: number;
  readonly #started = new Date();
  readonly #emit: (event: StepEvent) => void;

  constructor(run: RunFolder, task: Task, onEvent?: (event: StepEvent) => void) {
    this.#run = run;
    this.#task = task;
    fs.mkdirSync(this.folder, { recursive: true });
    clearAttempt(this.folder);
    this.#number = (run.stepState(task.path)?.attempt ?? 0) + 1;
    this.#log = new EventLog(run.eventsFile(task.path));
    this.#emit = (event) => {
      this.#log.append(event);
      onEvent?.(event);
    };
    this.reporter = new StepReporter(this.#emit);
  }

  get folder(): string {
    return this.#run.stepFolder(this.#task.path);
  }
  get scratch(): string {
    return path.join(this.folder, 'scratch');
  }

  async write(name: string, file: string, write: (path: string) => Promise<void> | void): Promise<void> {
    const target = path.join(this.folder, file);
    await writeAtomically(target, write);
    this.artifacts.push({ name, file, bytes: fs.statSync(target).size, sha256: await hashFile(target) });
  }

  async record(state: StepState['state'], failure?: StepState['failure']): Promise<void> {
    const value: StepState = {
      format: 1,
      run: this.#run.id,
      path: this.#task.path,
      key: this.#task.key,
      attempt: this.#number,
      state,
      process: ownIdentity(),
      started: this.#started.toISOString(),
      ...(state === 'running' ? {} : { finished: new Date().toISOString() }),
      ...(failure === undefined ? {} : { failure }),
      warnings: [...this.reporter.warnings],
      metrics: { ...this.metrics },
      artifacts: state === 'succeeded' ? this.artifacts : [],
    };
    await writeJson(this.#run.stateFile(this.#task.path), value);
    this.#emit({ type: 'state', state, ...(failure === undefined ? {} : { message: failure.message }) });
  }

  close(): void {
    fs.rmSync(this.scratch, { recursive: true, force: true });
    this.#log.close();
  }
}

function contextOf(
  run: RunFolder,
  task: Task,
  attempt: Attempt,
  signal: AbortSignal,
  options: StepOptions,
): StepContext {
  const manifest = run.manifest();
  fs.mkdirSync(attempt.scratch, { recursive: true });
  return {
    manifest,
    ...(task.branch === undefined ? {} : { branch: task.branch }),
    threads: manifest.parameters['deterministic'] === true ? 1 : options.threads,
    memoryLimit: options.memoryLimit,
    seed: Number(manifest.parameters['seed'] ?? 0),
    deterministic: manifest.parameters['deterministic'] === true,
    signal,
    reporter: attempt.reporter,
    scratch: attempt.scratch,
    locate: (step, artifact) => locateArtifact(run, step, task.branch?.name, artifact),
    branches: (step) => findBranches(run, step),
    write: (name, file, write) => attempt.write(name, file, write),
    metric: (name, value) => {
      attempt.metrics[name] = value;
    },
  };
}

/**
 * Runs one step or branch of a run in this process.
 * @returns the exit code of the process
 */
export async function runStepProcess(
  flow: FlowDefinition,
  run: RunFolder,
  stepPath: string,
  options: StepOptions,
): Promise<number> {
  const task = planRun(flow, run.manifest(), parseStepPath(stepPath).step).find(
    (candidate) => candidate.path === stepPath,
  );
  if (task === undefined)
    throw new UserError(`Run ${run.id} has no step '${stepPath}'.`, `See its steps: recsys show ${run.id}`, {
      exitCode: EXIT.notFound,
    });
  if (run.stepState(stepPath)?.state === 'succeeded')
    throw new UserError(
      `Step '${stepPath}' of run ${run.id} is finished, and finished steps are never changed.`,
      `Start again from it in a new run: recsys run --from ${stepPath}`,
    );
  const attempt = new Attempt(run, task, options.onEvent);
  const cancel = watchForCancel(run);
  try {
    await attempt.record('running');
    await task.step.run(contextOf(run, task, attempt, cancel.signal, options));
    cancel.signal.throwIfAborted();
    await attempt.record('succeeded');
    return EXIT.ok;
  } catch (error) {
    const cancelled = cancel.signal.aborted;
    const failure = describeFailure(error);
    await attempt
      .record(cancelled ? 'cancelled' : 'failed', cancelled ? undefined : failure)
      .catch(() => undefined);
    return cancelled ? EXIT.cancelled : EXIT.failed;
  } finally {
    cancel.dispose();
    attempt.close();
  }
}
