import { formatStepPath, parseStepPath } from '../../protocol/paths.ts';
import { DEFAULT_STRADDLING, type DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { ModelSpec, RunManifest } from '../../protocol/run.ts';
import { hashValue } from '../store/file-hash.ts';
import type { FlowDefinition, StepDefinition } from './flow-definition.ts';

/** One process to run: a step, or a branch of a foreach step. */
export interface Task {
  readonly path: string;
  readonly step: StepDefinition;
  readonly branch?: ModelSpec;
  /** Hash of all that decides its result. */
  readonly key: string;
}

/** The definition's step of that name, be it one that runs only when it is asked for. */
export function stepOf(flow: FlowDefinition, name: string): StepDefinition {
  const step = [...flow.steps, ...(flow.onDemand ?? [])].find((candidate) => candidate.name === name);
  if (step === undefined) throw new Error(`flow ${flow.name} has no step '${name}'`);
  return step;
}

function used(step: StepDefinition, manifest: RunManifest): Record<string, unknown> {
  return Object.fromEntries(step.uses.map((name) => [name, manifest.parameters[name]]));
}

/** What a run's data are, apart from where they lie and when they were touched. */
function dataIdentity({ data, spec }: RunManifest): unknown {
  const { bytes, schemaHash: schema, contentHash: content } = data;
  return { bytes, schema, content, spec: asRead(spec) };
}

/** A spec without what its split does not read, and without where its catalogue lies, whose content is the data's. */
function asRead({
  split: { column, straddling, ...split },
  catalogue: _,
  ...spec
}: DatasetSpec): DatasetSpec {
  const given = split.by === 'column';
  const inTime = split.by === 'time' || (given && spec.time !== undefined);
  const dropped = inTime && straddling !== undefined && straddling !== DEFAULT_STRADDLING;
  const read = { ...(given && column !== undefined ? { column } : {}), ...(dropped ? { straddling } : {}) };
  return { ...spec, split: { ...split, ...read } };
}

/**
 * All tasks of a run up to its last step, in an order in which they may run. A task's key covers its parameters, the
 * version of its code and the keys of all it needs, so equal keys mean equal results.
 * @param until a step that runs only when it is asked for comes after all others
 */
export function planRun(flow: FlowDefinition, manifest: RunManifest, until: string): Task[] {
  const tasks: Task[] = [];
  const asked = (flow.onDemand ?? []).filter(({ name }) => name === until);
  for (const step of [...flow.steps, ...asked]) {
    const branches = step.foreach === undefined ? [undefined] : step.foreach(manifest);
    for (const branch of branches) tasks.push(planTask(flow, manifest, step, branch, tasks));
    if (step.name === until) return tasks;
  }
  return tasks;
}

/** What stands for the code that makes a task's result. */
export function versionOf(step: StepDefinition, branch: ModelSpec | undefined): string[] {
  const own = branch === undefined ? undefined : step.branchVersion?.(branch);
  return own === undefined ? [step.version] : [step.version, own];
}

function planTask(
  flow: FlowDefinition,
  manifest: RunManifest,
  step: StepDefinition,
  branch: ModelSpec | undefined,
  before: readonly Task[],
): Task {
  const path = formatStepPath(
    branch === undefined ? { step: step.name } : { step: step.name, branch: branch.name },
  );
  const needed = before.filter((task) => needs({ step, branch }, task));
  const key = hashValue({
    // What may be shared is the same in every flow.
    flow: step.shared ? null : flow.name,
    step: step.name,
    version: versionOf(step, branch),
    branch: branch ?? null,
    parameters: used(step, manifest),
    data: step.needs.length === 0 ? dataIdentity(manifest) : null,
    needs: needed.map((task) => task.key),
  });
  return { path, step, key, ...(branch === undefined ? {} : { branch }) };
}

/** What tells which tasks another one needs. */
interface Needing {
  readonly step: StepDefinition;
  readonly branch?: ModelSpec | undefined;
}

/**
 * A branch needs the branch of its own name of an earlier foreach over the same models, all branches of one it joins, all
 * of a plain step, and of its own step those it is made of, where that does not keep them apart.
 */
function needs(task: Needing, other: Needing): boolean {
  if (task.step.name === other.step.name) return isMember(task, other);
  if (!task.step.needs.includes(other.step.name)) return false;
  return task.branch === undefined || other.branch?.name === task.branch.name || isJoinable(task, other);
}

function isMember({ step, branch }: Needing, other: Needing): boolean {
  if (step.apart === true || other.branch === undefined) return false;
  return branch?.members?.includes(other.branch.name) === true;
}

function isJoinable({ step }: Needing, other: Needing): boolean {
  return other.branch === undefined || step.joins?.includes(other.step.name) === true;
}

/** The tasks that must be over before this one starts. */
export function needsOf(task: Task, tasks: readonly Task[]): Task[] {
  return tasks.filter((other) => needs(task, other));
}

/**
 * What must be done, or be there, for tasks that are asked for: they themselves and all they need, but of what a join
 * brought together nothing. Paths that the run cannot have are left out.
 */
export function planAsked(flow: FlowDefinition, manifest: RunManifest, asked: readonly string[]): Task[] {
  const steps = [...new Set(asked.map((path) => parseStepPath(path).step))];
  const all = (flow.onDemand ?? [])
    .filter(({ name }) => steps.includes(name))
    .flatMap(({ name }) => planRun(flow, manifest, name));
  const byPath = new Map(all.map((task) => [task.path, task]));
  const wanted = new Set<string>();
  const want = (task: Task): void => {
    if (wanted.has(task.path)) return;
    wanted.add(task.path);
    needsOf(task, [...byPath.values()])
      .filter((need) => !isJoined(task, need))
      .forEach(want);
  };
  for (const path of asked) {
    const task = byPath.get(path);
    if (task !== undefined && isOnDemand(flow, task)) want(task);
  }
  return [...byPath.values()].filter(({ path }) => wanted.has(path));
}

/** Whether a task is of a step that runs only when it is asked for. */
export function isOnDemand({ onDemand = [] }: Pick<FlowDefinition, 'onDemand'>, { step }: Task): boolean {
  return onDemand.includes(step);
}

/** Whether a needed task is one of several that are joined: it may fail as long as another one does not. */
export function isJoined(task: Task, need: Task): boolean {
  return need.branch !== undefined && (task.branch === undefined || isJoinable(task, need));
}

/** Of two steps, the one that comes later in the flow. */
export function laterStep(flow: FlowDefinition, a: string, b: string | undefined): string {
  if (b === undefined) return a;
  const place = (name: string): number => flow.steps.findIndex((step) => step.name === name);
  return place(b) > place(a) ? b : a;
}
