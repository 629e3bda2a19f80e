import type { Command } from 'commander';
import * as z from 'zod/mini';
import { UserError } from '../../../protocol/user-error.ts';
import { flowOf } from '../../flows/registry.ts';
import { askFor, everythingTask } from '../../launch/ask-for.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { hasReport } from '../../views/reports.ts';
import { untilOf, viewRun } from '../../views/view-run.ts';
import { addLaunchOptions, launchRun } from '../launch-run.ts';
import { everythingTexts } from '../output/everything-texts.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const RefitOptions = z.object({ model: z.optional(z.string()) });

const HELP = `
Nothing is searched or chosen anew, and no figure of the run changes: what it measured is what to expect.

Examples:
  recsys refit latest
  recsys refit 20261122-1149 --model prod2vec-min-count-3
  recsys recommend 'Queen|||Bohemian Rhapsody' --run latest --everything`;

/** `recsys refit <run>`: trains the best model of a finished run on all rows, those of the test part too, for use. */
export function addRefitCommand(program: Command): void {
  const command = program
    .command('refit <run>')
    .description('Train the best model of a finished run on all its rows, the test part included, for use.')
    .option('--model <name>', 'model of the run (default: its best on validation)')
    .addHelpText('after', HELP);
  addLaunchOptions(addStoreOption(command)).action(async (reference: string, options: unknown) => {
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    const { model } = RefitOptions.parse(options);
    requireReport(run);
    const manifest = run.manifest();
    const flow = flowOf(manifest.flow);
    const task = everythingTask(run, flow, model);
    const { asked, unfinished } = askFor(run, flow, [task]);
    if (unfinished === 0 && run.usableDriverState()?.state === 'succeeded') {
      const folder = run.stepFolder(task);
      process.stderr.write(`Run ${run.id}: ${task} is trained already; its package is ${folder}.\n`);
      return;
    }
    process.exitCode = await launchRun(store, options, {
      until: untilOf(flow, manifest, run.usableDriverState()),
      asked,
      results: everythingTexts(asked),
      make: () => Promise.resolve(run),
    });
  });
}

/** @throws UserError for a run that names no best model, and has no figures to expect of one */
function requireReport(run: RunFolder): void {
  if (hasReport(run)) return;
  const { state, next } = viewRun(run);
  throw new UserError(
    `Run ${run.id} has no report yet: nothing says which of its models is the best, and what to expect of it.`,
    state === 'running'
      ? `Wait for it: recsys show ${run.id}`
      : `Go on with it: recsys ${next ?? 'resume'} ${run.id}`,
  );
}
