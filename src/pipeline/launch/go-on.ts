import type { FlowDefinition } from '../flow/flow-definition.ts';
import { isJoined, needsOf, planRun, type Task } from '../flow/plan.ts';
import { isFinished, isSkipped } from '../flow/reuse.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { deriveRun, NO_LABELS } from './new-run.ts';

export interface GoingOn {
  readonly run: RunFolder;
  /** Tasks that remain to be done, up to the step asked for. */
  readonly unfinished: number;
}

/** Tasks that are still to be done: skipped ones stay so, and with them what cannot do without them. */
function unfinishedOf(run: RunFolder, tasks: readonly Task[]): Task[] {
  const over = new Set<Task>();
  const unfinished: Task[] = [];
  for (const task of tasks) {
    const hopeless = needsOf(task, tasks).some((need) => over.has(need) && !isJoined(task, need));
    if (hopeless || isSkipped(run, task)) over.add(task);
    else if (!isFinished(run, task)) unfinished.push(task);
  }
  return unfinished;
}

/**
 * The run to drive when someone wants to go on with one. It is that run itself, unless a finished join did without
 * branches that are to be tried again: a finished step is never changed, so then it is a new run that keeps the rest.
 */
export async function goOnWith(
  store: RunStore,
  flow: FlowDefinition,
  run: RunFolder,
  until: string,
): Promise<GoingOn> {
  const manifest = run.manifest();
  const unfinished = unfinishedOf(run, planRun(flow, manifest, until));
  const all = planRun(flow, manifest, flow.steps.at(-1)?.name ?? until);
  const again = new Set(unfinished.map((task) => task.path));
  const joined = all.some(
    (task) => isFinished(run, task) && needsOf(task, all).some((need) => again.has(need.path)),
  );
  if (!joined) return { run, unfinished: unfinished.length };
  const reason = `tried ${unfinished.map((task) => task.path).join(', ')} again`;
  const derived = await deriveRun(store, {
    ...{ flow, origin: run, changes: {}, until, labels: NO_LABELS, reason },
  });
  return { run: derived, unfinished: unfinished.length };
}
