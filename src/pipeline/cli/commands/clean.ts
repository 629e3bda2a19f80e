import type { Command } from 'commander';
import { Option } from 'commander';
import * as z from 'zod/mini';
import { expiredRuns } from '../../store/retention.ts';
import { viewStore } from '../../views/view-store.ts';
import { formatBytes } from '../../../protocol/text/format.ts';
import { print } from '../../terminal/terminal.ts';
import { deleteRuns, PERMANENTLY } from './rm.ts';
import { addStoreOption, openStoreOf, wholeNumber } from '../store-options.ts';

const CleanOptions = z.object({
  keepLatest: z.int(),
  keepDays: z.int(),
  dryRun: z._default(z.boolean(), false),
  permanently: z._default(z.boolean(), false),
});

/** `recsys clean`. */
export function addCleanCommand(program: Command): void {
  const command = program
    .command('clean')
    .description(
      'Delete old runs with their maps, into the trash of the store. Running, starred, named and tagged runs are always kept.',
    )
    .addOption(new Option('--keep-latest <n>', 'runs to keep at least').argParser(wholeNumber(0)).default(10))
    .addOption(
      new Option('--keep-days <days>', 'keep runs younger than this (0: no limit)')
        .argParser(wholeNumber(0))
        .default(30),
    )
    .option('--dry-run', 'only say what would be deleted')
    .option(...PERMANENTLY)
    .addHelpText(
      'after',
      '\nExamples:\n  recsys clean --dry-run\n  recsys clean --keep-latest 3 --keep-days 0',
    );
  addStoreOption(command).action(async (options: unknown) => {
    const { dryRun, permanently, ...rule } = CleanOptions.parse(options);
    const store = openStoreOf(options);
    const expired = expiredRuns(viewStore(store).runs, rule);
    if (expired.length === 0) print('Nothing to clean up.');
    const sizes = new Map(expired.map(({ id, bytes }) => [id, formatBytes(bytes)]));
    const said = (done: string) => (id: string) => `${done} ${id} (${sizes.get(id) ?? ''})`;
    if (dryRun) for (const id of sizes.keys()) print(said('would delete')(id));
    else await deleteRuns(store, [...sizes.keys()], permanently, said('deleted'));
  });
}
