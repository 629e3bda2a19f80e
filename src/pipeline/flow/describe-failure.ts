import type { Failure } from '../../protocol/step.ts';
import { UserError, messageOf } from '../../protocol/user-error.ts';
import { isDiskFull } from '../store/store-error.ts';

/** What went wrong, as it is recorded and shown; the stack stays in the record. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UserError) {
    const { message, hint, remedy } = error;
    return { message, hint, ...(remedy === undefined ? {} : { remedy }) };
  }
  if (isDiskFull(error))
    return {
      message: 'The disk is full.',
      hint: 'Free some space, then resume the run; finished steps are kept.',
    };
  const stack = error instanceof Error ? error.stack : undefined;
  return { message: messageOf(error), ...(stack === undefined ? {} : { stack }) };
}
