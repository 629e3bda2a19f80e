import { hintInWindow } from '../../protocol/text/window-hint.ts';
import { UserError } from '../../protocol/user-error.ts';

/**
 * A failure of reading queries for a window: its hint would name keys of `recsys.json`, which says nothing of files of
 * queries where these are read as a run's data are.
 */
export function ofQueries(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const { message, hint, inWindow, exitCode } = error;
  if (inWindow !== undefined || !hintInWindow({ hint }).includes('recsys.json')) return error;
  return new UserError(message, hint, {
    ...{ cause: error, exitCode },
    inWindow: `Write the file as the run’s data are written, or predict in a terminal. ${hint}`,
  });
}
