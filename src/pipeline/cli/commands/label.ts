import type { Command } from 'commander';
import * as z from 'zod/mini';
import { print } from '../output/terminal.ts';
import { addLabelOptions } from '../label-options.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const LabelOptions = z.object({
  name: z.optional(z.string()),
  tag: z._default(z.array(z.string()), []),
  untag: z._default(z.array(z.string()), []),
  note: z.optional(z.string()),
  star: z.optional(z.boolean()),
});

/** `recsys label <run>`. */
export function addLabelCommand(program: Command): void {
  const command = program
    .command('label <run>')
    .description('Name, tag, note or star a run.')
    .option('--untag <tag>', 'remove a tag (repeatable)', (tag: string, before: string[] | undefined) => [
      ...(before ?? []),
      tag,
    ])
    .option('--star', 'star it')
    .option('--no-star', 'take the star away')
    .addHelpText(
      'after',
      '\nExamples:\n  recsys label latest --name baseline --tag paper --star\n  recsys label baseline --note "before the catalogue change"',
    );
  addStoreOption(addLabelOptions(command)).action(async (reference: string, options: unknown) => {
    const { name, tag, untag, note, star } = LabelOptions.parse(options);
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    const before = run.labels();
    const tags = [...new Set([...before.tags, ...tag])].filter((candidate) => !untag.includes(candidate));
    await store.writeLabels(run, {
      ...before,
      tags,
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(star === undefined ? {} : { starred: star }),
    });
    print(`Labelled ${run.id}`);
  });
}
