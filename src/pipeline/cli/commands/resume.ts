import type { Command } from 'commander';
import type { FlowDefinition } from '../../flow/flow-definition.ts';
import { askFor } from '../../launch/ask-for.ts';
import { goOnWith } from '../../launch/go-on.ts';
import { flowOf } from '../../flows/registry.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { untilOf } from '../../views/view-run.ts';
import { noteChangedData } from '../note-changed-data.ts';
import { addLaunchOptions, launchRun } from '../launch-run.ts';
import { everythingTexts } from '../output/everything-texts.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

/**
 * `recsys resume <run>`: goes on from the last finished step or branch. When the run came to its end without some
 * failed branches, these are tried again in a new run, since a finished report is never changed.
 */
export function addResumeCommand(program: Command): void {
  const command = program
    .command('resume <run>')
    .description('Go on with a cancelled, failed or interrupted run from its last finished step or branch.')
    .addHelpText(
      'after',
      '\nExamples:\n  recsys resume latest\n  recsys resume 20261122-1149 --max-workers 1',
    );
  addLaunchOptions(addStoreOption(command)).action(async (reference: string, options: unknown) => {
    const store = openStoreOf(options);
    const run = store.resolve(reference);
    const flow = flowOf(run.manifest().flow);
    const until = untilOf(flow, run.manifest(), run.usableDriverState());
    const asked = unfinishedAsked(run, flow);
    process.exitCode = await launchRun(
      store,
      options,
      asked === undefined
        ? { until, make: () => resumed(store, run, flow, until) }
        : { until, asked, results: everythingTexts(asked), make: () => Promise.resolve(run) },
    );
  });
}

/** What the run was asked for when it was finished, where that is still to be done. */
function unfinishedAsked(run: RunFolder, flow: FlowDefinition): readonly string[] | undefined {
  const { asked } = run.usableDriverState() ?? {};
  if (asked === undefined) return undefined;
  return askFor(run, flow, asked).unfinished === 0 ? undefined : asked;
}

/** @returns undefined where there is nothing to resume, which is said */
async function resumed(
  store: RunStore,
  run: RunFolder,
  flow: FlowDefinition,
  until: string,
): Promise<RunFolder | undefined> {
  const going = await goOnWith(store, flow, run, until);
  // A run that was killed after its last step still has to be recorded as finished.
  if (going.unfinished === 0 && run.usableDriverState()?.state === 'succeeded') {
    process.stderr.write(`Run ${run.id} is finished; there is nothing to resume.\n`);
    return undefined;
  }
  await noteChangedData(run);
  return going.run;
}
