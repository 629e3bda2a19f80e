/** Makes new runs: of data, or from the finished steps of another run. */
import type { DataFingerprint, RunLabels, RunManifest } from '../../protocol/run.ts';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { planRun, stepOf } from '../flow/plan.ts';
import { adoptStep, isFinished } from '../flow/reuse.ts';
import { newRunId } from '../store/run-id.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
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

function manifestOf(run: NewRun, origin?: RunManifest['origin']): RunManifest {
  const { parameters, models } = run.flow.plan(run.given, { hasGroups: run.spec.group !== undefined });
  return {
    format: 1,
    id: newRunId(),
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
  return store.createRun(manifestOf(run), run.labels);
}

/** What a person gave for a run, by its manifest. */
export function givenOf(manifest: RunManifest): Record<string, unknown> {
  return Object.fromEntries(manifest.given.map((name) => [name, manifest.parameters[name]]));
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

/** Names of a step and of all that need it, directly or not. */
function stepAndAfter(flow: FlowDefinition, from: string): Set<string> {
  const names = new Set([from]);
  for (const step of flow.steps) if (step.needs.some((need) => names.has(need))) names.add(step.name);
  return names;
}

/**
 * Makes a run that starts from the finished steps of another one: all whose result would be the same, before the step
 * to do anew. A join is taken over only when every branch it joined is.
 * @throws UserError for bad parameters or an unknown step
 */
export async function deriveRun(store: RunStore, derived: DerivedRun): Promise<RunFolder> {
  const { flow, origin } = derived;
  const old = origin.manifest();
  const [fromStep] = (derived.from ?? '').split('/');
  if (fromStep !== '' && !flow.steps.some(({ name }) => name === fromStep))
    throw new UserError(
      `There is no step '${derived.from ?? ''}'.`,
      `Steps: ${flow.steps.map(({ name }) => name).join(', ')}.`,
      { exitCode: EXIT.usage },
    );
  const run = await store.createRun(
    manifestOf(
      {
        flow,
        data: old.data,
        spec: old.spec,
        given: { ...givenOf(old), ...derived.changes },
        until: derived.until,
        labels: derived.labels,
      },
      { run: origin.id, reason: derived.reason },
    ),
    derived.labels,
  );
  await adoptFinished(flow, origin, run, derived);
  return run;
}

async function adoptFinished(
  flow: FlowDefinition,
  origin: RunFolder,
  run: RunFolder,
  { from, until }: DerivedRun,
): Promise<void> {
  const anew = from === undefined ? new Set<string>() : redone(flow, from);
  const tasks = planRun(flow, run.manifest(), until);
  const adopted = new Set<string>();
  for (const task of tasks) {
    if (anew.has(task.path) || anew.has(task.step.name)) continue;
    const joins = tasks.filter(
      (other) =>
        other.branch !== undefined && task.branch === undefined && task.step.needs.includes(other.step.name),
    );
    if (!joins.every((other) => adopted.has(other.path)) || !isFinished(origin, task)) continue;
    await adoptStep(origin, run, task.path);
    adopted.add(task.path);
  }
}

/** Paths and step names to do anew: a whole step and all after it, or one branch, its later branches and the joins. */
function redone(flow: FlowDefinition, from: string): Set<string> {
  const [name = '', branch] = from.split('/');
  const steps = stepAndAfter(flow, stepOf(flow, name).name);
  if (branch === undefined) return steps;
  return new Set(
    [...steps].map((step) => (stepOf(flow, step).foreach === undefined ? step : `${step}/${branch}`)),
  );
}
