import type { RunManifest } from '../../protocol/run.ts';
import { flowOf } from './flows.ts';

/** What a person gave for a run, by its manifest; parameters of earlier versions that mean nothing any more are left out. */
export function givenOf({ flow, given, parameters }: RunManifest): RunManifest['parameters'] {
  const known = flowOf(flow).parameters;
  return Object.fromEntries(
    given.flatMap((name) => {
      const value = parameters[name];
      return value === undefined || known[name] === undefined ? [] : [[name, value] as const];
    }),
  );
}
