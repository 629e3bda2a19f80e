import type { ParameterSet } from '../../protocol/parameters.ts';
import type { RunManifest } from '../../protocol/run.ts';

/**
 * What a person gave for a run, by its manifest; parameters of earlier versions that mean nothing any more are left out.
 * @param flow that of the manifest
 */
export function givenOf(
  { given, parameters }: RunManifest,
  { parameters: known }: { readonly parameters: ParameterSet },
): RunManifest['parameters'] {
  return Object.fromEntries(
    given.flatMap((name) => {
      const value = parameters[name];
      return value === undefined || known[name] === undefined ? [] : [[name, value] as const];
    }),
  );
}
