import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import type { RunRow } from '../../../protocol/run-row.ts';
import { viewStore } from '../../views/view-store.ts';
import { formatBytes, formatSeconds, oneOrMany } from '../../../protocol/text/format.ts';
import { formatShare, plainText, shorten } from '../../terminal/format.ts';
import { paint, print, printJson, table } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf, wholeNumber } from '../store-options.ts';

const RunsOptions = z.object({
  json: z._default(z.boolean(), false),
  last: z.int(),
  all: z._default(z.boolean(), false),
});

/** Runs that fit a few screens; reading more takes time that few want to wait. */
const LAST = 100;

/** The best model, and what was trained on all rows too: `stack (on everything)`, `stack, prod2vec on everything`. */
function bestText({ best, everything = [] }: RunRow): string {
  const others = everything.filter((name) => name !== best);
  const own =
    best === undefined ? [] : [others.length < everything.length ? `${best} (on everything)` : best];
  return [...own, ...(others.length === 0 ? [] : [`${others.join(', ')} on everything`])].join(', ');
}

function row(run: RunRow): string[] {
  const { labels, headline } = run;
  const marks = [labels.starred ? '★' : '', labels.name ?? '', ...labels.tags.map((tag) => `#${tag}`)]
    .filter((mark) => mark !== '')
    .join(' ');
  return [
    run.id,
    run.state,
    shorten(plainText(run.data.path), 40),
    bestText(run),
    headline === undefined ? '' : `${headline.metric} ${formatShare(headline.value)}`,
    run.seconds === undefined ? '' : formatSeconds(run.seconds),
    formatBytes(run.bytes),
    plainText(marks),
  ];
}

function olderText(older: number): string {
  return oneOrMany(
    older,
    'One older run: recsys runs --all',
    (count) => `${count} older runs: recsys runs --all`,
  );
}

/** `recsys runs`. */
export function addRunsCommand(program: Command): void {
  const command = program
    .command('runs')
    .description('List the runs of the store, newest first.')
    .addOption(new Option('--last <n>', 'so many of them').argParser(wholeNumber(1)).default(LAST))
    .option('--all', 'all of them')
    .option('--json', 'print one JSON object, of all of them')
    .addHelpText('after', '\nExamples:\n  recsys runs\n  recsys runs --store ~/experiments/.recsys --json');
  addStoreOption(command).action((options: unknown) => {
    const { json, last, all } = RunsOptions.parse(options);
    const store = openStoreOf(options);
    const newest = json || all ? Infinity : last;
    const view = viewStore(store, newest);
    if (json) return printJson(view);
    if (view.runs.length === 0 && view.broken.length === 0)
      return print(`No runs in ${view.folder}. Start one: recsys run <data>`);
    print(
      table(['run', 'state', 'data', 'best', 'test', 'time', 'size', 'labels'], view.runs.map(row), [5, 6]),
    );
    for (const { id, damage } of view.runs)
      for (const { message } of damage) print(paint.yellow(`! ${id}: ${plainText(message)}`));
    for (const { id, message } of view.broken) print(paint.yellow(`! ${id}: ${plainText(message)}`));
    const older = store.runIds().length - view.runs.length - view.broken.length;
    print(paint.dim(older > 0 ? olderText(older) : `${view.folder}: ${formatBytes(view.bytes)}`));
  });
}
