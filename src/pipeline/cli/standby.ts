/** Processes that are started ahead of the step they run: `recsys step --standby <step>`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { distDir } from '../dist-dir.ts';
import { standBy } from '../flow/stand-by.ts';
import { StepProcesses } from '../flow/step-processes.ts';
import { flows } from '../stages/flows.ts';

export const STANDBY = '--standby';

/** The command that starts this program again. */
function ownCommand(): string[] {
  const here = fileURLToPath(import.meta.url);
  return [process.execPath, here.startsWith(distDir()) ? path.join(distDir(), 'cli.mjs') : here];
}

/** Processes of this program, for the steps of one run. */
export function stepProcesses(): StepProcesses {
  return new StepProcesses([...ownCommand(), 'step', STANDBY]);
}

/** Hands them to `use` while one gets ready for the first step, and dismisses who stands by in the end. */
export async function withProcesses<T>(
  firstStep: string,
  use: (processes: StepProcesses) => Promise<T>,
): Promise<T> {
  const processes = stepProcesses();
  processes.prepare(firstStep);
  try {
    return await use(processes);
  } finally {
    processes.dispose();
  }
}

/**
 * The other end, within such a process.
 * @param step what it is most likely for
 * @returns the command line it is to run, from `step` on
 */
export async function standByFor(step: string): Promise<string[]> {
  const begun = standBy();
  await flows
    .flatMap(({ steps }) => steps)
    .find(({ name }) => name === step)
    ?.load?.();
  const command = await begun;
  // Lists of processes tell by it what each is doing.
  process.title = ['recsys', ...command.slice(0, 3)].join(' ');
  return command;
}
