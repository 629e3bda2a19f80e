import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { StepEvent } from '../../../protocol/events.ts';
import { flowOf } from '../../flows/registry.ts';
import { runStepProcess } from '../../flow/step-process.ts';
import { ProgressView, type EventView } from '../output/progress-view.ts';
import { addExecutionOptions, addStoreOption, executionOf, openStoreOf } from '../store-options.ts';

const StepOptions = z.object({ dataRoot: z.optional(z.string()), secondsUsed: z.optional(z.number()) });

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
  command.option(
    '--data-root <folder>',
    'where the data lie here, under the paths they had where the run was begun',
  );
  command.option(
    '--seconds-used <s>',
    'how much of a budget of time was used before, as the driver of the run counts it',
    Number,
  );
  addExecutionOptions(addStoreOption(command), 1).action(
    async (reference: string, step: string, options: unknown) => {
      const store = openStoreOf(options);
      const run = store.resolve(reference);
      const { memoryLimit, maxWorkers, threads } = executionOf(options);
      const view = process.send === undefined ? new ProgressView() : new DriverView();
      const code = await runStepProcess(flowOf(run.manifest().flow), run, step, {
        threads: threads === 0 ? maxWorkers : threads,
        memoryLimit,
        ...StepOptions.parse(options),
        onEvent: (event) => view.event(step, event),
      });
      await view.close();
      await Promise.all([process.stdout, process.stderr].map(flushed));
      // Open handles of native libraries must not keep the process.
      process.exit(code);
    },
  );
}

/** Waits until what was printed has left the process, or cannot: an exit would cut it off. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

/** Sends events to the driver that started this process. */
class DriverView implements EventView {
  #sent: Promise<void> = Promise.resolve();

  event(_step: string, event: StepEvent): void {
    // A driver that was killed no longer listens; the events are in the file all the same.
    if (!process.connected) return;
    this.#sent = new Promise((resolve) => {
      process.send?.({ event }, undefined, undefined, () => resolve());
    });
  }

  /** Waits for the last message: an exit would cut it off. */
  close(): Promise<void> {
    return this.#sent;
  }
}
