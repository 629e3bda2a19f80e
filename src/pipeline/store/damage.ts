import type { Failure } from '../../protocol/step.ts';
import { messageOf, UserError } from '../../protocol/user-error.ts';

/** What of a run's files could not be read: the rest is shown all the same, with the reasons. */
export class Damage {
  readonly found: Failure[];

  /** @param found what is known already */
  constructor(found: readonly Failure[] = []) {
    this.found = [...found];
  }

  /** What `read` gives; undefined, with the reason noted once, where it throws. */
  except<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.note(failureOf(error));
      return undefined;
    }
  }

  note(failure: Failure): void {
    if (!this.found.some(({ message }) => message === failure.message)) this.found.push(failure);
  }
}

/** A failure to read, as it is shown. */
export function failureOf(error: unknown): Failure {
  return {
    message: messageOf(error),
    ...(error instanceof UserError ? { hint: error.hint } : {}),
  };
}
