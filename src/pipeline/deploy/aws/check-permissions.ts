/** Whether the caller may do what a deployment does, as far as IAM tells. */
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { UserError } from '../../../protocol/user-error.ts';
import type { Statement } from '../policy-statement.ts';
import type { Aws, Caller } from './aws-clients.ts';
import { faultOf } from './fault.ts';

/** What could not be checked, or is doubtful, in sentences. */
export type Doubts = readonly string[];

/**
 * @param policy how the whole of what is needed is printed
 * @throws UserError where SageMaker or the role would be refused
 */
export async function checkPermissions(
  aws: Aws,
  caller: Caller,
  statements: readonly Statement[],
  policy = 'recsys deploy --print-policy',
): Promise<Doubts> {
  let denied: string[];
  try {
    denied = await deniedActions(aws, await principalOf(aws, caller), statements);
  } catch (error) {
    return [
      `Permissions were not checked ahead: iam:SimulatePrincipalPolicy failed (${faultOf(error).code}).`,
    ];
  }
  const isOfBucket = (action: string): boolean => action.startsWith('s3:');
  const hard = denied.filter((action) => !isOfBucket(action));
  if (hard.length > 0)
    throw new UserError(
      `${caller.arn} may not do what this needs: ${hard.join(', ')}.`,
      `Nothing was made. Ask an administrator for it; the whole policy: ${policy}`,
    );
  const soft = denied.filter(isOfBucket);
  if (soft.length === 0) return [];
  return [`Unless the bucket's own policy allows it, this will be refused: ${soft.join(', ')}.`];
}

/** A session is of a role, which is what has the policies; its path is not in the session's ARN. */
async function principalOf(aws: Aws, { arn, account, partition }: Caller): Promise<string> {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) return arn;
  try {
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: role }));
    return Role?.Arn ?? arn;
  } catch {
    return `arn:${partition}:iam::${account}:role/${role}`;
  }
}

async function deniedActions(
  aws: Aws,
  principal: string,
  statements: readonly Statement[],
): Promise<string[]> {
  const denied = new Set<string>();
  for (const { Action, Resource, Condition } of statements) {
    const [resource = '*'] = typeof Resource === 'string' ? [Resource] : Resource;
    const contexts = Object.entries(Condition?.['StringEquals'] ?? {}).map(([key, value]) => ({
      ContextKeyName: key,
      ContextKeyType: 'string' as const,
      ContextKeyValues: [value],
    }));
    const { EvaluationResults = [] } = await aws.iam.send(
      new SimulatePrincipalPolicyCommand({
        ...{ PolicySourceArn: principal, ActionNames: [...Action] },
        ResourceArns: [resource === '*' ? '*' : resource.replace(/\*$/, 'simulated')],
        ...(contexts.length === 0 ? {} : { ContextEntries: contexts }),
      }),
    );
    for (const { EvalActionName = '', EvalDecision } of EvaluationResults)
      if (EvalDecision !== 'allowed') denied.add(EvalActionName);
  }
  return [...denied];
}
