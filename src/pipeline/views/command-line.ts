import { kebabCase } from '../../protocol/parameters.ts';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { RunManifest } from '../../protocol/run.ts';
import { flowOf } from '../stages/flows.ts';

/** Quotes a word for POSIX shells where it needs it; PowerShell reads the same single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The dataset spec as options, so that the command does not depend on a recsys.json or a guess. */
function specWords({
  format,
  sequence,
  item,
  order,
  user,
  group,
  time,
  minimumLength,
  sample,
  split,
}: DatasetSpec): string[] {
  const columns = { sequence, item, order, user: some(user), group: some(group), time: some(time) };
  // The columns of one-sequence-a-line text are fixed, but for its lines being a time.
  const named = Object.entries(format === 'sequences' ? { time: columns.time } : columns);
  const words = named.flatMap(([option, names]) => names.flatMap((name) => [`--${option}`, name]));
  words.push('--split', split.by);
  if (split.by === 'column' && split.column !== undefined) words.push('--split-column', split.column);
  if (minimumLength !== DEFAULT_MINIMUM_LENGTH) words.push('--minimum-length', String(minimumLength));
  if (sample !== 1) words.push('--sample-fraction', String(sample));
  return words;
}

const DEFAULT_MINIMUM_LENGTH = 3;

function some(name: string | undefined): string[] {
  return name === undefined ? [] : [name];
}

/** The command that makes a run again: the data, their spec, and every parameter that was given. */
export function commandOf(manifest: RunManifest): string {
  const given = manifest.given.flatMap((name) => {
    const value = manifest.parameters[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return commandWith(flowOf(manifest.flow).start.name, manifest, Object.fromEntries(given));
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
