/** What whoever makes an endpoint that scales to zero must be allowed beside what a deployment needs. */
import { componentStackName } from './deployment-names.ts';
import { allow, type PolicyPlaces, type Statement } from './policy-statement.ts';
import { madeIn, resourceArn, stackStatement } from './stack-policy.ts';

const COMPONENT_ACTIONS = [
  ...['Create', 'Describe', 'Update', 'Delete'].map((verb) => `sagemaker:${verb}InferenceComponent`),
  ...['sagemaker:InvokeEndpoint', 'sagemaker:AddTags', 'sagemaker:ListTags'],
];
/** The rules of scaling have no names that could be told. */
const SCALING_ACTIONS = [
  ...['RegisterScalableTarget', 'DeregisterScalableTarget', 'DescribeScalableTargets'],
  ...['PutScalingPolicy', 'DeleteScalingPolicy', 'DescribeScalingPolicies', 'ListTagsForResource'],
].map((name) => `application-autoscaling:${name}`);
const ALARM_ACTIONS = ['PutMetricAlarm', 'DeleteAlarms', 'ListTagsForResource', 'TagResource'];

export function componentStatements(places: PolicyPlaces): Statement[] {
  const { endpoint } = places;
  const stack = componentStackName(endpoint);
  const alarms = ALARM_ACTIONS.map((name) => `cloudwatch:${name}`);
  return [
    stackStatement(places, 'Component', stack),
    allow(
      'ComponentModel',
      COMPONENT_ACTIONS,
      ['inference-component', 'endpoint'].map((kind) =>
        resourceArn(places, 'sagemaker', `${kind}/${endpoint}`),
      ),
    ),
    allow('ComponentScaling', [...SCALING_ACTIONS, 'cloudwatch:DescribeAlarms'], '*'),
    // Those of target tracking are AWS's own, made by the rights of whoever asks for them.
    allow(
      'ComponentAlarms',
      alarms,
      [madeIn(stack), 'TargetTracking-inference-component/*'].map((name) =>
        resourceArn(places, 'cloudwatch', `alarm:${name}`),
      ),
    ),
  ];
}
