/** The role that the endpoint takes: whether SageMaker may take it. */
import { GetRoleCommand, paginateListRoles } from '@aws-sdk/client-iam';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { Aws, Caller } from './aws-clients.ts';
import { isDenied, isMissing } from './fault.ts';

const SERVICE = 'sagemaker.amazonaws.com';
const SHOWN = 10;

/** @param given its ARN, or its name in the account */
export function roleArn(given: string, { account, partition }: Caller): string {
  if (!given.startsWith('arn:')) return `arn:${partition}:iam::${account}:role/${given}`;
  const [, , service, , owner, what = ''] = given.split(':');
  if (service !== 'iam' || !what.startsWith('role/'))
    throw new UserError(
      `'${given}' is no ARN of a role.`,
      `They are such as arn:${partition}:iam::${account}:role/name.`,
      {
        exitCode: EXIT.usage,
      },
    );
  if (owner !== account)
    throw new UserError(
      `The role ${given} is of account ${owner ?? ''}, and the credentials are of ${account}.`,
      'Name a role of this account, or choose another profile with --profile.',
      { inWindow: 'Choose a role of this account, or another profile.' },
    );
  return given;
}

/**
 * The ARN of the role that is given.
 * @returns `unchecked`: why it could not be looked at
 * @throws UserError where there is none that SageMaker may take
 */
export async function checkedRole(
  aws: Aws,
  caller: Caller,
  given: string | undefined,
): Promise<{ readonly arn: string; readonly unchecked?: string }> {
  if (given === undefined) throw await noRole(aws, 'No role for the endpoint is named.');
  const arn = roleArn(given, caller);
  try {
    const { Role } = await aws.iam.send(
      new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf('/') + 1) }),
    );
    if (trusts(Role?.AssumeRolePolicyDocument)) return { arn: Role?.Arn ?? arn };
  } catch (error) {
    if (isMissing(error) || nameOf(error) === 'NoSuchEntityException')
      throw await noRole(aws, `There is no role ${arn}.`);
    if (isDenied(error)) return { arn, unchecked: 'the role was not looked at: iam:GetRole is not allowed' };
    throw error;
  }
  throw await noRole(aws, `SageMaker may not take the role ${arn}.`);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** IAM gives documents with percent signs. */
function trusts(document = ''): boolean {
  return decodeURIComponent(document).includes(SERVICE);
}

async function noRole(aws: Aws, message: string): Promise<UserError> {
  const make = 'make one with what this prints: recsys deploy --print-policy';
  const roles = await trustedRoles(aws);
  const inWindow = `Choose another one, or ${make}.`;
  if (roles === undefined) return new UserError(message, `Name one with --role, or ${make}.`, { inWindow });
  if (roles.length === 0)
    return new UserError(message, `The account has none that SageMaker may take: ${make}.`);
  const shown = roles.slice(0, SHOWN).map((arn) => `--role ${arn}`);
  const more = roles.length > SHOWN ? `, and ${roles.length - SHOWN} more` : '';
  return new UserError(
    message,
    `Name one that SageMaker may take: ${shown.join(' · ')}${more}; or ${make}.`,
    {
      inWindow,
    },
  );
}

/** ARNs of the roles that SageMaker may take; undefined where they may not be listed. */
export async function trustedRoles(aws: Aws): Promise<string[] | undefined> {
  try {
    const found: string[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client: aws.iam }, {}))
      for (const { Arn, AssumeRolePolicyDocument } of Roles)
        if (Arn !== undefined && trusts(AssumeRolePolicyDocument)) found.push(Arn);
    return found;
  } catch {
    return undefined;
  }
}
