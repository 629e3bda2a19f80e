import { parseStepPath } from '../../protocol/paths.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { stepOf, type Task } from './plan.ts';

/** Names of a step and of all that need it, directly or not. */
function stepAndAfter(flow: FlowDefinition, from: string): string[] {
  const names = new Set([from]);
  for (const step of flow.steps) if (step.needs.some((need) => names.has(need))) names.add(step.name);
  return [...names];
}

/**
 * Tells which tasks are done anew when a run starts again from a step or branch: a whole step and all after it, or one
 * branch, its later branches and the joins.
 */
export function redoneFrom(flow: FlowDefinition, from: string | undefined): (task: Task) => boolean {
  if (from === undefined) return () => false;
  const { step, branch } = parseStepPath(from);
  const steps = new Set(stepAndAfter(flow, stepOf(flow, step).name));
  return (task) =>
    steps.has(task.step.name) &&
    (branch === undefined || task.branch === undefined || task.branch.name === branch);
}
