/** What went wrong in a call of AWS, and what a person is told of it. */
import { NO_CAPACITY } from '../../../protocol/no-capacity.ts';
import { EXIT, messageOf, UserError, type Remedy } from '../../../protocol/user-error.ts';
import { codeOf } from '../../store/store-error.ts';
import { redacted } from './redact.ts';

export interface Fault {
  /** AWS's name of it: `ValidationException`. */
  readonly code: string;
  readonly message: string;
  /** Whether AWS surely refused, so that nothing was made or changed. */
  readonly certain: boolean;
}

const THROTTLED = /Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|RequestTimeout/;
const BEFORE_SENDING = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

export function faultOf(error: unknown): Fault {
  const name = error instanceof Error ? error.name : '';
  const code = name === 'Error' || name === '' ? (codeOf(error) ?? 'Error') : name;
  const status = statusOf(error);
  const isRefusal = status !== undefined && status >= 400 && status < 500 && !THROTTLED.test(code);
  return {
    code,
    message: redacted(messageOf(error)),
    certain: isRefusal || BEFORE_SENDING.has(code),
  };
}

/** Whether AWS says that there is no such thing. SageMaker and CloudFormation say so of what is not valid. */
export function isMissing(error: unknown): boolean {
  const { code, message } = faultOf(error);
  if (/^(NotFound|NoSuch\w*|ResourceNotFound|ResourceNotFoundException|ObjectNotFoundException)$/.test(code))
    return true;
  const absent = /could not find|does not exist|not found|no scalable target found/i;
  return /^Validation(Exception|Error)$/.test(code) && absent.test(message);
}

/** Whether the caller may not ask this. */
export function isDenied(error: unknown): boolean {
  const { code } = faultOf(error);
  return statusOf(error) === 403 || /AccessDenied|UnauthorizedOperation|Forbidden|NotAuthorized/.test(code);
}

/** Whether an endpoint has scaled to zero, and starts an instance because it was asked. */
export function isAsleep(error: unknown): boolean {
  return NO_CAPACITY.test(faultOf(error).message);
}

export interface Doing {
  /** What was being done, as a clause: `making the model m`. */
  readonly what: string;
  readonly region: string;
  readonly profile: string | undefined;
}

interface Explanation {
  readonly when: RegExp;
  readonly say: (fault: Fault, doing: Doing) => readonly [message: string, hint: string, inWindow?: string];
  readonly remedy?: Remedy;
}

/** The second is said of a token that was revoked. */
const SIGN_IN = /sso|session token not found or invalid/i;

/** Whether a person has to sign in with a browser before there are credentials. */
export function isSignedOut(error: unknown): boolean {
  const { code, message } = faultOf(error);
  return BEFORE_SENDING.has(code) && SIGN_IN.test(message);
}

function login(profile: string | undefined): string {
  return profile === undefined ? 'aws sso login' : `aws sso login --profile ${profile}`;
}

/** By the code and the message of a fault; the first that fits is said. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    when: SIGN_IN,
    say: (_, { profile }) => [
      `The sign-in of ${profile === undefined ? 'this profile' : `profile '${profile}'`} is over, or was never made.`,
      `Sign in, then try again: ${login(profile)}`,
    ],
    remedy: 'signIn',
  },
  {
    when: /ExpiredToken|RequestExpired|TokenRefreshRequired|security token .* expired/i,
    say: (_, { what, profile }) => [
      `The AWS credentials ran out while ${what}.`,
      `Renew them (${login(profile)}, or as your company does), then try again.`,
    ],
  },
  {
    when: /Could not resolve credentials using profile|profile .* (could not be found|not found)/i,
    say: (_, { profile = 'default' }) => [
      `There are no usable credentials in the AWS profile '${profile}'.`,
      'Name another with --profile (aws configure list-profiles shows all), or set it up: aws configure sso',
      'Choose another one, or set it up in a terminal: aws configure sso',
    ],
  },
  {
    when: /^(CredentialsProviderError|TokenProviderError|ProviderError)/,
    say: (_, { profile }) => [
      profile === undefined
        ? 'There are no AWS credentials.'
        : `The AWS profile '${profile}' gives no credentials.`,
      'Set up a profile (aws configure sso, or aws configure) and name it with --profile.',
      'Set up a profile in a terminal (aws configure sso, or aws configure), and choose it.',
    ],
  },
  {
    when: NO_CAPACITY,
    say: () => [
      'The endpoint has scaled to zero, as nobody asked it for a while: it has no instance that could answer.',
      'AWS starts one now, because it was asked. Ask again in some minutes.',
    ],
  },
  {
    when: /UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|AuthFailure|IncompleteSignature/,
    say: (_, { what, region }) => [
      `AWS does not accept the credentials while ${what} in ${region}.`,
      'Check that they are right and not deactivated, and that the account has enabled this region.',
    ],
  },
  {
    when: /ResourceLimitExceeded|LimitExceeded|ServiceQuotaExceeded|TooManyBuckets/,
    say: ({ message }, { what }) => [
      `A quota of the account is used up, while ${what}: ${message}`,
      'Ask for more in the Service Quotas console (SageMaker), choose less (--concurrency, another --instance-type), or take away what is not needed: recsys endpoint list',
      'Ask for more in the Service Quotas console (SageMaker), choose another instance, or take away what is not needed: “RecSys: Find What Costs Money”.',
    ],
  },
  {
    when: /AccessDenied|UnauthorizedOperation|Forbidden|NotAuthorized/,
    say: ({ message }, { what }) => [
      `AWS does not allow ${what}: ${message}`,
      'Ask an administrator for this permission; what is needed in all: recsys deploy --print-policy',
    ],
  },
  {
    when: THROTTLED,
    say: (_, { what }) => [`AWS is asked too much at the moment (${what}).`, 'Try again in a minute.'],
  },
  {
    when: /ENOTFOUND|EAI_AGAIN/,
    say: (_, { what, region }) => [
      `The address of AWS in region '${region}' was not found, while ${what}.`,
      'Check the network, and the name of the region (--region).',
      'Check the network, and the name of the region.',
    ],
  },
  {
    when: /ECONN|EPIPE|EHOSTUNREACH|ENETUNREACH|TimeoutError|ETIMEDOUT|socket hang up/,
    say: ({ code }, { what, region }) => [
      `AWS did not answer (${code}), while ${what} in ${region}.`,
      'Check the network, then try again.',
    ],
  },
];

/** What a person is told; a UserError is passed on as it is. The cause is left out: it may hold what was signed. */
export function explained(error: unknown, doing: Doing): UserError {
  if (error instanceof UserError) return error;
  const fault = faultOf(error);
  const text = `${fault.code}: ${fault.message}`;
  const found = EXPLANATIONS.find(({ when }) => when.test(text));
  const [message, hint, inWindow] = found?.say(fault, doing) ?? [
    `AWS failed while ${doing.what}: ${fault.message} (${fault.code})`,
    'Try again; where it stays, the AWS console tells more.',
  ];
  return new UserError(redacted(message), hint, {
    ...{ exitCode: EXIT.failed, remedy: found?.remedy, inWindow },
  });
}
