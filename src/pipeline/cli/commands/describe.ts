import type { Command } from 'commander';
import * as z from 'zod/mini';
import { formatCount } from '../../../protocol/text/format.ts';
import { plainLines, plainText, shorten } from '../../terminal/format.ts';
import { addReadingOptions, specChangesIn } from '../spec-options.ts';
import { paint, print, printJson, table } from '../../terminal/terminal.ts';

const DescribeOptions = z.object({
  json: z._default(z.boolean(), false),
  save: z._default(z.boolean(), false),
});

/** `recsys describe <data>`: columns, sample values and the guessed spec with its reasons. */
export function addDescribeCommand(program: Command): void {
  const describe = program
    .command('describe <data>')
    .description('Show the columns of a data file and the dataset spec guessed from them.');
  addReadingOptions(describe)
    .option('--save', 'keep the guessed spec in recsys.json')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  recsys describe playlists.parquet\n  recsys describe orders.csv.gz --save\n  recsys describe ratings.dat --delimiter ::',
    )
    .action(async (data: string, options: Readonly<Record<string, unknown>>) => {
      const { json, save } = DescribeOptions.parse(options);
      const { previewData } = await import('../../data/describe/preview-data.ts');
      const preview = await previewData(data, process.cwd(), specChangesIn(options));
      if (save) {
        const { saveSpec } = await import('../../data/recsys-file.ts');
        process.stderr.write(`Saved in ${await saveSpec(data, process.cwd(), preview.guess.spec)}\n`);
      }
      if (json) return printJson(preview);
      const rows = preview.columns.map(({ name, type, samples }) => [
        plainText(name),
        plainText(type),
        samples.map((sample) => shorten(plainText(sample), 28)).join(' · '),
      ]);
      print(
        `${data}${preview.rows === undefined ? '' : `: ${formatCount(preview.rows)} rows`}\n${table(['column', 'type', 'samples'], rows)}`,
      );
      print(`\n${paint.bold('Guessed spec')}\n${plainLines(JSON.stringify(preview.guess.spec, null, 2))}`);
      for (const [field, reason] of Object.entries(preview.guess.reasons))
        print(`${paint.dim(field.padEnd(9))} ${plainText(reason)}`);
    });
}
