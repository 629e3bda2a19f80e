/** Makes new runs: of data, or from the finished steps of another run. */
import type { DataFingerprint, RunLabels, RunManifest } from '../../protocol/run.ts';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isJoined, needsOf, planRun, type Task } from '../flow/plan.ts';
import { redoneFrom } from '../flow/redo.ts';
import { adoptStep, damagedArtifacts, isFinishedQuietly } from '../flow/reuse.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { givenOf } from '../flow/given-of.ts';
import { versions } from './versions.ts';

export const NO_LABELS: RunLabels = { tags: [], starred: false };

export interface NewRun {
  readonly flow: FlowDefinition;
  readonly data: DataFingerprint;
  readonly spec: DatasetSpec;
  /** Only what the person gave. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly until: string;
  readonly labels: RunLabels;
}

function manifestOf(store: RunStore, run: NewRun, origin?: RunManifest['origin']): RunManifest {
  const { parameters, models } = run.flow.plan(run.given, { hasGroups: run.spec.group !== undefined });
  return {
    format: 1,
    id: store.newRunId(),
    flow: run.flow.name,
    created: new Date().toISOString(),
    data: run.data,
    spec: run.spec,
    parameters: { ...parameters },
    models: [...models],
    given: Object.keys(run.given),
    until: run.until,
    versions: versions(),
    platform: `${process.platform}-${process.arch}`,
    ...(origin === undefined ? {} : { origin }),
  };
}

/** @throws UserError for bad parameters, or a store that cannot be written */
export async function createRun(store: RunStore, run: NewRun): Promise<RunFolder> {
  return store.createRun(manifestOf(store, run), run.labels);
}

export interface DerivedRun {
  readonly flow: FlowDefinition;
  readonly origin: RunFolder;
  /** Parameters that differ from the origin's. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** The first step to do anew, whatever the origin has. */
  readonly from?: string;
  readonly until: string;
  readonly labels: RunLabels;
  readonly reason: string;
}

/**
 * Makes a run that starts from the finished steps of another one: all whose result would be the same, before the step
 * to do anew. A join is taken over only when every branch it joined is.
 * @throws UserError for bad parameters or an unknown step
 */
export async function deriveRun(store: RunStore, derived: DerivedRun): Promise<RunFolder> {
  const { flow, origin } = derived;
  const old = origin.manifest();
  const { from, until, labels, reason } = derived;
  const given = { ...givenOf(old, flow), ...derived.changes };
  const manifest = manifestOf(
    store,
    { flow, data: old.data, spec: old.spec, given, until, labels },
    { run: origin.id, reason, ...(from === undefined ? {} : { from }) },
  );
  if (from !== undefined) requireStep(flow, manifest, from);
  return store.createRun(manifest, labels, (making) => adoptFinished(making, manifest, derived));
}

function requireStep(flow: FlowDefinition, manifest: RunManifest, from: string): void {
  const tasks = planRun(flow, manifest, flow.steps.at(-1)?.name ?? '');
  if (tasks.some((task) => task.path === from || task.step.name === from)) return;
  throw new UserError(
    `There is no step or branch '${from}'.`,
    `There are: ${[...new Set(tasks.flatMap((task) => [task.step.name, task.path]))].join(', ')}.`,
    { exitCode: EXIT.usage },
  );
}

async function adoptFinished(
  run: RunFolder,
  manifest: RunManifest,
  { flow, origin, from, until }: DerivedRun,
): Promise<void> {
  const anew = redoneFrom(flow, from);
  const tasks = planRun(flow, manifest, until);
  const adopted = new Set<string>();
  for (const task of tasks) {
    const joined = needsOf(task, tasks).filter((need) => isJoined(task, need));
    if (anew(task) || !joined.every((need) => adopted.has(need.path)) || !(await isIntact(origin, task)))
      continue;
    await adoptStep(origin, run, task.path);
    adopted.add(task.path);
  }
}

async function isIntact(origin: RunFolder, task: Task): Promise<boolean> {
  return isFinishedQuietly(origin, task) && (await damagedArtifacts(origin, task.path)).length === 0;
}
