import type { Command } from 'commander';
import * as z from 'zod/mini';
import { flowOf } from '../../stages/flows.ts';
import { runStepProcess } from '../../flow/step-process.ts';
import { ProgressView } from '../output/progress-view.ts';
import { addExecutionOptions, addStoreOption, executionOf, openStoreOf } from '../store-options.ts';

const StepOptions = z.object({ threads: z.int() });

/**
 * `recsys step <run> <step>[/<branch>]`: runs one step in this process, its inputs and outputs named in the run's
 * folder. The driver starts these; so can any engine elsewhere that shares the folder.
 */
export function addStepCommand(program: Command): void {
  const command = program
    .command('step <run> <step>')
    .description(
      'Run one step or branch of a run in this process (what the other commands and cluster engines start).',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  recsys step latest prepare\n  recsys step 20261122-1149 train/popularity --threads 2',
    );
  addExecutionOptions(addStoreOption(command)).action(
    async (reference: string, step: string, options: unknown) => {
      const store = openStoreOf(options);
      const run = store.resolve(reference);
      const { threads } = StepOptions.parse(options);
      const { memoryLimit, maxWorkers } = executionOf(options);
      const byDriver = process.send !== undefined;
      const view = byDriver ? undefined : new ProgressView();
      const code = await runStepProcess(flowOf(run.manifest().flow), run, step, {
        threads: threads === 0 ? maxWorkers : threads,
        memoryLimit,
        onEvent: (event) => {
          if (view === undefined) process.send?.({ event });
          else view.event(step, event);
        },
      });
      view?.close();
      // Open handles of native libraries must not keep the process.
      process.exit(code);
    },
  );
}
