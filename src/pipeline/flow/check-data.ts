import * as fs from 'node:fs';
import type { RunManifest } from '../../protocol/run.ts';
import { UserError } from '../../protocol/user-error.ts';

/**
 * A run's results are filed under the fingerprint its data had when it began, so it may read no others.
 * @throws UserError when one of its files is gone or was changed since
 */
export function requireSameData({ data }: RunManifest): void {
  for (const { path, bytes, modified } of data.files) {
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    if (stats === undefined)
      throw new UserError(`${path} is gone.`, `Restore it, or start a new run on ${data.path}.`);
    if (stats.size !== bytes || stats.mtime.toISOString() !== modified)
      throw new UserError(
        `${path} was changed after the run began.`,
        `Start a new run: recsys run ${data.path}`,
      );
  }
}
