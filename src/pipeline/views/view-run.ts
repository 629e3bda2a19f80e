/** Computes what people see of a run from its files. */
import * as path from 'node:path';
import type { ProgressEvent } from '../../protocol/events.ts';
import { parseStepPath } from '../../protocol/paths.ts';
import type { EvaluationReport } from '../../protocol/report.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { RunView, StepView, StoreView } from '../../protocol/run-view.ts';
import type { DriverState, ShownState, StepState } from '../../protocol/step.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { flowOf } from '../stages/flows.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { laterStep, planRun, type Task } from '../flow/plan.ts';
import { ofLastAttempt, tailEvents } from '../store/event-log.ts';
import { secondsTaken } from '../store/seconds-taken.ts';
import { Damage, failureOf } from './damage.ts';
import { readProfile, readReport } from './reports.ts';
import { progressOfRun } from './run-progress.ts';
import { shownState } from './shown-state.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';

function secondsOf(state: StepState | DriverState, running: boolean): number | undefined {
  const now = running ? Math.max(0, Date.now() - Date.parse(state.started)) / 1000 : undefined;
  return secondsTaken(state) ?? now;
}

function lastProgress(run: RunFolder, step: string, started: string): ProgressEvent | undefined {
  const events = ofLastAttempt(tailEvents(run.eventsFile(step)), started);
  const event = events.findLast(({ type }) => type === 'progress');
  return event?.type === 'progress' ? event : undefined;
}

function viewStep(run: RunFolder, task: Task): StepView {
  const { step, branch } = parseStepPath(task.path);
  const named = {
    path: task.path,
    step,
    ...(branch === undefined ? {} : { branch }),
    title: branch ?? task.step.title,
  };
  const nothing = { attempt: 0, warnings: [], metrics: {}, artifacts: [] };
  let state: StepState | undefined;
  try {
    state = run.stepState(task.path);
  } catch (error) {
    return { ...named, ...nothing, state: 'damaged', failure: failureOf(error) };
  }
  const now = shownState(run, task.path, state);
  const base = { ...named, state: now };
  if (state === undefined) return { ...base, ...nothing };
  const seconds = secondsOf(state, now === 'running');
  const progress = now === 'running' ? lastProgress(run, task.path, state.started) : undefined;
  return {
    ...base,
    ...(state.run === run.id ? {} : { from: state.run }),
    attempt: state.attempt,
    started: state.started,
    ...(seconds === undefined ? {} : { seconds }),
    ...(state.failure === undefined ? {} : { failure: state.failure }),
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    warnings: state.warnings,
    metrics: state.metrics,
    artifacts: state.artifacts,
    ...(progress === undefined ? {} : { progress }),
  };
}

