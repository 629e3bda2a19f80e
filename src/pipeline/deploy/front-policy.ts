/** What whoever makes a REST front must be allowed beside what a deployment needs. */
import { frontName } from './deployment-names.ts';
import { allow, type PolicyPlaces, type Statement } from './policy-statement.ts';
import { madeIn, resourceArn, stackStatements } from './stack-policy.ts';

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

export function frontStatements(places: PolicyPlaces): Statement[] {
  const stack = frontName(places.endpoint);
  const made = madeIn(stack);
  return [
    ...stackStatements(places, { sid: 'Front', stack, roleOf: 'lambda.amazonaws.com' }),
    allow('FrontFunction', FUNCTION_ACTIONS, resourceArn(places, 'lambda', `function:${made}`)),
    allow('FrontLogs', LOG_ACTIONS, resourceArn(places, 'logs', `log-group:${made}`)),
    allow('FrontLogDelivery', DELIVERY_ACTIONS, '*'),
    allow(
      'FrontApi',
      VERBS.map((verb) => `apigateway:${verb}`),
      ['apis', 'apis/*', 'tags/*'].map((what) =>
        resourceArn(places, 'apigateway', `/${what}`, `${places.region}:`),
      ),
    ),
  ];
}
