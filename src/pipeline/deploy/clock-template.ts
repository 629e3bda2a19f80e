/** The clock of an endpoint as a template of CloudFormation: a schedule that takes the endpoint away at its time, and its role. */
import { SCALED } from './scaled.ts';
import {
  allowing,
  arnOf,
  endpointArns,
  leastRole,
  ref,
  sub,
  type Template,
  type Value,
} from './stack-template.ts';

/** An endpoint that is being changed cannot be taken away: for so long it is tried again. A new one of its name is spared. */
const TRIED_SECONDS = 3600;
/** The most that AWS takes. */
const MOST_TRIES = 185;
/** A clock is never set to a time that is over when AWS gets to it. */
const SOONEST_MS = 5 * 60_000;

/** SageMaker takes no endpoint away that scales, be it by a rule made in the console, for whoever may not forget that. */
const FORGET_SCALING: Value = {
  ...{ Effect: 'Allow', Action: 'application-autoscaling:DeregisterScalableTarget', Resource: '*' },
  Condition: {
    StringEquals: {
      'application-autoscaling:service-namespace': SCALED.ServiceNamespace,
      'application-autoscaling:scalable-dimension': SCALED.ScalableDimension,
    },
  },
};

export function clockTemplate(endpoint: string): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Takes the SageMaker endpoint ${endpoint} away at its time, by RecSys`,
    Parameters: {
      Time: {
        ...{ Type: 'String', Description: 'When it is taken away, in UTC: 2026-12-01T18:30:00' },
        AllowedPattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$',
      },
    },
    Resources: {
      ClockRole: leastRole(
        'scheduler.amazonaws.com',
        [allowing('sagemaker:DeleteEndpoint', endpointArns(endpoint)), FORGET_SCALING],
        { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
      ),
      // It stays when its time is over, as CloudFormation knows no ActionAfterCompletion; it costs nothing.
      Clock: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Description: `Takes the endpoint ${endpoint} away once`,
          ScheduleExpression: sub('at(${Time})'),
          ScheduleExpressionTimezone: 'UTC',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: sub('arn:${AWS::Partition}:scheduler:::aws-sdk:sagemaker:deleteEndpoint'),
            RoleArn: arnOf('ClockRole'),
            Input: JSON.stringify({ EndpointName: endpoint }),
            RetryPolicy: { MaximumEventAgeInSeconds: TRIED_SECONDS, MaximumRetryAttempts: MOST_TRIES },
          },
        },
      },
    },
  };
}

/** The time that a clock is set to, as its template takes it. @param expires ISO time */
export function clockTime(expires: string, now = Date.now()): string {
  const time = Math.max(Date.parse(expires), now + SOONEST_MS);
  return new Date(Math.ceil(time / 1000) * 1000).toISOString().slice(0, -'.000Z'.length);
}
