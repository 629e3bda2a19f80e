/** What whoever makes a stack must be allowed for it and its roles: CloudFormation acts with their rights. */
import { allow, type PolicyPlaces, type Statement } from './policy-statement.ts';

const STACK_ACTIONS = [
  'CreateStack',
  'UpdateStack',
  'DeleteStack',
  'DescribeStacks',
  'DescribeStackEvents',
  'TagResource',
].map((name) => `cloudformation:${name}`);
const ROLE_ACTIONS = [
  ...['iam:CreateRole', 'iam:DeleteRole', 'iam:GetRole', 'iam:TagRole', 'iam:UntagRole'],
  ...['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy', 'iam:ListRolePolicies'],
  ...['iam:ListAttachedRolePolicies'],
];

/** What a stack is, and who uses the roles that it makes. */
export interface StackMaking {
  /** Begins the names of the statements. */
  readonly sid: string;
  readonly stack: string;
  readonly roleOf: string;
}

export function stackStatements(places: PolicyPlaces, { sid, stack, roleOf }: StackMaking): Statement[] {
  const role = resourceArn(places, 'iam', `role/${madeIn(stack)}`, `:${places.account}`);
  return [
    stackStatement(places, sid, stack),
    allow(`${sid}Role`, ROLE_ACTIONS, role),
    {
      ...allow(`${sid}PassRole`, ['iam:PassRole'], role),
      Condition: { StringEquals: { 'iam:PassedToService': roleOf } },
    },
  ];
}

/** Of a stack without roles. */
export function stackStatement(places: PolicyPlaces, sid: string, stack: string): Statement {
  return allow(sid, STACK_ACTIONS, resourceArn(places, 'cloudformation', `stack/${stack}/*`));
}

/** Names of what a stack makes. Long ones are cut off where others are made of them. */
export function madeIn(stack: string): string {
  return `${stack.slice(0, 24).replace(/\*$/, '')}*`;
}

export function resourceArn(
  { partition, region, account }: PolicyPlaces,
  service: string,
  what: string,
  where = `${region}:${account}`,
): string {
  return `arn:${partition}:${service}:${where}:${what}`;
}
