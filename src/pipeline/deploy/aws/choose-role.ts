/** How a person comes to choose the role that SageMaker takes, where none is named. */
import type { Aws, Caller } from './aws-clients.ts';
import { trustedRoles } from './check-role.ts';

/** What a person chooses a role by. */
export interface RoleChoice {
  /** ARNs of those that SageMaker may take; absent: they may not be listed. */
  readonly roles: readonly string[] | undefined;
  /** What the role must be allowed, and who may take it, as JSON for people. */
  readonly policy: string;
}

/** @returns an ARN or a name; undefined where the person chose none */
export type ChooseRole = (choice: RoleChoice) => Promise<string | undefined>;

/**
 * @param name of a role that is made by the policy
 * @param policyOf what a role of an ARN must be allowed
 */
export async function chosenRole(
  aws: Aws,
  { account, partition }: Caller,
  choose: ChooseRole | undefined,
  name: string,
  policyOf: (role: string) => string,
): Promise<string | undefined> {
  if (choose === undefined) return undefined;
  const policy = policyOf(`arn:${partition}:iam::${account}:role/${name}`);
  return choose({ roles: await trustedRoles(aws), policy });
}
