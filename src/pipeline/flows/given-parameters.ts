import type { RunManifest } from '../../protocol/run.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { flowOf } from './registry.ts';

/**
 * What a person gave for a run, by its manifest; parameters of earlier versions that mean nothing any more are left out.
 * @param flow that of the manifest
 */
export function givenOf(
  { flow: name, given, parameters }: RunManifest,
  flow: Pick<FlowDefinition, 'parameters'> = flowOf(name),
): RunManifest['parameters'] {
  const known = flow.parameters;
  return Object.fromEntries(
    given.flatMap((name) => {
      const value = parameters[name];
      return value === undefined || known[name] === undefined ? [] : [[name, value] as const];
    }),
  );
}