function bestOf(report: EvaluationReport | undefined): Pick<RunView, 'best' | 'bestEmbedding' | 'headline' | 'verdict'> {
  if (report === undefined) return {};
  const { best, bestEmbedding, metric, none = false } = report.selection;
  const value = report.metrics.test[best]?.metrics[metric]?.value;
  const verdict = report.verdicts[0]?.sentence;
  return {
    ...(none ? {} : { best }),
    ...(bestEmbedding === undefined ? {} : { bestEmbedding }),
    ...(value === undefined || none ? {} : { headline: { metric, value } }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

/** The first of the flow's later commands that is still to do, when all before it is done. */
function nextOf(flow: FlowDefinition, run: RunFolder, manifest: RunManifest): Pick<RunView, 'next'> {
  const tasks = planRun(flow, manifest, flow.steps.at(-1)?.name ?? '');
  const reached = (step: string): boolean =>
    tasks.some((task) => task.step.name === step && isDone(run, task));
  const [first, ...later] = flow.commands;
  let before = first;
  for (const command of later) {
    if (before !== undefined && !reached(before.until)) return {};
    if (!reached(command.until)) return { next: command.name };
    before = command;
  }
  return {};
}

/** A step whose state cannot be read is not done. */
function isDone(run: RunFolder, task: Task): boolean {
  try {
    return run.stepState(task.path)?.state === 'succeeded';
  } catch {
    return false;
  }
}

/** The best of all that is measured, of equals the one of the later rung; a trial's first figure is the one that decides. */
function leadingOf(flow: FlowDefinition, steps: readonly StepView[]): Pick<RunView, 'leading'> {
  const rungs = flow.shows.tuning?.steps.toReversed() ?? [];
  const results = rungs.flatMap((rung) =>
    steps.flatMap(({ step, state, path, metrics }) => {
      const [first] = Object.entries(metrics);
      return step !== rung || state !== 'succeeded' || first === undefined
        ? []
        : [{ path, metric: first[0], value: first[1] }];
    }),
  );
  const [leading] = results.sort((a, b) => b.value - a.value);
  return leading === undefined ? {} : { leading };
}

/** The last step this run was asked to reach, by its manifest or a later command. */
export function untilOf(
  flow: FlowDefinition,
  manifest: RunManifest,
  driver: DriverState | undefined,
): string {
  return laterStep(flow, manifest.until, driver?.until);
}

function stateOf(run: RunFolder, driver: DriverState | undefined, damage: Damage): ShownState {
  if (run.isDriven()) return 'running';
  return damage.found.length === 0 ? shownState(run, DRIVER, driver) : 'damaged';
}

/**
 * Where other files than `run.json` cannot be read, the rest is shown, and the run is damaged, with the reasons.
 * @throws UserError when there is no readable `run.json`, which says what the run is
 */
export function viewRun(run: RunFolder): RunView {
  const manifest = run.manifest();
  const damage = new Damage();
  const driver = damage.except(() => run.driverState());
  const flow = flowOf(manifest.flow);
  const tasks = planRun(flow, manifest, untilOf(flow, manifest, driver));
  const steps = tasks.map((task) => viewStep(run, task));
  for (const { state, failure } of steps)
    if (state === 'damaged' && failure !== undefined) damage.note(failure);
  const labels = damage.except(() => run.labels()) ?? { tags: [], starred: false };
  const report = damage.except(() => readReport(run));
  damage.except(() => readProfile(run));
  const state = stateOf(run, driver, damage);
  const failure = driver?.failure ?? damage.found[0];
  const seconds = driver === undefined ? undefined : secondsOf(driver, state === 'running');
  return {
    id: run.id,
    folder: run.folder,
    manifest,
    labels,
    state,
    started: driver?.started ?? manifest.created,
    ...(seconds === undefined ? {} : { seconds }),
    ...(failure === undefined ? {} : { failure }),
    damage: damage.found,
    steps,
    ...nextOf(flow, run, manifest),
    ...(flow.shows.tuning === undefined ? {} : { tunes: flow.shows.tuning.plan(manifest).kind }),
    ...leadingOf(flow, steps),
    ...(state === 'running' ? progressOfRun(tasks, steps, driver) : {}),
    bytes: sizeOf(steps),
    ...bestOf(report),
  };
}

function sizeOf(steps: readonly StepView[]): number {
  return steps.flatMap((step) => step.artifacts).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Bytes of all artifacts, those that several runs share counted once. */
function sharedSize(runs: readonly RunView[]): number {
  const sizes = new Map<string, number>();
  for (const run of runs) {
    for (const step of run.steps) {
      for (const { file, bytes } of step.artifacts)
        sizes.set(`${step.from ?? run.id}/${step.path}/${file}`, bytes);
    }
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** All runs of a store, newest first; those that cannot be read are listed apart, with the reason. */
export function viewStore(store: RunStore): StoreView {
  const ids = store.runIds();
  const runs: RunView[] = [];
  const broken: StoreView['broken'] = [];
  for (const id of ids) {
    try {
      runs.push(viewRun(store.run(id)));
    } catch (error) {
      broken.push({ id, folder: path.join(store.runsFolder, id), message: messageOf(error) });
    }
  }
  return { folder: store.folder, exists: ids.length > 0, runs, broken, bytes: sharedSize(runs) };
}
