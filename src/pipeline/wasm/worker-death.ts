import type { Worker } from 'node:worker_threads';
import { messageOf, UserError } from '../../protocol/user-error.ts';

const HINT =
  'The machine may have run out of memory: try a smaller --memory-limit or --max-workers, and go on with recsys resume.';

/**
 * Rejects when a worker thread fails or ends, from now on, so that nobody waits for an answer that cannot come. A thread
 * that is done ends too: whoever waits decides whether that was too early.
 * @param what names the thread in the error: `A training thread`
 */
export function deathOf(worker: Worker, what: string): Promise<never> {
  const death = new Promise<never>((_, reject) => {
    worker.once('error', (cause) =>
      reject(new UserError(`${what} failed: ${messageOf(cause)}`, HINT, { cause })),
    );
    worker.once('exit', (code) =>
      reject(new UserError(`${what} ended before its work was done (code ${code}).`, HINT)),
    );
  });
  death.catch(() => undefined);
  return death;
}
