/** The least that a person and the roles must be allowed: what each statement is about, and that there is no more. */
import { describe, expect, it } from 'vitest';
import { pieceName } from '../../../src/pipeline/deploy/deployment-names.ts';
import type { DeployPlaces, Statement } from '../../../src/pipeline/deploy/policy-statement.ts';
import { deployStatements, policyText } from '../../../src/pipeline/deploy/policy.ts';
import { newRunId } from '../../../src/protocol/run-id.ts';

const PLACES: DeployPlaces = {
  ...{ partition: 'aws-cn', account: '123456789012', region: 'cn-north-1', bucket: 'b', endpoint: 'shop' },
  ...{ role: 'arn:aws-cn:iam::123456789012:role/endpoint', front: false, clock: false, toZero: false },
};
const WITH_FRONT = { ...PLACES, front: true };
const WITH_CLOCK = { ...PLACES, clock: true };
const TO_ZERO = { ...PLACES, toZero: true };
const listed = (resource: string | readonly string[]): readonly string[] =>
  typeof resource === 'string' ? [resource] : resource;

/** Whether some statement allows it, as IAM reads stars. */
function allows(statements: readonly Statement[], action: string, resource: string): boolean {
  const fits = (pattern: string): boolean =>
    new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(resource);
  return statements.some(
    ({ Action, Resource }) => Action.includes(action) && listed(Resource).some((pattern) => fits(pattern)),
  );
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const sagemaker = (what: string): string => `arn:aws-cn:sagemaker:cn-north-1:123456789012:${what}`;
const own = pieceName('shop', newRunId());

describe('what a deployment needs', () => {
  const statements = deployStatements(PLACES);

  it.each([
    ['sagemaker:CreateModel', sagemaker(`model/${own}`)],
    ['sagemaker:AddTags', sagemaker(`endpoint-config/${own}`)],
    ['sagemaker:CreateEndpoint', sagemaker('endpoint/shop')],
    ['sagemaker:CreateEndpoint', sagemaker(`endpoint-config/${own}`)],
    ['sagemaker:UpdateEndpoint', sagemaker('endpoint/shop')],
    ['sagemaker:InvokeEndpoint', sagemaker('endpoint/shop')],
    ['s3:PutObject', 'arn:aws-cn:s3:::b/recsys/w/shop/0/model.tar.gz'],
    ['s3:CreateBucket', 'arn:aws-cn:s3:::b'],
    ['iam:PassRole', PLACES.role],
  ])('%s on %s', (action, resource) => {
    expect(allows(statements, action, resource)).toBe(true);
  });

  it.each([
    ['sagemaker:DeleteModel', sagemaker('model/a-person-s')],
    ['sagemaker:DeleteEndpoint', sagemaker('endpoint/other')],
    ['sagemaker:InvokeEndpoint', sagemaker('endpoint/shop2')],
    ['s3:DeleteObject', 'arn:aws-cn:s3:::b/a-person-s'],
    ['s3:PutObject', 'arn:aws-cn:s3:::another/recsys/x'],
    ['iam:PassRole', 'arn:aws-cn:iam::123456789012:role/admin'],
    [
      'cloudformation:CreateStack',
      'arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/recsys-rest-shop/1',
    ],
  ])('not %s on %s', (action, resource) => {
    expect(allows(statements, action, resource)).toBe(false);
  });

  it('is about single things, each in the partition of the caller', () => {
    for (const { Resource } of statements)
      for (const resource of listed(Resource)) expect(resource).toMatch(/^arn:aws-cn:[a-z0-9]+:/);
  });

  it('lets SageMaker alone have the role', () => {
    const [pass] = statements.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  });
});

describe('what a front needs besides', () => {
  const more = deployStatements(WITH_FRONT).slice(deployStatements(PLACES).length);

  it.each([
    ['cloudformation:CreateStack', 'cloudformation:cn-north-1:123456789012:stack/recsys-rest-shop/1'],
    ['cloudformation:DescribeStackEvents', 'cloudformation:cn-north-1:123456789012:stack/recsys-rest-shop/1'],
    ['iam:CreateRole', 'iam::123456789012:role/recsys-rest-shop-PredictRole-ABC'],
    ['iam:PassRole', 'iam::123456789012:role/recsys-rest-shop-PredictRole-ABC'],
    ['lambda:CreateFunction', 'lambda:cn-north-1:123456789012:function:recsys-rest-shop-Predict-ABC'],
    ['logs:PutRetentionPolicy', 'logs:cn-north-1:123456789012:log-group:recsys-rest-shop-AccessLog-ABC'],
    ['apigateway:POST', 'apigateway:cn-north-1::/apis'],
    ['apigateway:DELETE', 'apigateway:cn-north-1::/apis/abc/routes/def'],
  ])('%s on %s', (action, resource) => {
    expect(allows(more, action, `arn:aws-cn:${resource}`)).toBe(true);
  });

  it.each([
    ['cloudformation:DeleteStack', 'cloudformation:cn-north-1:123456789012:stack/a-person-s/1'],
    ['cloudformation:DeleteStack', 'cloudformation:cn-north-1:123456789012:stack/recsys-rest-shop2/1'],
    ['iam:CreateRole', 'iam::123456789012:role/admin'],
    ['iam:PassRole', 'iam::123456789012:role/endpoint'],
    ['lambda:DeleteFunction', 'lambda:cn-north-1:123456789012:function:a-person-s'],
    ['apigateway:DELETE', 'apigateway:cn-north-1::/restapis/abc'],
  ])('not %s on %s', (action, resource) => {
    expect(allows(more, action, `arn:aws-cn:${resource}`)).toBe(false);
  });

  it('lets Lambda alone have its roles, and is about everything for the log of the API alone', () => {
    const [pass] = more.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } });
    const everywhere = more.filter(({ Resource }) => listed(Resource).includes('*'));
    expect(everywhere.map(({ Sid }) => Sid)).toEqual(['FrontLogDelivery']);
  });

  it('has room for names that AWS cuts off', () => {
    const endpoint = 'x'.repeat(63);
    const statements = deployStatements({ ...WITH_FRONT, endpoint });
    const cut = `recsys-rest-${'x'.repeat(12)}-PredictRole-ABC`;
    expect(allows(statements, 'iam:CreateRole', `arn:aws-cn:iam::123456789012:role/${cut}`)).toBe(true);
  });
});

