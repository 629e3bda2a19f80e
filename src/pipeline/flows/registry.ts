/** The flows this program knows. A new flow is a folder here and a line at the end of this file. */
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import type { ModelKind } from '../kinds/model-kind.ts';
import { registerKinds } from '../kinds/registry.ts';
import { nextItemFlow } from './next-item/next-item-flow.ts';

const known: FlowDefinition[] = [];

/**
 * Makes a flow known, and with it the one that searches parameters for its runs.
 * @param kinds model kinds that only this flow has
 */
export function registerFlow(flow: FlowDefinition, kinds: readonly ModelKind[] = []): void {
  known.push(flow);
  registerKinds(kinds);
}

/** Flows that `recsys run` can start, the one it starts unless told otherwise first. */
export function startableFlows(): readonly FlowDefinition[] {
  return known;
}

/** All flows, those that search parameters included. */
export function flows(): readonly FlowDefinition[] {
  return known.flatMap((flow) => (flow.search === undefined ? [flow] : [flow, flow.search]));
}

/** @throws UserError for a flow of another version. */
export function flowOf(name: string): FlowDefinition {
  const flow = flows().find((candidate) => candidate.name === name);
  if (flow === undefined)
    throw new UserError(`This version of RecSys has no flow '${name}'.`, 'Update RecSys to see this run.');
  return flow;
}

/**
 * The flow of `recsys run` of that name, or the one whose parameters the flow of that name searches.
 * @throws UserError where there is none
 */
export function startableFlow(name: string): FlowDefinition {
  const flow = known.find((candidate) => candidate.name === name || candidate.search?.name === name);
  if (flow !== undefined) return flow;
  throw new UserError(
    `There is no flow '${name}'.`,
    `There are: ${known.map((one) => `${one.name} (${one.title})`).join(', ')}.`,
    { exitCode: EXIT.usage },
  );
}

registerFlow(nextItemFlow);
