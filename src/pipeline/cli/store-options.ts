import { existsSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import type { ExecutionOptions } from '../flow/execution-options.ts';
import { underTopic } from './help-topics.ts';
import { defaultMemoryLimit, LEAST_RUN_MIB } from '../flow/memory-budget.ts';
import { RunStore } from '../store/run-store.ts';

const STORE_NAME = '.recsys';

/** The store of the nearest folder upwards that has one, else `.recsys` here. */
export function defaultStore(start = process.cwd()): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, STORE_NAME, 'store.json'))) return path.join(folder, STORE_NAME);
    if (folder === path.dirname(folder)) return path.join(start, STORE_NAME);
  }
}

export function addStoreOption(command: Command): Command {
  return command.addOption(
    new Option('--store <folder>', 'folder of the run store (default: the nearest .recsys upwards)').env(
      'RECSYS_STORE',
    ),
  );
}

const StoreOptions = z.object({ store: z.optional(z.string()) });

/** The store that the options name; an empty name, as of a variable that is set to nothing, names none. */
export function openStoreOf(options: unknown): RunStore {
  const named = StoreOptions.parse(options).store?.trim() ?? '';
  return RunStore.open(named === '' ? defaultStore() : named);
}

/** An option's whole number of at least `min`. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min)
      throw new InvalidArgumentError(`It must be a whole number of at least ${min}.`);
    return value;
  };
}

const RUNNING = { name: 'running', title: 'Threads and memory' };

/** @param leastMemory MiB; one step of a run may be given a smaller share than the whole run needs */
export function addExecutionOptions(command: Command, leastMemory = LEAST_RUN_MIB): Command {
  const options = [
    new Option('--max-workers <n>', 'threads all branches may use together')
      .argParser(wholeNumber(1))
      .default(os.availableParallelism(), 'all cores'),
    new Option('--threads <n>', 'threads of one branch (0: shared out)').argParser(wholeNumber(0)).default(0),
    new Option('--memory-limit <MiB>', `memory all processes of the run may use, at least ${leastMemory}`)
      .argParser(wholeNumber(leastMemory))
      .default(defaultMemoryLimit(), '60 % of the machine, or of its container'),
  ];
  for (const option of options) command.addOption(underTopic(option, RUNNING));
  return command;
}

const Execution = z.object({ maxWorkers: z.int(), threads: z.int(), memoryLimit: z.int() });

export function executionOf(options: unknown): ExecutionOptions {
  return Execution.parse(options);
}