describe('what a clock needs besides', () => {
  const more = deployStatements(WITH_CLOCK).slice(deployStatements(PLACES).length);

  it.each([
    ['cloudformation:UpdateStack', 'cloudformation:cn-north-1:123456789012:stack/recsys-clock-shop/1'],
    ['iam:CreateRole', 'iam::123456789012:role/recsys-clock-shop-ClockRole-ABC'],
    ['iam:PassRole', 'iam::123456789012:role/recsys-clock-shop-ClockRole-ABC'],
    [
      'scheduler:CreateSchedule',
      'scheduler:cn-north-1:123456789012:schedule/default/recsys-clock-shop-Clock-AB',
    ],
    [
      'scheduler:DeleteSchedule',
      'scheduler:cn-north-1:123456789012:schedule/default/recsys-clock-shop-Clock-AB',
    ],
  ])('%s on %s', (action, resource) => {
    expect(allows(more, action, `arn:aws-cn:${resource}`)).toBe(true);
  });

  it.each([
    ['cloudformation:DeleteStack', 'cloudformation:cn-north-1:123456789012:stack/recsys-rest-shop/1'],
    ['iam:PassRole', 'iam::123456789012:role/recsys-rest-shop-PredictRole-ABC'],
    ['scheduler:DeleteSchedule', 'scheduler:cn-north-1:123456789012:schedule/default/a-person-s'],
    [
      'scheduler:DeleteSchedule',
      'scheduler:cn-north-1:123456789012:schedule/other/recsys-clock-shop-Clock-AB',
    ],
  ])('not %s on %s', (action, resource) => {
    expect(allows(more, action, `arn:aws-cn:${resource}`)).toBe(false);
  });

  it('lets the scheduler alone have its role', () => {
    const [pass] = more.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
  });
});

describe('what instances that follow the load need besides', () => {
  const { caller } = JSON.parse(policyText(PLACES)) as Record<string, { Statement: Statement[] }>;
  const statements = caller?.Statement ?? [];
  const alarm =
    'cloudwatch:cn-north-1:123456789012:alarm:TargetTracking-endpoint/shop/variant/all-AlarmHigh-0';
  const role =
    'iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';

  // Those of SageMaker's and of Application Auto Scaling's guide.
  it.each([
    ['sagemaker:DescribeEndpoint', 'sagemaker:cn-north-1:123456789012:endpoint/shop'],
    ['sagemaker:DescribeEndpointConfig', `sagemaker:cn-north-1:123456789012:endpoint-config/${own}`],
    ['sagemaker:UpdateEndpointWeightsAndCapacities', 'sagemaker:cn-north-1:123456789012:endpoint/shop'],
    ['cloudwatch:PutMetricAlarm', alarm],
    ['cloudwatch:DescribeAlarms', alarm],
    ['cloudwatch:DeleteAlarms', alarm],
    ['iam:CreateServiceLinkedRole', role],
  ])('%s on %s', (action, resource) => {
    expect(allows(statements, action, `arn:aws-cn:${resource}`)).toBe(true);
  });

  it.each([
    ['sagemaker:UpdateEndpointWeightsAndCapacities', 'sagemaker:cn-north-1:123456789012:endpoint/other'],
    ['cloudwatch:PutMetricAlarm', 'cloudwatch:cn-northwest-1:123456789012:alarm:a'],
  ])('not %s on %s', (action, resource) => {
    expect(allows(statements, action, `arn:aws-cn:${resource}`)).toBe(false);
  });

  it('lets the role of scaled endpoints alone be made', () => {
    const [make] = statements.filter(({ Action }) => Action.includes('iam:CreateServiceLinkedRole'));
    expect(make?.Condition).toEqual({
      StringEquals: { 'iam:AWSServiceName': 'sagemaker.application-autoscaling.amazonaws.com' },
    });
  });
});

