import * as fs from 'node:fs';
import { UserError } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';

/**
 * Asks a running run to stop, by a file that its driver and steps watch: this needs no handle on their processes.
 * @throws UserError when it does not run
 */
export function requestCancel(run: RunFolder): void {
  if (!run.isDriven()) throw new UserError(`Run ${run.id} is not running.`, 'There is nothing to cancel.');
  const attempt = run.usableDriverState()?.attempt ?? run.newestAttempt();
  fs.closeSync(fs.openSync(run.cancelFile(attempt), 'w'));
}
