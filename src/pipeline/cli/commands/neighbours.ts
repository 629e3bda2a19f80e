import type { Command } from 'commander';
import { Option } from 'commander';
import * as z from 'zod/mini';
import { plainText } from '../output/format.ts';
import { scoredItems } from '../output/scored-items.ts';
import { paint, print, printJson } from '../output/terminal.ts';
import { addStoreOption, openStoreOf, wholeNumber } from '../store-options.ts';

const NeighbourOptions = z.object({
  k: z.int(),
  run: z.optional(z.string()),
  model: z.optional(z.string()),
  json: z._default(z.boolean(), false),
});

/** `recsys neighbours <item>`. */
export function addNeighboursCommand(program: Command): void {
  const command = program
    .command('neighbours <item>')
    .alias('neighbors')
    .description('The items nearest to one item, by the best model with vectors unless told otherwise.')
    .addOption(new Option('-k <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .option('--run <run>', 'run (default: the latest finished)')
    .option('--model <name>', 'model of the run (default: its best with vectors)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      "\nExamples:\n  recsys neighbours 'Daft Punk|||Get Lucky'\n  recsys neighbours 'Queen|||Bohemian Rhapsody' -k 5 --model sequential-item-knn --json",
    );
  addStoreOption(command).action(async (item: string, options: unknown) => {
    const { k, run: reference, model, json } = NeighbourOptions.parse(options);
    const { defaultModel, latestSuccessful, openItemNames, openModel, openRunData } =
      await import('../../query/open-model.ts');
    const { neighboursOf } = await import('../../query/neighbours.ts');
    const store = openStoreOf(options);
    const run = reference === undefined ? latestSuccessful(store) : store.resolve(reference);
    const [names, opened] = await Promise.all([
      openItemNames(run),
      openRunData(run).then((data) => openModel(run, model ?? defaultModel(run), data)),
    ]);
    const reply = neighboursOf(opened, names, item, k);
    if (json) return printJson(reply);
    print(`${paint.bold(plainText(reply.query))} ${paint.dim(`by ${reply.model} of run ${reply.run}`)}`);
    print(scoredItems(reply.neighbours));
    const count = reply.neighbours.length;
    if (count < k) print(paint.dim(`${count} of ${k}: ${reply.model} relates no others to this item.`));
  });
}
