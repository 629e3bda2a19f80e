/** The inside of one step's process: `recsys step <run> <step>[/<branch>]`. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseStepPath } from '../../protocol/paths.ts';
import type { StepEvent } from '../../protocol/events.ts';
import type { Artifact, Failure, StepState } from '../../protocol/step.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { recsysCommand } from '../own-shell.ts';
import { writeAtomically, writeJson } from '../store/atomic-file.ts';
import { EventLog } from '../store/event-log.ts';
import { hashFile } from '../store/file-hash.ts';
import { makeFolder } from '../store/make-folder.ts';
import { ownIdentity } from '../store/process-identity.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { watchForStop, type CancelWatch } from './cancel-watch.ts';
import { requireSameData } from './check-data.ts';
import { endedSince } from './ended-since.ts';
import { describeFailure } from './describe-failure.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { findBranches, locateArtifact, locateStepFolder } from './inputs.ts';
import { isJoined, needsOf, planRun, stepOf, type Task } from './plan.ts';
import { manifestHere } from './manifest-here.ts';
import { isFinished } from './reuse.ts';
import { Skipped } from './skipped.ts';
import type { StepContext } from './step-context.ts';
import { StepReporter } from './step-reporter.ts';

export interface StepOptions {
  readonly threads: number;
  readonly memoryLimit: number;
  /** Folder under which the data lie with the paths they had where the run was begun; absent: they lie there. */
  readonly dataRoot?: string | undefined;
  /** See `StepContext`. */
  readonly secondsUsed?: number | undefined;
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
  readonly #began = performance.now();
  readonly #emit: (event: StepEvent) => void;

  constructor(run: RunFolder, task: Task, onEvent?: (event: StepEvent) => void) {
    this.#run = run;
    this.#task = task;
    makeFolder(this.folder);
    clearAttempt(this.folder);
    this.#number = (run.usableStepState(task.path)?.attempt ?? 0) + 1;
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

  async write(name: string, file: string, write: (path: string) => Promise<void> | void): Promise<Artifact> {
    const target = path.join(this.folder, file);
    makeFolder(path.dirname(target));
    await writeAtomically(target, write);
    const { size, nlink } = fs.statSync(target);
    const artifact = {
      ...{ name, file, bytes: size, sha256: await hashFile(target) },
      ...(nlink > 1 ? { linked: true } : {}),
    };
    this.artifacts.push(artifact);
    return artifact;
  }

  async record(
    state: StepState['state'],
    { failure, reason }: { failure?: Failure; reason?: string } = {},
  ): Promise<void> {
    const value: StepState = {
      format: 1,
      run: this.#run.id,
      path: this.#task.path,
      key: this.#task.key,
      attempt: this.#number,
      state,
      process: ownIdentity(),
      started: this.#started.toISOString(),
      ...(state === 'running' ? {} : endedSince(this.#began)),
      ...(failure === undefined ? {} : { failure }),
      ...(reason === undefined ? {} : { reason }),
      warnings: [...this.reporter.warnings],
      metrics: { ...this.metrics },
      // Some are written at once, in no certain order.
      artifacts: state === 'succeeded' ? this.artifacts.toSorted((a, b) => (a.file < b.file ? -1 : 1)) : [],
    };
    try {
      await writeJson(this.#run.stateFile(this.#task.path), value);
    } catch (error) {
      // On a full disk the driver still has to hear why.
      if (state === 'failed') this.#tell(state, failure?.message);
      throw error;
    }
    this.#tell(state, failure?.message ?? reason);
  }

  #tell(state: StepState['state'], message: string | undefined): void {
    this.#emit({ type: 'state', state, ...(message === undefined ? {} : { message }) });
  }

  /** What was written before it was skipped is of no use. */
  clear(): void {
    clearAttempt(this.folder);
  }

  close(): void {
    fs.rmSync(this.scratch, { recursive: true, force: true });
    this.#log.close();
  }
}

/** The branches of a foreach step, in their order. */
function branchNames(flow: FlowDefinition, run: RunFolder, step: string): string[] {
  return (
    stepOf(flow, step)
      .foreach?.(run.manifest())
      .map(({ name }) => name) ?? []
  );
}

function contextOf(
  flow: FlowDefinition,
  run: RunFolder,
  task: Task,
  attempt: Attempt,
  signal: AbortSignal,
  options: StepOptions,
): StepContext {
  const manifest = manifestHere(run.manifest(), options.dataRoot);
  makeFolder(attempt.scratch);
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
    folder: attempt.folder,
    locate: (step, artifact) => locateArtifact(run, step, task.branch?.name, artifact),
    locateFolder: (step) => locateStepFolder(run, step, task.branch?.name),
    branches: (step) => findBranches(run, step, branchNames(flow, run, step)),
    secondsUsed: options.secondsUsed ?? 0,
    write: (name, file, write) => attempt.write(name, file, write),
    metric: (name, value) => {
      attempt.metrics[name] = value;
    },
  };
}

/** How long a step may take to stop by itself. */
const STOP_GRACE_MS = 900;

/** Rejects some time after a stop was asked for, so that a step that does not listen cannot hold its process. */
function abandoned(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(new Error('cancelled')), STOP_GRACE_MS), {
      once: true,
    });
  });
}

