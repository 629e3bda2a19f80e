import type { Command } from 'commander';
import { print } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

/** `recsys rm <run>…`. Other runs that share its finished steps keep them: they hold hard links of their own. */
export function addRmCommand(program: Command): void {
  const command = program
    .command('rm <run...>')
    .description('Delete runs. Runs that share finished steps with them keep these.')
    .addHelpText('after', '\nExamples:\n  recsys rm 20261122-1149\n  recsys rm latest');
  addStoreOption(command).action(async (references: string[], options: unknown) => {
    const store = openStoreOf(options);
    // All are found before any is deleted; one named twice is one.
    const ids = new Set(references.map((reference) => store.resolve(reference).id));
    for (const id of ids) {
      await store.remove(store.run(id));
      print(`Deleted ${id}`);
    }
  });
}
