import { EXIT, UserError } from '../../protocol/user-error.ts';
import { isRunId } from '../../protocol/run-id.ts';

/** Names the newest run, wherever a run is asked for. */
export const LATEST = 'latest';

const LONGEST_NAME = 200;

/** Why a run may not be called so; undefined for a name that may be, or none. */
function problemOf(name: string): string | undefined {
  const shown = `'${name.slice(0, 60)}${name.length > 60 ? '…' : ''}'`;
  if (name.toLowerCase() === LATEST)
    return `A run cannot be called '${name}': that word names the newest run`;
  if (isRunId(name)) return `A run cannot be called ${shown}: ids of runs look like this`;
  if (name.length > LONGEST_NAME) return `The name ${shown} is longer than ${LONGEST_NAME} characters`;
  if (name.startsWith('-')) return `A run cannot be called ${shown}: it would be taken for an option`;
  if (/\p{Cc}/u.test(name)) return 'The name of a run cannot hold line breaks or other control characters';
  return name === '' || name.trim() === name ? undefined : `The name ${shown} begins or ends with a blank`;
}

/** @throws UserError for a name by which a run could not be found */
export function requireRunName(name: string | undefined): void {
  const problem = name === undefined ? undefined : problemOf(name);
  if (problem !== undefined)
    throw new UserError(`${problem}.`, 'Choose another name.', { exitCode: EXIT.usage });
}
