import { errorInWindow } from '../../protocol/text/window-hint.ts';
import type { UserError } from '../../protocol/user-error.ts';

/** Asks `recsys` to tell its failure in its last line. */
export const ERRORS_AS_JSON = '--errors=json';

/**
 * The failure that a `recsys` process told in the last line of its error output, as it was asked to.
 * @param untold what is thrown where it could not, as where it was killed
 */
export async function toldFailure(said: string, untold: () => UserError): Promise<UserError> {
  const { FailureEvent } = await import('../late.ts');
  const failure = FailureEvent.safeParse(parsed(said.trimEnd().split('\n').at(-1) ?? ''));
  if (!failure.success) return untold();
  return errorInWindow(failure.data);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
