import type { Command } from 'commander';
import * as z from 'zod/mini';
import { print } from '../../terminal/terminal.ts';
import { addLabelOptions, labelChangeOf } from '../label-options.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const LabelOptions = z.object({
  untag: z._default(z.array(z.string()), []),
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
    const { untag, star } = LabelOptions.parse(options);
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    await store.changeLabels(run, {
      ...labelChangeOf(options),
      removeTags: untag,
      ...(star === undefined ? {} : { starred: star }),
    });
    print(`Labelled ${run.id}`);
  });
}
