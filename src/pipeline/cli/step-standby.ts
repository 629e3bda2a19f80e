/** Processes that are started ahead of the step they run: `recsys step --standby <step> --store <folder>`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';
import { standBy } from '../flow/stand-by.ts';
import { LocalExecutor } from '../flow/local-executor.ts';
import { flows } from '../flows/registry.ts';
import type { RunStore } from '../store/run-store.ts';

export const STANDBY = '--standby';

/** The command that starts this program again. */
function ownCommand(): string[] {
  const here = fileURLToPath(import.meta.url);
  return [process.execPath, here.startsWith(distDir()) ? path.join(distDir(), 'cli.mjs') : here];
}

/** Hands this machine's processes to `use`, and in the end dismisses who stands by. */
export async function withLocalExecutor<T>(
  store: RunStore,
  use: (executor: LocalExecutor) => Promise<T>,
): Promise<T> {
  // Whose a process is, lists of processes tell by the store.
  const executor = new LocalExecutor(store.folder, (step) => [
    ...ownCommand(),
    'step',
    ...[STANDBY, step, '--store', store.folder],
  ]);
  try {
    return await use(executor);
  } finally {
    executor.dispose();
  }
}

/**
 * The other end, within such a process.
 * @param step what it is most likely for
 * @returns the command line it is to run, from `step` on
 * @throws UserError where no driver has started this process
 */
export async function standByFor(step: string): Promise<string[]> {
  if (process.send === undefined)
    throw new UserError(
      `recsys step ${STANDBY} is started by the commands that drive runs, and waits for what they tell it.`,
      'Run one step by itself: recsys step <run> <step>',
      { exitCode: EXIT.usage },
    );
  const begun = standBy();
  const wanted = flows()
    .flatMap(({ steps }) => steps)
    .find(({ name }) => name === step);
  // What cannot be loaded now fails again, and is told, when the step runs.
  await wanted?.load?.().catch(() => undefined);
  const command = await begun;
  const [run = '', path = '', ...options] = command.slice(1);
  process.title = ['recsys', 'step', ...options.slice(0, 2), run, path].join(' ');
  return command;
}
