import * as fs from 'node:fs';
import type { RunManifest } from '../../protocol/run.ts';
import type { DriverState } from '../../protocol/step.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isOnDemand, planAsked, planRun, type Task } from '../flow/plan.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** Tasks that run only when they are asked for, of which this run has something, or which it was asked for last. */
export function askedTasks(
  run: RunFolder,
  flow: FlowDefinition,
  manifest: RunManifest,
  driver: DriverState | undefined,
): Task[] {
  const { onDemand = [] } = flow;
  const asked = planAsked(flow, manifest, driver?.asked ?? []).map(({ path }) => path);
  return onDemand
    .filter(({ name }) => asked.length > 0 || fs.existsSync(run.stepFolder(name)))
    .flatMap(({ name }) => planRun(flow, manifest, name))
    .filter(
      (task) =>
        isOnDemand(flow, task) && (asked.includes(task.path) || fs.existsSync(run.stateFile(task.path))),
    );
}