describe('what scaling to zero needs besides', () => {
  const more = deployStatements(TO_ZERO).slice(deployStatements(PLACES).length);

  it.each([
    ['cloudformation:UpdateStack', 'cloudformation:cn-north-1:123456789012:stack/recsys-zero-shop/1'],
    ['sagemaker:CreateInferenceComponent', 'sagemaker:cn-north-1:123456789012:inference-component/shop'],
    ['sagemaker:CreateInferenceComponent', 'sagemaker:cn-north-1:123456789012:endpoint/shop'],
    ['sagemaker:DeleteInferenceComponent', 'sagemaker:cn-north-1:123456789012:inference-component/shop'],
    ['sagemaker:InvokeEndpoint', 'sagemaker:cn-north-1:123456789012:inference-component/shop'],
    ['cloudwatch:PutMetricAlarm', 'cloudwatch:cn-north-1:123456789012:alarm:recsys-zero-shop-Asked-ABC'],
    [
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:cn-north-1:123456789012:alarm:TargetTracking-inference-component/shop-AlarmHigh-1',
    ],
  ])('%s on %s', (action, resource) => {
    expect(allows(more, action, `arn:aws-cn:${resource}`)).toBe(true);
  });

  it.each([
    ['cloudformation:DeleteStack', 'cloudformation:cn-north-1:123456789012:stack/recsys-clock-shop/1'],
    ['sagemaker:DeleteInferenceComponent', 'sagemaker:cn-north-1:123456789012:inference-component/other'],
    ['cloudwatch:DeleteAlarms', 'cloudwatch:cn-north-1:123456789012:alarm:a-person-s'],
    ['iam:CreateRole', 'iam::123456789012:role/recsys-zero-shop'],
  ])('not %s on %s', (action, resource) => {
    expect(allows(more, action, `arn:aws-cn:${resource}`)).toBe(false);
  });

  it('is about everything for rules of scaling alone, which have no names', () => {
    const everywhere = more.filter(({ Resource }) => listed(Resource).includes('*'));
    expect(everywhere.map(({ Sid }) => Sid)).toEqual(['ComponentScaling']);
  });
});

it('the printed documents are three, or four where one has no room, each of the current version, with every Sid once', () => {
  const all = { ...WITH_FRONT, clock: true, toZero: true };
  for (const places of [PLACES, WITH_FRONT, WITH_CLOCK, TO_ZERO, all, { ...all, endpoint: '*' }]) {
    const text = policyText(places);
    const told = JSON.parse(text) as Record<string, { Version: string; Statement: { Sid?: string }[] }>;
    const isLong = places.front && places.toZero;
    const callers = isLong ? ['caller', 'caller2'] : ['caller'];
    expect(Object.keys(told)).toEqual([...callers, 'role', 'trust']);
    for (const { Version, Statement } of Object.values(told)) {
      expect(Version).toBe('2012-10-17');
      const sids = Statement.flatMap(({ Sid }) => Sid ?? []);
      expect(new Set(sids).size).toBe(sids.length);
      for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
    }
    expect(text).not.toContain('**');
    // IAM's limit for a managed policy, white space aside.
    for (const caller of callers) expect(JSON.stringify(told[caller]).length).toBeLessThanOrEqual(6144);
    const [sidsOfAll, asked] = [
      callers.flatMap((caller) => told[caller]?.Statement ?? []),
      deployStatements(places),
    ];
    expect(sidsOfAll.slice(0, asked.length).map(({ Sid }) => Sid)).toEqual(asked.map(({ Sid }) => Sid));
  }
});

it('the role may be taken by SageMaker for this account alone, and fetches archives alone', () => {
  const { role, trust } = JSON.parse(policyText(PLACES)) as Record<string, { Statement: Statement[] }>;
  expect(trust?.Statement).toEqual([
    {
      ...{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    },
  ]);
  const statements = role?.Statement ?? [];
  expect(allows(statements, 's3:GetObject', 'arn:aws-cn:s3:::b/recsys/w/shop/0/model.tar.gz')).toBe(true);
  expect(allows(statements, 's3:GetObject', 'arn:aws-cn:s3:::b/a-person-s')).toBe(false);
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /Put|Create|Delete/.test(action)).sort()).toEqual([
    ...['cloudwatch:PutMetricData', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  ]);
});
