import type { Command } from 'commander';
import * as z from 'zod/mini';
import { recsysCommand } from '../../own-shell.ts';
import type { RunStore } from '../../store/run-store.ts';
import { print } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const RmOptions = z.object({ permanently: z._default(z.boolean(), false) });

export const PERMANENTLY = ['--permanently', 'do not keep it in the trash of the store'] as const;

/** Deletes runs, all of which were found before, and says so. */
export async function deleteRuns(
  store: RunStore,
  ids: readonly string[],
  permanently: boolean,
  said: (id: string) => string = (id) => `Deleted ${id}`,
): Promise<void> {
  for (const id of ids) {
    if (permanently) await store.remove(store.run(id));
    else await store.throwAway(store.run(id));
    print(said(id));
  }
  if (!permanently && ids.length > 0)
    print(`Within an hour they can be brought back: ${recsysCommand('restore', ...ids)}`);
}

/** `recsys rm <run>…`. Other runs that share its finished steps keep them: they hold hard links of their own. */
export function addRmCommand(program: Command): void {
  const command = program
    .command('rm <run...>')
    .description(
      'Delete runs, into the trash of the store. Runs that share finished steps with them keep these.',
    )
    .option(...PERMANENTLY)
    .addHelpText('after', '\nExamples:\n  recsys rm 20261122-1149\n  recsys rm latest');
  addStoreOption(command).action(async (references: string[], options: unknown) => {
    const store = openStoreOf(options);
    // All are found before any is deleted; one named twice is one.
    const ids = new Set(references.map((reference) => store.resolve(reference).id));
    await deleteRuns(store, [...ids], RmOptions.parse(options).permanently);
  });
}

/** `recsys restore <run>…`. */
export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore <id...>')
    .description('Bring deleted runs back from the trash of the store.')
    .addHelpText('after', '\nExamples:\n  recsys restore 20261122-114953120-k3f9');
  addStoreOption(command).action(async (ids: string[], options: unknown) => {
    const store = openStoreOf(options);
    for (const id of new Set(ids)) {
      await store.restore(id);
      print(`Restored ${id}`);
    }
  });
}
