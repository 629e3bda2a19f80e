import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { RunView, StepView } from '../../../protocol/run-view.ts';
import type { Failure } from '../../../protocol/step.ts';
import { showRun } from '../../views/show-json.ts';
import { viewRun } from '../../views/view-run.ts';
import { formatBytes, formatSeconds } from '../../../protocol/text/format.ts';
import { plainText } from '../../terminal/format.ts';
import { resultTexts } from '../output/result-texts.ts';
import { paint, print, printJson, table } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const ShowOptions = z.object({
  json: z._default(z.boolean(), false),
  metrics: z.optional(z.array(z.string())),
});

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function stepRow(step: StepView): string[] {
  const size = step.artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
  const remark = step.failure?.message ?? (step.from === undefined ? '' : `from ${step.from}`);
  return [
    step.path,
    step.state,
    step.seconds === undefined ? '' : formatSeconds(step.seconds),
    size === 0 ? '' : formatBytes(size),
    plainText(remark),
  ];
}

function failureLines(word: string, { message, hint }: Failure): string[] {
  const said = paint.red(`${word} ${plainText(message)}`);
  return hint === undefined ? [said] : [said, `        ${plainText(hint)}`];
}

function headerLines({
  id,
  state,
  manifest,
  labels,
  everything,
  failure,
  damage,
  folder,
  bytes,
  mapBytes,
}: RunView): string[] {
  const lines = [
    `${paint.bold(id)}${labels.name === undefined ? '' : ` ${plainText(labels.name)}`} · ${state}`,
    `data    ${plainText(manifest.data.path)} (${formatBytes(manifest.data.bytes)})`,
    `folder  ${plainText(folder)}`,
    `size    ${formatBytes(bytes)}${mapBytes === undefined ? '' : ` (maps: ${formatBytes(mapBytes)})`}`,
  ];
  if (manifest.origin !== undefined)
    lines.push(`origin  ${manifest.origin.run}: ${plainText(manifest.origin.reason)}`);
  if (everything !== undefined)
    lines.push(`use     ${everything.join(', ')} trained on everything (--everything)`);
  if (labels.tags.length > 0) lines.push(`tags    ${plainText(labels.tags.join(', '))}`);
  if (labels.note !== undefined) lines.push(`note    ${plainText(labels.note)}`);
  const told = failure === undefined || damage.some(({ message }) => message === failure.message);
  if (failure !== undefined && !told) lines.push(...failureLines('failed ', failure));
  for (const part of damage) lines.push(...failureLines('damaged', part));
  return lines;
}

/** `recsys show <run>`. */
export function addShowCommand(program: Command): void {
  const command = program
    .command('show <run>')
    .description('Show a run: its steps, metrics and choice of the best model.')
    .option('--json', 'print one JSON object')
    .option('--metrics <names>', 'metrics of the table, separated by commas; --json has them all', namesIn)
    .addHelpText(
      'after',
      '\nExamples:\n  recsys show latest\n  recsys show latest --metrics hitRate@20,mrr@20\n  recsys show latest --json | jq .metrics.test',
    );
  addStoreOption(command).action((reference: string, options: unknown) => {
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    const { json, metrics } = ShowOptions.parse(options);
    if (json) return printJson(showRun(store, run));
    const view = viewRun(run);
    print(headerLines(view).join('\n'));
    print(`\n${table(['step', 'state', 'time', 'size', ''], view.steps.map(stepRow), [2, 3])}`);
    for (const step of view.steps)
      for (const warning of step.warnings) print(paint.yellow(`! ${step.path}: ${plainText(warning)}`));
    for (const part of resultTexts(store, run, metrics)) print(`\n${part}`);
  });
}
