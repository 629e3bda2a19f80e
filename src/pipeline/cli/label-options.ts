import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { RunLabels } from '../../protocol/run.ts';

const LabelOptions = z.object({
  name: z.optional(z.string()),
  tag: z._default(z.array(z.string()), []),
  note: z.optional(z.string()),
});

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

export function addLabelOptions(command: Command): Command {
  return command
    .option('--name <name>', 'name of the run')
    .option('--tag <tag>', 'tag of the run (repeatable)', collect)
    .option('--note <text>', 'note on the run');
}

export function labelsOf(options: unknown): RunLabels {
  const { name, tag, note } = LabelOptions.parse(options);
  return {
    tags: tag,
    starred: false,
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
  };
}

/** Labels with others added: a name or note replaces the old one (an empty one takes it away), tags are joined. */
export function mergeLabels(before: RunLabels, added: Pick<RunLabels, 'name' | 'note' | 'tags'>): RunLabels {
  const { name = before.name, note = before.note } = added;
  return {
    tags: [...new Set([...before.tags, ...added.tags])],
    starred: before.starred,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(note === undefined || note === '' ? {} : { note }),
  };
}

/** Whether any name, note or tag was given. */
export function hasLabels({ name, note, tags }: RunLabels): boolean {
  return name !== undefined || note !== undefined || tags.length > 0;
}
