/** Runs all steps of a run of a real flow in this process, one after the other. */
import { fingerprintData } from '../../../src/pipeline/data/describe/fingerprint-data.ts';
import type { FlowDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import { planRun, type Task } from '../../../src/pipeline/flow/plan.ts';
import { runStepProcess } from '../../../src/pipeline/flow/step-process.ts';
import { createRun, NO_LABELS } from '../../../src/pipeline/launch/new-run.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';

export interface InProcess {
  readonly flow: FlowDefinition;
  readonly data: string;
  readonly spec: DatasetSpec;
  /** Parameters. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly until?: string;
}

/** @returns the run, and its tasks in the order in which they ran */
export async function runInProcess(
  store: RunStore,
  { flow, data, spec, given, until = flow.steps.at(-1)?.name ?? '' }: InProcess,
): Promise<{ run: RunFolder; tasks: Task[] }> {
  const fingerprint = await fingerprintData(data, spec);
  const run = await createRun(store, { flow, data: fingerprint, spec, given, until, labels: NO_LABELS });
  const tasks = planRun(flow, run.manifest(), until);
  for (const task of tasks) {
    await runStepProcess(flow, run, task.path, { threads: 1, memoryLimit: 2048 });
    const failure = run.stepState(task.path)?.failure;
    if (failure !== undefined) throw new Error(`${task.path}: ${failure.message}\n${failure.stack ?? ''}`);
  }
  return { run, tasks };
}
