import type { ModelSpec } from '../../../protocol/run.ts';
import type { StepContext } from '../../flow/step-context.ts';

/** The branch a foreach step's process is for. */
export function branchOf(context: StepContext): ModelSpec {
  if (context.branch === undefined)
    throw new Error('this step runs once for each model, and was started without one');
  return context.branch;
}
