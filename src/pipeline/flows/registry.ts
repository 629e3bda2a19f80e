import { UserError } from '../../protocol/user-error.ts';
import { nextItemFlow } from './next-item/next-item-flow.ts';
import { tuneFlow } from './tune/tune-flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';

/** All flows this program knows. */
export const flows: readonly FlowDefinition[] = [nextItemFlow, tuneFlow];

/** @throws UserError for a flow of another version. */
export function flowOf(name: string): FlowDefinition {
  const flow = flows.find((candidate) => candidate.name === name);
  if (flow === undefined)
    throw new UserError(`This version of RecSys has no flow '${name}'.`, 'Update RecSys to see this run.');
  return flow;
}
