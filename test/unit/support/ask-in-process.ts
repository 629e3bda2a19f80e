/** Does what is asked of a finished run in this process: the tasks that run only then, one after the other. */
import type { FlowDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import { isOnDemand, planAsked, type Task } from '../../../src/pipeline/flow/plan.ts';
import { runStepProcess } from '../../../src/pipeline/flow/step-process.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';

/** @returns the tasks that were done, in their order */
export async function askInProcess(
  flow: FlowDefinition,
  run: RunFolder,
  asked: readonly string[],
): Promise<Task[]> {
  const tasks = planAsked(flow, run.manifest(), asked).filter((task) => isOnDemand(flow, task));
  for (const { path } of tasks) {
    await runStepProcess(flow, run, path, { threads: 1, memoryLimit: 2048 });
    const failure = run.stepState(path)?.failure;
    if (failure !== undefined) throw new Error(`${path}: ${failure.message}\n${failure.stack ?? ''}`);
  }
  return tasks;
}
