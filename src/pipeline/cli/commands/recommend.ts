import type { Command } from 'commander';
import { Option } from 'commander';
import * as z from 'zod/mini';
import type { RecommendReply } from '../../../protocol/engine.ts';
import { addModelOptions, openAskedModel, sourceText } from '../asked-model.ts';
import { readItemList, STANDARD_INPUT } from '../item-list.ts';
import { plainText } from '../../terminal/format.ts';
import { explainedItems } from '../output/explained-items.ts';
import { paint, print, printJson } from '../../terminal/terminal.ts';
import { wholeNumber } from '../store-options.ts';

const RecommendOptions = z.object({
  k: z.int(),
  from: z.optional(z.string()),
  keepSeen: z._default(z.boolean(), false),
  skipUnknown: z._default(z.boolean(), false),
  explain: z._default(z.boolean(), false),
  json: z._default(z.boolean(), false),
});

const EXAMPLES = `
Examples:
  recsys recommend 'Queen|||Bohemian Rhapsody' 'Daft Punk|||Get Lucky' -k 5
  recsys recommend --from heard.txt --skip-unknown --json
  tail -n 20 heard.txt | recsys recommend - --model recency-encoder --keep-seen
  recsys recommend 'Queen|||Bohemian Rhapsody' --explain`;

/** `recsys recommend <item> <item> …`. */
export function addRecommendCommand(program: Command): void {
  const command = program
    .command('recommend [items...]')
    .description('The next items after a list of items (the newest last), by the best model on validation.')
    .addOption(new Option('-k <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .option(
      '--from <file>',
      'items older than those named, one a line (-: standard input, as does the item -)',
    )
    .option('--keep-seen', 'items of the list may be recommended again')
    .option('--skip-unknown', 'leave out names that no item has, instead of an error')
    .option('--explain', 'say why each item is there, where the model can tell')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES);
  addModelOptions(command, 'its best on validation').action(async (named: string[], options: unknown) => {
    const { from, json, ...query } = RecommendOptions.parse(options);
    const items = await itemsOf(named, from);
    const { recommendationsFor } = await import('../../query/recommendations.ts');
    const opened = await openAskedModel(options, 'recommend');
    const names = await opened.names();
    const reply = recommendationsFor(opened, names, { ...query, items });
    if (json) printJson(reply);
    else printReply(reply, query.explain);
  });
}

/** The items of the file come first: they are the older ones. */
async function itemsOf(named: readonly string[], from: string | undefined): Promise<string[]> {
  const files = from === undefined ? [] : [from];
  if (from === undefined && named.includes(STANDARD_INPUT)) files.push(STANDARD_INPUT);
  const lists = await Promise.all(files.map(readItemList));
  return [...lists.flat(), ...named.filter((item) => item !== STANDARD_INPUT)];
}

function printReply(reply: RecommendReply, explain: boolean): void {
  const { model, query, skipped = [], answeredBy, recommendations } = reply;
  const after = `After ${query.length} ${query.length === 1 ? 'item' : 'items'}`;
  if (answeredBy === 'popularity') {
    print(
      `${paint.bold('Most popular')} ${paint.dim(`${sourceText(reply)}: ${model} has nothing of its own after this list`)}`,
    );
  } else {
    print(`${paint.bold(after)} ${paint.dim(`by ${model} ${sourceText(reply)}`)}`);
  }
  if (skipped.length > 0) print(paint.dim(`left out: ${skipped.map(plainText).join(' · ')}`));
  print(explainedItems(recommendations));
  if (explain && recommendations.every(({ facts }) => facts === undefined))
    print(paint.dim(`${model} cannot tell why.`));
  for (const note of notesOf(reply)) print(paint.dim(note));
}

/** What a reader must know of a list that the model alone did not fill. */
function notesOf({ model, asked, answeredBy, recommendations }: RecommendReply): string[] {
  const own = recommendations.filter((item) => item.answeredBy === 'model').length;
  const count = recommendations.length;
  const filled =
    answeredBy === 'model' && own < count
      ? [`From ${own + 1} on: the most popular items, as ${model} recommends no others after this list.`]
      : [];
  const short = count < asked ? [`${count} of ${asked}: there are no others to recommend.`] : [];
  return [...filled, ...short];
}
