import { parseStepPath } from '../../protocol/paths.ts';
import type { FlowDefinition } from './flow-definition.ts';
import { stepOf, type Task } from './plan.ts';

/** How much of a step is done anew: all of it, or one branch. */
type Extent = 'all' | 'branch';

/** A step and all that need it, directly or not; what joins a branch that is done anew is so as a whole. */
function stepAndAfter(flow: FlowDefinition, from: string, extent: Extent): Map<string, Extent> {
  const extents = new Map([[from, extent]]);
  for (const step of flow.steps) {
    const needed = step.needs.filter((need) => extents.has(need));
    if (needed.length === 0) continue;
    const whole = needed.some((need) => extents.get(need) === 'all' || step.joins?.includes(need) === true);
    extents.set(step.name, whole || step.foreach === undefined ? 'all' : 'branch');
  }
  return extents;
}

/**
 * Tells which tasks are done anew when a run starts again from a step or branch: a whole step and all after it, or one
 * branch, its later branches and the joins.
 */
export function redoneFrom(flow: FlowDefinition, from: string | undefined): (task: Task) => boolean {
  if (from === undefined) return () => false;
  const { step, branch } = parseStepPath(from);
  const extents = stepAndAfter(flow, stepOf(flow, step).name, branch === undefined ? 'all' : 'branch');
  return (task) => {
    const extent = extents.get(task.step.name);
    return extent === 'all' || (extent === 'branch' && task.branch?.name === branch);
  };
}
