/** Taking away what work that failed has made, and what a person is told of it. */
import { messageOf, UserError } from '../../../protocol/user-error.ts';
import type { DeploymentFolder } from '../deployment-folder.ts';
import type { Aws } from './aws-clients.ts';
import { explained } from './fault.ts';
import type { Removal } from './remove-pieces.ts';
import { settle } from './settle.ts';

/** What a person can do where something is left. */
export const SWEEP_LATER = 'Take away what is left later: recsys endpoint sweep';

export interface TakenAway {
  readonly said: string;
  /** Whether something may be there that is to be taken away later. */
  readonly isLeft: boolean;
}

export interface TakingAway {
  readonly aws: Aws;
  /** Gives it up, which the journal then remembers. */
  readonly signal: AbortSignal | undefined;
  readonly inform: (message: string) => void;
  /** What is told where it was tried with all. */
  readonly saidOf: (removal: Removal) => string;
}

export async function takeAway(
  folder: DeploymentFolder,
  { aws, signal, inform, saidOf }: TakingAway,
): Promise<TakenAway> {
  try {
    const onWait = (status: string): void => inform(`Waiting until it can be taken away: it is ${status}.`);
    const removal = await settle(folder, { aws, signal, onWait });
    return { said: saidOf(removal), isLeft: removal.remaining.length > 0 };
  } catch (error) {
    const why = messageOf(explained(error, aws.doing('taking away what was made')));
    const names = [...folder.ledger().pieces.keys()].join(', ');
    return { said: `What was made could not be taken away (${why}): ${names}.`, isLeft: true };
  }
}

/** What made the work fail, with what became of what it had made. */
export function failedAnd({ said, isLeft }: TakenAway, error: UserError): UserError {
  const withLater = (hint: string): string => [hint, isLeft ? SWEEP_LATER : ''].filter(Boolean).join(' ');
  const { message, hint, inWindow, exitCode, remedy } = error;
  return new UserError(`${message} ${said}`, withLater(hint), {
    ...{ exitCode, remedy },
    inWindow: inWindow === undefined ? undefined : withLater(inWindow),
  });
}

export function remainsText(remaining: Removal['remaining']): string {
  return `This may still be there: ${remaining.map(({ piece, why }) => `${piece} (${why})`).join(' · ')}.`;
}
