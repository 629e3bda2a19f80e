import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { kebabCase } from '../../protocol/parameters.ts';
import type { RunManifest } from '../../protocol/run.ts';
import { shellLine, type Shell } from '../../protocol/shell-words.ts';
import { SPEC_FIELDS, specChangesOf } from '../../protocol/spec-fields.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { flowOf } from '../flows/registry.ts';
import { givenOf } from '../flows/given-parameters.ts';

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

/** What starts the flow up to the run's last step: `prepare` for a run that stops there. */
function startOf(flow: FlowDefinition, { until }: RunManifest): string {
  const [first] = flow.commands;
  return first?.until === until ? first.name : flow.start.name;
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

/** The words after `recsys` that make a run again: the data, their spec, and every parameter that was given. */
export function wordsOf(manifest: RunManifest): string[] {
  return wordsWith(startOf(flowOf(manifest.flow), manifest), manifest, givenOf(manifest));
}

/** A command in a shell, or as POSIX shells read it where that shell cannot write one of its words. */
export function lineIn(shell: Shell, words: readonly string[]): string {
  return shellLine(words, shell) ?? shellLine(words, 'posix') ?? '';
}

/** The command that makes a run again; where a shell cannot write it, one that takes all from that run. */
export function commandOf(manifest: RunManifest, shell: Shell): string {
  const short = ['recsys', startOf(flowOf(manifest.flow), manifest), '--like', manifest.id];
  return shellLine(['recsys', ...wordsOf(manifest)], shell) ?? short.join(' ');
}
