/** The rules that the template of a clock keeps; that AWS can read it is in `peers`. */
import { describe, expect, it } from 'vitest';
import { clockTemplate, clockTime, clockTimes } from '../../../src/pipeline/deploy/clock-template.ts';

const { Resources, Parameters } = clockTemplate('Shop');
const properties = (name: string): unknown => Resources[name]?.Properties;

it('is one role and one schedule, that strikes once at the minute in UTC', () => {
  expect(Object.keys(Resources)).toEqual(['ClockRole', 'Clock']);
  expect(properties('Clock')).toMatchObject({
    ...{ ScheduleExpression: { 'Fn::Sub': 'at(${Time})' }, ScheduleExpressionTimezone: 'UTC' },
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
});

it('takes this endpoint away and tries again, for no longer than a new one of its name is spared', () => {
  const { Target } = properties('Clock') as { Target: Record<string, unknown> };
  expect(Target).toEqual({
    Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:sagemaker:deleteEndpoint' },
    RoleArn: { 'Fn::GetAtt': ['ClockRole', 'Arn'] },
    Input: '{"EndpointName":"Shop"}',
    RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
  });
});

it('has a role of the scheduler in this account, which may take this endpoint away, with its scaling, and nothing else', () => {
  const arn = 'arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:endpoint';
  const statement = {
    ...{ Effect: 'Allow', Action: 'sagemaker:DeleteEndpoint' },
    Resource: [{ 'Fn::Sub': `${arn}/Shop` }, { 'Fn::Sub': `${arn}/shop` }],
  };
  const forget = {
    ...{ Effect: 'Allow', Action: 'application-autoscaling:DeregisterScalableTarget', Resource: '*' },
    Condition: {
      StringEquals: {
        'application-autoscaling:service-namespace': 'sagemaker',
        'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
      },
    },
  };
  expect(properties('ClockRole')).toEqual({
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          ...{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'scheduler.amazonaws.com' } },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
    Policies: [
      { PolicyName: 'least', PolicyDocument: { Version: '2012-10-17', Statement: [statement, forget] } },
    ],
  });
});

describe('of an endpoint with an inference component', () => {
  const template = clockTemplate('Shop', true);
  const target = (name: string): unknown =>
    (template.Resources[name]?.Properties as { Target: unknown } | undefined)?.Target;

  it('takes the component away first, at its time, and the endpoint five minutes later', () => {
    expect(target('ComponentClock')).toMatchObject({
      Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:sagemaker:deleteInferenceComponent' },
      Input: '{"InferenceComponentName":"Shop"}',
    });
    expect(target('Clock')).toMatchObject({ Input: '{"EndpointName":"Shop"}' });
    expect(Object.keys(template.Parameters)).toEqual(['Time', 'ComponentTime']);
    const now = Date.parse('2026-11-30T12:00:00.000Z');
    expect(clockTimes('2026-11-30T20:00:00.000Z', true, now)).toEqual({
      ...{ ComponentTime: '2026-11-30T20:00:00', Time: '2026-11-30T20:05:00' },
    });
    expect(clockTimes('2026-11-30T20:00:00.000Z', false, now)).toEqual({ Time: '2026-11-30T20:00:00' });
  });

  it('may do so, and have the scaling of this one forgotten', () => {
    const role = JSON.stringify(template.Resources['ClockRole']);
    expect(role).toContain('sagemaker:DeleteInferenceComponent');
    expect(role).toContain('inference-component/Shop');
    expect(role).toContain('sagemaker:inference-component:DesiredCopyCount');
  });
});

it('is set to whole seconds, never before its time, and never to a time that is over', () => {
  const now = Date.parse('2026-11-30T12:00:00.000Z');
  expect(clockTime('2026-11-30T20:00:00.000Z', now)).toBe('2026-11-30T20:00:00');
  expect(clockTime('2026-11-30T20:00:00.001Z', now)).toBe('2026-11-30T20:00:01');
  expect(clockTime('2026-11-30T11:00:00.000Z', now)).toBe('2026-11-30T12:05:00');
  const { Time } = Parameters as { Time: { AllowedPattern: string } };
  expect(clockTime('2026-11-30T20:00:00.001Z', now)).toMatch(new RegExp(Time.AllowedPattern));
});
