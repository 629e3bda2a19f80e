import * as fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { StampedEvent } from '../../../protocol/events.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { readEvents } from '../../store/event-log.ts';
import { DRIVER, type RunFolder } from '../../store/run-folder.ts';
import { viewRun } from '../../views/view-run.ts';
import { plainLines, plainText } from '../../terminal/format.ts';
import { paint, print, printJson } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const LogsOptions = z.object({ json: z._default(z.boolean(), false), step: z.optional(z.string()) });

interface Line {
  readonly step: string;
  readonly event: StampedEvent;
  /** By which the lines of several steps are put in order. */
  readonly place: number;
}

/** A step's events stay in their order, though the clock was set back between two attempts. */
function linesOf(run: RunFolder, step: string): Line[] {
  let place = -Infinity;
  return readEvents(run.eventsFile(step)).map((event) => {
    place = Math.max(place, event.t);
    return { step, event, place };
  });
}

function wordsOf({ step, event }: Line): string | undefined {
  switch (event.type) {
    case 'state':
      return `${step} ${event.state}${event.message === undefined ? '' : `: ${event.message}`}`;
    case 'log':
      return `${step} ${event.level}: ${event.message}`;
    case 'loss':
      return `${step} epoch ${event.epoch.toFixed(2)} loss ${event.loss.toFixed(4)} learning rate ${event.alpha.toFixed(5)}`;
    case 'progress':
      return event.total > 0 && event.done >= event.total
        ? `${step} ${event.stage}: ${event.done} ${event.unit}`
        : undefined;
  }
}

/** What a step's process printed by itself: traces of crashes, mostly. */
function outputOf(run: RunFolder, step: string): string {
  const file = path.join(run.stepFolder(step), 'output.log');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
}

/** `recsys logs <run>`: the events of all steps by time, then what their processes printed. */
export function addLogsCommand(program: Command): void {
  const command = program
    .command('logs <run>')
    .description('Print the log of a run, by time.')
    .option('--step <step>', 'only this step or branch')
    .option('--json', 'print events as NDJSON')
    .addHelpText(
      'after',
      '\nExamples:\n  recsys logs latest\n  recsys logs latest --step train/prod2vec-min-count-3',
    );
  addStoreOption(command).action((reference: string, options: unknown) => {
    const { json, step: only } = LogsOptions.parse(options);
    const run = openStoreOf(options).resolve(reference);
    const all = [DRIVER, ...viewRun(run).steps.map((step) => step.path)];
    const steps = only === undefined ? all : all.filter((step) => step === only);
    if (steps.length === 0)
      throw new UserError(`Run ${run.id} has no step '${only ?? ''}'.`, `It has: ${all.join(', ')}.`, {
        exitCode: EXIT.notFound,
      });
    const lines = steps.flatMap((step) => linesOf(run, step)).sort((a, b) => a.place - b.place);
    if (json) {
      for (const { step, event } of lines) printJson({ run: run.id, step, ...event });
      return;
    }
    for (const line of lines) {
      const words = wordsOf(line);
      if (words !== undefined)
        print(`${paint.dim(new Date(line.event.t).toISOString())} ${plainText(words)}`);
    }
    for (const step of steps) {
      const output = outputOf(run, step);
      if (output !== '') print(`${paint.dim(`— output of ${step}`)}\n${plainLines(output)}`);
    }
  });
}
