/** Makes the run that a command asks for and drives it, in this process. */
import { Option, type Command } from 'commander';
import * as z from 'zod/mini';
import { EXIT } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { driveRun, type DriveOptions } from './drive.ts';
import { EarlyCancel } from './early-cancel.ts';
import { withLocalExecutor } from './step-standby.ts';
import { addExecutionOptions, executionOf } from './store-options.ts';

const LaunchOptions = z.object({ json: z._default(z.boolean(), false), id: z.optional(z.string()) });

/** Options of every command that may make a run. */
export function addLaunchOptions(command: Command): Command {
  return addExecutionOptions(
    command
      .option('--json', 'print events as NDJSON')
      .addOption(new Option('--id <id>', 'id of the run where a new one is made, for programs').hideHelp()),
  );
}

export interface Launch extends Pick<DriveOptions, 'asked' | 'results'> {
  readonly until: string;
  /** The step whose process is to come up while the run is made; absent: none. */
  readonly standBy?: string;
  /** The run to drive; undefined where there is nothing to do. */
  make(): Promise<RunFolder | undefined>;
}

/**
 * @param options as commander has parsed them
 * @returns the exit code
 * @throws UserError for an id that cannot be given, and whatever `make` throws
 */
export async function launchRun(store: RunStore, options: unknown, launch: Launch): Promise<number> {
  const { json, id } = LaunchOptions.parse(options);
  const execution = executionOf(options);
  if (id !== undefined) store.nameNextRun(id);
  const cancel = EarlyCancel.watch(store, id);
  try {
    return await withLocalExecutor(store, async (executor) => {
      if (launch.standBy !== undefined) executor.expect(launch.standBy);
      const run = await launch.make();
      if (run === undefined) return EXIT.ok;
      cancel?.made(run);
      const { until, asked, results } = launch;
      return driveRun(store, run, {
        ...{ json, execution, until, executor },
        ...(asked === undefined ? {} : { asked }),
        ...(results === undefined ? {} : { results }),
      });
    });
  } finally {
    cancel?.dispose();
  }
}
