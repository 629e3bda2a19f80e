/** What whoever makes a REST front must be allowed beside what a deployment needs: CloudFormation acts with their rights. */
import { frontName } from './deployment-names.ts';
import { allow, type PolicyPlaces, type Statement } from './policy-statement.ts';

const ROLE_ACTIONS = [
  ...['iam:CreateRole', 'iam:DeleteRole', 'iam:GetRole', 'iam:TagRole', 'iam:UntagRole'],
  ...['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy', 'iam:ListRolePolicies'],
  ...['iam:ListAttachedRolePolicies'],
];
const FUNCTION_ACTIONS = [
  ...[
    'lambda:CreateFunction',
    'lambda:DeleteFunction',
    'lambda:GetFunction',
    'lambda:GetFunctionConfiguration',
  ],
  ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:GetPolicy'],
  ...['lambda:AddPermission', 'lambda:RemovePermission', 'lambda:GetFunctionCodeSigningConfig'],
  ...['lambda:GetRuntimeManagementConfig', 'lambda:GetFunctionRecursionConfig'],
  ...['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
];
const LOG_ACTIONS = [
  ...['logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy'],
  ...['logs:ListTagsForResource', 'logs:TagResource', 'logs:UntagResource'],
];
/** API Gateway writes the log of a stage by a delivery, which has no name that could be told. */
const DELIVERY_ACTIONS = [
  ...['logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery'],
  ...['logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies'],
  'logs:DescribeLogGroups',
];
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TagResource', 'UntagResource'];

export function frontStatements({ partition, account, region, endpoint }: PolicyPlaces): Statement[] {
  const arn = (service: string, what: string, where = `${region}:${account}`): string =>
    `arn:${partition}:${service}:${where}:${what}`;
  const stack = frontName(endpoint);
  // Long names are cut off where others are made of them.
  const made = `${stack.slice(0, 24).replace(/\*$/, '')}*`;
  const role = arn('iam', `role/${made}`, `:${account}`);
  return [
    allow('Front', actionsOf('cloudformation', STACK), arn('cloudformation', `stack/${stack}/*`)),
    allow('FrontRole', ROLE_ACTIONS, role),
    {
      ...allow('FrontPassRole', ['iam:PassRole'], role),
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    },
    allow('FrontFunction', FUNCTION_ACTIONS, arn('lambda', `function:${made}`)),
    allow('FrontLogs', LOG_ACTIONS, arn('logs', `log-group:${made}`)),
    allow('FrontLogDelivery', DELIVERY_ACTIONS, '*'),
    allow(
      'FrontApi',
      VERBS.map((verb) => `apigateway:${verb}`),
      ['apis', 'apis/*', 'tags/*'].map((what) => arn('apigateway', `/${what}`, `${region}:`)),
    ),
  ];
}

const STACK = [
  'CreateStack',
  'UpdateStack',
  'DeleteStack',
  'DescribeStacks',
  'DescribeStackEvents',
  'TagResource',
];

const actionsOf = (service: string, names: readonly string[]): string[] =>
  names.map((name) => `${service}:${name}`);
