import type { Command } from 'commander';
import * as z from 'zod/mini';
import { EXIT } from '../../../protocol/user-error.ts';
import { goOnWith } from '../../launch/go-on.ts';
import { flowOf } from '../../flows/registry.ts';
import { untilOf } from '../../views/view-run.ts';
import { noteChangedData } from '../note-changed-data.ts';
import { driveRun } from '../drive.ts';
import { withLocalExecutor } from '../step-standby.ts';
import { addExecutionOptions, addStoreOption, executionOf, openStoreOf } from '../store-options.ts';

const ResumeOptions = z.object({ json: z._default(z.boolean(), false) });

/**
 * `recsys resume <run>`: goes on from the last finished step or branch. When the run came to its end without some
 * failed branches, these are tried again in a new run, since a finished report is never changed.
 */
export function addResumeCommand(program: Command): void {
  const command = program
    .command('resume <run>')
    .description('Go on with a cancelled, failed or interrupted run from its last finished step or branch.')
    .option('--json', 'print events as NDJSON')
    .addHelpText(
      'after',
      '\nExamples:\n  recsys resume latest\n  recsys resume 20261122-1149 --max-workers 1',
    );
  addExecutionOptions(addStoreOption(command)).action(async (reference: string, options: unknown) => {
    const { json } = ResumeOptions.parse(options);
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    const manifest = run.manifest();
    const driver = run.usableDriverState();
    const flow = flowOf(manifest.flow);
    const until = untilOf(flow, manifest, driver);
    const going = await goOnWith(store, flow, run, until);
    // A run that was killed after its last step still has to be recorded as finished.
    if (going.unfinished === 0 && driver?.state === 'succeeded') {
      process.stderr.write(`Run ${run.id} is finished; there is nothing to resume.\n`);
      process.exitCode = EXIT.ok;
      return;
    }
    await noteChangedData(run);
    const execution = executionOf(options);
    process.exitCode = await withLocalExecutor(store, (executor) =>
      driveRun(store, going.run, { json, execution, until, executor }),
    );
  });
}
