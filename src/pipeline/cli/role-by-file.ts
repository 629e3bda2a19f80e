import type { AskByFile } from '../deploy/asking/ask-by-file.ts';
import type { ChooseRole } from '../deploy/aws/choose-role.ts';
import { turnedAway } from './aws-options.ts';

/** Has a person at a window choose the role that SageMaker takes; undefined where there is no window. */
export function roleByFile(
  asker: AskByFile | undefined,
  of: 'endpoint' | 'job',
  signal: AbortSignal,
): ChooseRole | undefined {
  if (asker === undefined) return undefined;
  return async ({ roles, policy }) => {
    const listed = roles === undefined ? {} : { roles: [...roles] };
    const role = await asker.ask({ kind: 'role', policy, ...listed }, { signal });
    if (role !== undefined) return role;
    throw turnedAway(`No role for the ${of} was chosen. Nothing was made.`);
  };
}
