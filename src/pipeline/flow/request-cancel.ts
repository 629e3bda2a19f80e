import * as fs from 'node:fs';
import { isRunId } from '../../protocol/run-id.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';

/**
 * Asks a running run to stop, by a file that its driver and steps watch: this needs no handle on their processes.
 * @throws UserError when it does not run
 */
export function requestCancel(run: RunFolder): void {
  if (!run.isDriven()) throw new UserError(`Run ${run.id} is not running.`, 'There is nothing to cancel.');
  const attempt = run.usableDriverState()?.attempt ?? run.newestAttempt();
  fs.closeSync(fs.openSync(run.cancelFile(attempt), 'w'));
}

/**
 * The same for a run by its id or name. An id that no run has yet, or whose run has not begun, is of a run in the making:
 * the process that was told this id with `--id` stops, whether it makes that run or goes on with another one.
 * @throws UserError when there is no such run, it does not run, or the store cannot be written
 */
export async function cancelRun(store: RunStore, reference: string): Promise<void> {
  if (isRunId(reference) && !hasBegun(store.run(reference))) {
    await store.ensure();
    fs.closeSync(fs.openSync(store.earlyCancelFile(reference), 'w'));
  } else requestCancel(store.resolve(reference));
}

function hasBegun(run: RunFolder): boolean {
  return run.isDriven() || run.usableDriverState() !== undefined;
}
