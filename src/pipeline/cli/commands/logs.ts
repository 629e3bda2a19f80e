import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { RunFolder } from '../../store/run-folder.ts';
import { logText } from '../../views/log-text.ts';
import { type LogPart, type LogPlaces, readLog, stepsOfLog } from '../../views/run-log.ts';
import { paint, printJson } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const LogsOptions = z.object({
  json: z._default(z.boolean(), false),
  follow: z._default(z.boolean(), false),
  step: z.optional(z.string()),
});

const FOLLOW_MS = 500;

function printPart(run: RunFolder, part: LogPart, json: boolean): void {
  if (json) for (const { step, event } of part.events) printJson({ run: run.id, step, ...event });
  else process.stdout.write(logText(part, paint.dim));
}

/** Prints what there is after the places, and gives the places after it. */
function printFrom(run: RunFolder, only: string | undefined, json: boolean, from: LogPlaces): LogPlaces {
  const steps = stepsOfLog(run, only);
  let places = from;
  for (let more = true; more;) {
    const part = readLog(run, steps, places);
    printPart(run, part, json);
    ({ places, more } = part);
  }
  return places;
}

/** `recsys logs <run>`: the events of all steps by time, then what their processes printed. */
export function addLogsCommand(program: Command): void {
  const command = program
    .command('logs <run>')
    .description('Print the log of a run, by time.')
    .option('--step <step>', 'only this step or branch')
    .option('--follow', 'go on with what is written until the run ends')
    .option('--json', 'print events as NDJSON')
    .addHelpText(
      'after',
      '\nExamples:\n  recsys logs latest --follow\n  recsys logs latest --step train/prod2vec-min-count-3',
    );
  addStoreOption(command).action(async (reference: string, options: unknown) => {
    const { json, follow, step } = LogsOptions.parse(options);
    const run = openStoreOf(options).resolve(reference);
    // Whether it runs is looked at before its log: what is written last is read.
    let running = follow && run.isDriven();
    let places = printFrom(run, step, json, {});
    while (running) {
      await pause(FOLLOW_MS);
      running = run.isDriven();
      places = printFrom(run, step, json, places);
    }
  });
}