/** @throws UserError when the run has no such step, or it cannot or must not run now */
function requireTask(flow: FlowDefinition, run: RunFolder, stepPath: string): Task {
  const tasks = planRun(flow, run.manifest(), parseStepPath(stepPath).step);
  const task = tasks.find((candidate) => candidate.path === stepPath);
  if (task === undefined)
    throw new UserError(`Run ${run.id} has no step '${stepPath}'.`, `See its steps: recsys show ${run.id}`, {
      exitCode: EXIT.notFound,
    });
  const state = run.usableStepState(stepPath);
  if (state?.state === 'succeeded')
    throw new UserError(
      `Step '${stepPath}' of run ${run.id} is finished, and finished steps are never changed.`,
      `Start again from it in a new run: ${recsysCommand('run', run.manifest().data.path, '--from', stepPath)}`,
    );
  if (state !== undefined && run.alive(stepPath, state))
    throw new UserError(
      `Step '${stepPath}' of run ${run.id} is running already (process ${state.process.pid}).`,
      `Wait for it, or cancel the run: recsys cancel ${run.id}`,
    );
  // A join may do without the branches that failed; the driver sees to that.
  const missing = needsOf(task, tasks).find((need) => !isJoined(task, need) && !isFinished(run, need));
  if (missing !== undefined)
    throw new UserError(
      `Step '${stepPath}' of run ${run.id} needs '${missing.path}', which is not finished.`,
      `Go on with the run: recsys resume ${run.id}`,
    );
  return task;
}

async function perform(task: Task, attempt: Attempt, context: StepContext): Promise<void> {
  const readsData = task.step.needs.length === 0;
  if (readsData) await requireSameData(context.manifest);
  await Promise.race([task.step.run(context), abandoned(context.signal)]);
  context.signal.throwIfAborted();
  if (readsData) await requireSameData(context.manifest);
  await attempt.record('succeeded');
}

async function recordSkip(attempt: Attempt, { message }: Skipped): Promise<number> {
  attempt.clear();
  await attempt.record('skipped', { reason: message });
  return EXIT.ok;
}

async function runAttempt(
  flow: FlowDefinition,
  run: RunFolder,
  task: Task,
  { signal }: CancelWatch,
  options: StepOptions,
): Promise<number> {
  const attempt = new Attempt(run, task, options.onEvent);
  try {
    await attempt.record('running');
    await perform(task, attempt, contextOf(flow, run, task, attempt, signal, options));
    return EXIT.ok;
  } catch (error) {
    if (signal.aborted) await attempt.record('cancelled').catch(() => undefined);
    else if (error instanceof Skipped) return await recordSkip(attempt, error);
    else await attempt.record('failed', { failure: describeFailure(error) }).catch(() => undefined);
    return signal.aborted ? EXIT.cancelled : EXIT.failed;
  } finally {
    attempt.close();
  }
}

/**
 * Runs one step or branch of a run in this process.
 * @returns the exit code of the process
 * @throws UserError when the run has no such step, or it cannot or must not run now
 */
export async function runStepProcess(
  flow: FlowDefinition,
  run: RunFolder,
  stepPath: string,
  options: StepOptions,
): Promise<number> {
  const cancel = watchForStop(run);
  try {
    // A message sent before this process listened is delivered now.
    await new Promise((resolve) => setImmediate(resolve));
    const task = requireTask(flow, run, stepPath);
    return cancel.signal.aborted ? EXIT.cancelled : await runAttempt(flow, run, task, cancel, options);
  } finally {
    cancel.dispose();
  }
}
