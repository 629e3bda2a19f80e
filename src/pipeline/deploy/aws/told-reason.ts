/** What SageMaker says of work that did not come to anything, with what is known to help. */
import { UserError } from '../../../protocol/user-error.ts';

/** A reason, by its words; what helps, and how a window says that. */
export type ReasonHint = readonly [when: RegExp, hint: string, inWindow?: string];

/** What may be of all work that a model is sent for. */
const OF_ALL: readonly ReasonHint[] = [
  [
    /capacity/i,
    'AWS has none of these instances free: choose another --instance-type, or try later.',
    'AWS has none of these instances free: choose another one, or try later.',
  ],
  [/image|ecr/i, 'The role must be allowed to fetch the container, or name another one with --image.'],
];

export interface Told {
  /** What did not come to anything. */
  readonly what: string;
  readonly status: { readonly status: string; readonly reason?: string | undefined } | undefined;
  /** Hints of its own, which come first. */
  readonly hints: readonly ReasonHint[];
  /** The log group of CloudWatch that tells more. */
  readonly logs: string;
}

export function failedFor({ what, status, hints, logs }: Told): UserError {
  const reason = status?.reason ?? `it is ${status?.status ?? 'gone'}`;
  const [, hint, inWindow] = [...hints, ...OF_ALL].find(([when]) => when.test(reason)) ?? [];
  return new UserError(`${what}: ${reason}`, hint ?? `Its logs are in CloudWatch, under ${logs}.`, {
    inWindow,
  });
}
