/** Runs written as the words of commands. */
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { kebabCase } from '../../protocol/parameters.ts';
import type { RunManifest } from '../../protocol/run.ts';
import { shellLine, type Shell } from '../../protocol/text/shell-words.ts';
import { SPEC_FIELDS, specChangesOf } from '../../protocol/spec-fields.ts';

/** The whole dataset spec as options, so that the command depends on no recsys.json and no guess. */
function specWords(spec: DatasetSpec): string[] {
  return Object.entries(specChangesOf(spec)).flatMap(([name, words]) => {
    const field = SPEC_FIELDS.find((known) => known.name === name);
    const option = kebabCase(name);
    if (words.length === 0) return [`--no-${option}`];
    return field?.value === undefined ? [`--${option}`] : words.flatMap((word) => [`--${option}`, word]);
  });
}

/** A path that begins with a dash would be taken for an option. */
function pathWord(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

/** The words of a command on the data of a run, with its whole spec and the given parameters. */
export function wordsWith(
  command: string,
  { data, spec }: Pick<RunManifest, 'data' | 'spec'>,
  parameters: RunManifest['parameters'],
): string[] {
  const options = Object.entries(parameters).flatMap(([name, value]) => [
    `--${kebabCase(name)}`,
    String(value),
  ]);
  return [command, pathWord(data.path), ...specWords(spec), ...options];
}

/** A command in a shell, or as POSIX shells read it where that shell cannot write one of its words. */
export function lineIn(shell: Shell, words: readonly string[]): string {
  return shellLine(words, shell) ?? shellLine(words, 'posix') ?? '';
}
