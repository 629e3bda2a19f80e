import type { Command } from 'commander';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { cannotWrite } from '../../exporters/output-checks.ts';
import { writeAtomically } from '../../store/atomic-file.ts';
import { print } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const CardOptions = z.object({ output: z.optional(z.string()) });

/** `recsys card <run>`. */
export function addCardCommand(program: Command): void {
  const command = program
    .command('card <run>')
    .description("Write a run's result card as one self-contained HTML file.")
    .option('-o, --output <file>', 'file to write (default: recsys-card-<run>.html here)')
    .addHelpText('after', '\nExamples:\n  recsys card latest\n  recsys card latest -o report.html');
  addStoreOption(command).action(async (reference: string, options: unknown) => {
    const { cardData } = await import('../../views/card-data.ts');
    const { renderCardHtml } = await import('../../cards/render-card-html.ts');
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    const output = path.resolve(CardOptions.parse(options).output ?? `recsys-card-${run.id}.html`);
    const html = await renderCardHtml(cardData(store, run));
    try {
      await writeAtomically(output, (temporary) => fs.writeFile(temporary, html));
    } catch (error) {
      throw cannotWrite(output, error);
    }
    print(output);
  });
}
