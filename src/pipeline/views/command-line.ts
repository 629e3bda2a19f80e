import { kebabCase } from '../../protocol/parameters.ts';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { RunManifest } from '../../protocol/run.ts';
import { SPEC_FIELDS, specChangesOf } from '../../protocol/spec-fields.ts';
import { flowOf } from '../stages/flows.ts';
import { givenOf } from '../stages/given-parameters.ts';

/** Quotes a word for POSIX shells where it needs it; PowerShell reads the same single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The whole dataset spec as options, so that the command depends on no recsys.json and no guess. */
function specWords(spec: DatasetSpec): string[] {
  return Object.entries(specChangesOf(spec)).flatMap(([name, words]) => {
    const field = SPEC_FIELDS.find((known) => known.name === name);
    const option = kebabCase(name);
    if (words.length === 0) return [`--no-${option}`];
    return field?.value === undefined ? [`--${option}`] : words.flatMap((word) => [`--${option}`, word]);
  });
}

/** The command that makes a run again: the data, their spec, and every parameter that was given. */
export function commandOf(manifest: RunManifest): string {
  return commandWith(flowOf(manifest.flow).start.name, manifest, givenOf(manifest));
}

/** A command on the data of a run, with its spec and the given parameters. */
export function commandWith(
  command: string,
  { data, spec }: Pick<RunManifest, 'data' | 'spec'>,
  parameters: RunManifest['parameters'],
): string {
  const options = Object.entries(parameters).flatMap(([name, value]) => [
    `--${kebabCase(name)}`,
    String(value),
  ]);
  return ['recsys', command, data.path, ...specWords(spec), ...options].map(shellQuote).join(' ');
}
