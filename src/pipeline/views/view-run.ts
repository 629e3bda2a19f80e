/** Computes what people see of a run from its files. */
import type { ProgressEvent } from '../../protocol/events.ts';
import { parseStepPath } from '../../protocol/paths.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { Headline } from '../../protocol/run-outcome.ts';
import type { RunView, StepView } from '../../protocol/run-view.ts';
import type { DriverState, ShownState, StepState } from '../../protocol/step.ts';
import { flowOf } from '../flows/registry.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { laterStep, planRun, type Task } from '../flow/plan.ts';
import { askedTasks } from './asked-tasks.ts';
import { ofLastAttempt, tailEvents } from '../store/event-log.ts';
import { secondsTaken } from '../store/seconds-taken.ts';
import { Damage, failureOf } from '../store/damage.ts';
import { headlineOf } from './headline.ts';
import { readProfile } from './reports.ts';
import { progressOfRun } from './run-progress.ts';
import { shownState } from '../store/shown-state.ts';
import { mapBytes, withMaps } from '../store/map-bytes.ts';
import { ownBytes } from '../store/own-bytes.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';

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

/**
 * The first of the flow's later commands that is still to do, when all before it is done.
 * @param tasks all of the flow
 * @param steps those of the tasks that are shown
 */
function nextOf(
  flow: FlowDefinition,
  run: RunFolder,
  tasks: readonly Task[],
  steps: readonly StepView[],
): Pick<RunView, 'next'> {
  const names = flow.steps.map(({ name }) => name);
  // A step that has nothing to do in this run is reached with the one before.
  const lastTo = (step: string): string | undefined =>
    names.slice(0, names.indexOf(step) + 1).findLast((name) => tasks.some((task) => task.step.name === name));
  const reached = (step: string): boolean =>
    tasks.some((task, i) => {
      if (task.step.name !== lastTo(step)) return false;
      const shown = steps[i];
      return shown === undefined ? isDone(run, task) : shown.state === 'succeeded';
    });
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
  const all = planRun(flow, manifest, flow.steps.at(-1)?.name ?? '');
  const own = viewTasks(run, upTo(flow, all, untilOf(flow, manifest, driver)));
  const asked = viewTasks(run, askedTasks(run, flow, manifest, driver));
  const steps = [...own.steps, ...asked.steps];
  for (const { state, failure } of steps)
    if (state === 'damaged' && failure !== undefined) damage.note(failure);
  const labels = damage.except(() => run.labels()) ?? { tags: [], starred: false };
  const headline = damage.except(() => headlineOf(run));
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
    ...nextOf(flow, run, all, own.steps),
    ...flow.views.standing?.(manifest, steps),
    ...progressOf(state, driver, { own, asked }),
    ...everythingOf(flow, manifest, asked.steps, headline),
    ...withMaps(sizeOf(steps), mapBytes(run)),
    ...headline,
  };
}

/** Tasks, and each as people see it. */
interface ViewedTasks {
  readonly tasks: readonly Task[];
  readonly steps: readonly StepView[];
}

function viewTasks(run: RunFolder, tasks: readonly Task[]): ViewedTasks {
  return { tasks, steps: tasks.map((task) => viewStep(run, task)) };
}

/** Of a run that is finished and was asked for more, how far it is with that. */
function progressOf(
  state: ShownState,
  driver: DriverState | undefined,
  { own, asked }: { readonly own: ViewedTasks; readonly asked: ViewedTasks },
): ReturnType<typeof progressOfRun> {
  const { tasks, steps } = driver?.asked === undefined ? own : asked;
  return progressOfRun(state, tasks, steps, driver);
}

/** Models trained on all rows; but those that are there only because another one is made of them, unless it is the best. */
function everythingOf(
  { shows }: FlowDefinition,
  { models }: RunManifest,
  steps: readonly StepView[],
  { best }: Headline = {},
): Pick<RunView, 'everything'> {
  const names = steps.flatMap(({ step, branch, state }) =>
    step === shows.models.everything && state === 'succeeded' && branch !== undefined ? [branch] : [],
  );
  const inside = models.flatMap(({ name, members = [] }) => (names.includes(name) ? members : []));
  const outer = names.filter((name) => name === best || !inside.includes(name));
  return outer.length === 0 ? {} : { everything: outer };
}

/** Of all tasks of a flow, those up to a step. */
function upTo({ steps }: FlowDefinition, tasks: readonly Task[], until: string): readonly Task[] {
  const last = steps.findIndex(({ name }) => name === until);
  const later = new Set(last < 0 ? [] : steps.slice(last + 1).map(({ name }) => name));
  return tasks.filter(({ step }) => !later.has(step.name));
}

function sizeOf(steps: readonly StepView[]): number {
  return ownBytes(steps.flatMap((step) => step.artifacts));
}
