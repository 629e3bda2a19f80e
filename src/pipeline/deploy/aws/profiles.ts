/** Whom the credentials are of that a person may choose among. */
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { AwsProfile } from '../../../protocol/aws.ts';
import { Aws, type Patience } from './aws-clients.ts';
import { toldOf, UserError } from '../../../protocol/user-error.ts';

/** A profile that does not answer in time is shown without an account. */
const LONGEST_MS = 20_000;
const PATIENCE: Patience = { requestMs: 10_000, attempts: 2, pollMs: 5000, settledMs: 0 };
/** Profiles that are asked about at once: some start a program. */
const AT_ONCE = 6;

/**
 * All profiles of `~/.aws`, by name, and the environment's credentials where it has any; each with the account that AWS
 * says they are of, or why they cannot be used. Nobody is asked for a code or a sign-in here.
 */
export async function awsProfiles(
  region: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<AwsProfile[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])]
    // Sections of other kinds are in the same file.
    .filter((name) => !/^(sso-session|services)\./.test(name))
    .sort();
  const asked: (string | undefined)[] = [...(hasOwnCredentials(environment) ? [undefined] : []), ...names];
  const found: AwsProfile[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < asked.length; at = next++) found[at] = await profileOf(asked[at], region);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, asked.length) }, work));
  return found;
}

const OWN = [
  'AWS_ACCESS_KEY_ID',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** Whether there are credentials without a profile; those of a machine at AWS are not looked for. */
function hasOwnCredentials(environment: NodeJS.ProcessEnv): boolean {
  return OWN.some((name) => (environment[name] ?? '') !== '');
}

async function profileOf(profile: string | undefined, region: string | undefined): Promise<AwsProfile> {
  const named = profile === undefined ? {} : { name: profile };
  let opened: Aws | undefined;
  const needed = { code: false };
  const mfaCode = (): Promise<string> => {
    needed.code = true;
    return Promise.reject(new Error('a code is needed'));
  };
  try {
    opened = await Aws.open({ profile, region, mfaCode, patience: PATIENCE });
    const { account, arn } = await inTime(opened.caller());
    return { ...named, region: opened.region, account, caller: arn };
  } catch (error) {
    const where = opened === undefined ? {} : { region: opened.region };
    if (needed.code) return { ...named, ...where, needs: 'code' };
    if (!(error instanceof UserError)) throw error;
    const needs = error.remedy === 'signIn' ? ({ needs: 'signIn' } as const) : {};
    return { ...named, ...where, ...needs, failure: { message: error.message, ...toldOf(error) } };
  }
}

function inTime<T>(asking: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new UserError('AWS did not answer in time.', 'Check the network, then try again.')),
      LONGEST_MS,
    );
  });
  return Promise.race([asking, late]).finally(() => clearTimeout(timer));
}
