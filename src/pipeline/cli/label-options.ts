import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { LabelChange, RunLabels } from '../../protocol/run.ts';
import { requireRunName } from '../store/run-name.ts';

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

/** The labels a new run is given. @throws UserError for a name that no run may have */
export function labelsOf(options: unknown): RunLabels {
  const { name, tag, note } = LabelOptions.parse(options);
  requireRunName(name);
  return {
    tags: tag,
    starred: false,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(note === undefined || note === '' ? {} : { note }),
  };
}

/** The same as a change of a run's labels. */
export function labelChangeOf(options: unknown): LabelChange {
  const { name, tag, note } = LabelOptions.parse(options);
  return {
    addTags: tag,
    removeTags: [],
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
  };
}

/** Whether any name, note or tag was given. */
export function hasLabels({ name, note, addTags }: LabelChange): boolean {
  return name !== undefined || note !== undefined || addTags.length > 0;
}
