/** Runs written as the words of commands. */
import { kebabCase } from '../../protocol/parameters.ts';
import type { RunManifest } from '../../protocol/run.ts';
import { shellLine, type Shell } from '../../protocol/text/shell-words.ts';
import { specChangesOf } from '../../protocol/spec-fields.ts';
import { specWords } from '../../protocol/spec-words.ts';

/** A path that begins with a dash would be taken for an option. */
function pathWord(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

/** The words of a command on the data of a run, with the given parameters and its whole spec, so that it depends on no recsys.json and no guess. */
export function wordsWith(
  command: string,
  { data, spec }: Pick<RunManifest, 'data' | 'spec'>,
  parameters: RunManifest['parameters'],
): string[] {
  const options = Object.entries(parameters).flatMap(([name, value]) => [
    `--${kebabCase(name)}`,
    String(value),
  ]);
  return [command, pathWord(data.path), ...specWords(specChangesOf(spec)), ...options];
}

/** A command in a shell, or as POSIX shells read it where that shell cannot write one of its words. */
export function lineIn(shell: Shell, words: readonly string[]): string {
  return shellLine(words, shell) ?? shellLine(words, 'posix') ?? '';
}
