import * as os from 'node:os';
import type { ProcessIdentity } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';

const PATIENCE_MS = 3000;
const POLL_MS = 50;

/**
 * A driver that was killed may leave a step's process for a moment: it stops by itself when its channel closes.
 * This waits for its end, and kills it when it does not come, so that a step never has two writers.
 */
export async function waitForOrphan(run: RunFolder, step: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const state = run.usableStepState(step);
    if (state === undefined || !run.alive(step, state) || state.process.pid === process.pid) return;
    if (performance.now() > deadline) end(run, step, state.process);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function end(run: RunFolder, step: string, { pid, host }: ProcessIdentity): void {
  if (host !== os.hostname())
    throw new UserError(
      `Step '${step}' of run ${run.id} is running on ${host}.`,
      'Wait for it, or end it there.',
    );
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has just ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
