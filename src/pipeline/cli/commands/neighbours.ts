import type { Command } from 'commander';
import { Option } from 'commander';
import * as z from 'zod/mini';
import { addModelOptions, openAskedModel, sourceText } from '../asked-model.ts';
import { plainText } from '../../terminal/format.ts';
import { scoredItems } from '../output/scored-items.ts';
import { paint, print, printJson } from '../../terminal/terminal.ts';
import { wholeNumber } from '../store-options.ts';

const NeighbourOptions = z.object({
  k: z.int(),
  json: z._default(z.boolean(), false),
});

/** `recsys neighbours <item>`. */
export function addNeighboursCommand(program: Command): void {
  const command = program
    .command('neighbours <item>')
    .alias('neighbors')
    .description('The items nearest to one item, by the best model with vectors unless told otherwise.')
    .addOption(new Option('-k <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      "\nExamples:\n  recsys neighbours 'Daft Punk|||Get Lucky'\n  recsys neighbours 'Queen|||Bohemian Rhapsody' -k 5 --model sequential-item-knn --json",
    );
  addModelOptions(command, 'its best with vectors').action(async (item: string, options: unknown) => {
    const { k, json } = NeighbourOptions.parse(options);
    const { neighboursOf } = await import('../../query/neighbours.ts');
    const opened = await openAskedModel(options, 'neighbours');
    const names = await opened.names();
    const reply = neighboursOf(opened, names, item, k);
    if (json) return printJson(reply);
    print(`${paint.bold(plainText(reply.query))} ${paint.dim(`by ${reply.model} ${sourceText(reply)}`)}`);
    print(scoredItems(reply.neighbours));
    const count = reply.neighbours.length;
    if (count < k) print(paint.dim(`${count} of ${k}: ${reply.model} relates no others to this item.`));
  });
}
