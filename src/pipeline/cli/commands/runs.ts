import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { RunRow } from '../../../protocol/run-row.ts';
import { viewStore } from '../../views/view-store.ts';
import { formatBytes, formatSeconds } from '../../../protocol/format.ts';
import { formatShare, plainText, shorten } from '../../terminal/format.ts';
import { paint, print, printJson, table } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const RunsOptions = z.object({ json: z._default(z.boolean(), false) });

function row(run: RunRow): string[] {
  const { labels, headline } = run;
  const marks = [labels.starred ? '★' : '', labels.name ?? '', ...labels.tags.map((tag) => `#${tag}`)]
    .filter((mark) => mark !== '')
    .join(' ');
  return [
    run.id,
    run.state,
    shorten(plainText(run.data.path), 40),
    run.best ?? '',
    headline === undefined ? '' : `${headline.metric} ${formatShare(headline.value)}`,
    run.seconds === undefined ? '' : formatSeconds(run.seconds),
    formatBytes(run.bytes),
    plainText(marks),
  ];
}

/** `recsys runs`. */
export function addRunsCommand(program: Command): void {
  const command = program
    .command('runs')
    .description('List the runs of the store, newest first.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  recsys runs\n  recsys runs --store ~/experiments/.recsys --json');
  addStoreOption(command).action((options: unknown) => {
    const view = viewStore(openStoreOf(options));
    if (RunsOptions.parse(options).json) return printJson(view);
    if (view.runs.length === 0 && view.broken.length === 0)
      return print(`No runs in ${view.folder}. Start one: recsys run <data>`);
    print(
      table(['run', 'state', 'data', 'best', 'test', 'time', 'size', 'labels'], view.runs.map(row), [5, 6]),
    );
    for (const { id, damage } of view.runs)
      for (const { message } of damage) print(paint.yellow(`! ${id}: ${plainText(message)}`));
    for (const { id, message } of view.broken) print(paint.yellow(`! ${id}: ${plainText(message)}`));
    print(paint.dim(`${view.folder}: ${formatBytes(view.bytes)}`));
  });
}
