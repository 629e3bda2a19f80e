/** The clock of an endpoint as a template of CloudFormation: a schedule that takes the endpoint away at its time, and its role. */
import { SCALED, SCALED_COMPONENT } from './scaled.ts';
import {
  allowing,
  arnOf,
  componentArns,
  endpointArns,
  leastRole,
  ref,
  sub,
  type Resource,
  type Template,
  type Value,
} from './stack-template.ts';

/** An endpoint that is being changed cannot be taken away: for so long it is tried again. A new one of its name is spared. */
const TRIED_SECONDS = 3600;
/** An endpoint cannot go before its component, which takes a while. */
const COMPONENT_MS = 5 * 60_000;
/** The most that AWS takes. */
const MOST_TRIES = 185;
/** A clock is never set to a time that is over when AWS gets to it. */
const SOONEST_MS = 5 * 60_000;

/** SageMaker takes no endpoint away that scales, be it by a rule made in the console, for whoever may not forget that. */
function forgetScaling(of: typeof SCALED | typeof SCALED_COMPONENT): Value {
  return {
    ...{ Effect: 'Allow', Action: 'application-autoscaling:DeregisterScalableTarget', Resource: '*' },
    Condition: {
      StringEquals: {
        'application-autoscaling:service-namespace': of.ServiceNamespace,
        'application-autoscaling:scalable-dimension': of.ScalableDimension,
      },
    },
  };
}

/** @param hasComponent whether the endpoint has an inference component, of its name, which must go before it */
export function clockTemplate(endpoint: string, hasComponent = false): Template {
  const component = allowing('sagemaker:DeleteInferenceComponent', componentArns(endpoint));
  const rights = [
    ...[allowing('sagemaker:DeleteEndpoint', endpointArns(endpoint)), forgetScaling(SCALED)],
    ...(hasComponent ? [component, forgetScaling(SCALED_COMPONENT)] : []),
  ];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Takes the SageMaker endpoint ${endpoint} away at its time, by RecSys`,
    Parameters: {
      Time: timeOf('When it is taken away'),
      ...(hasComponent ? { ComponentTime: timeOf('When its component is taken away, before it') } : {}),
    },
    Resources: {
      ClockRole: leastRole('scheduler.amazonaws.com', rights, {
        StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
      }),
      Clock: schedule('Time', `endpoint ${endpoint}`, 'deleteEndpoint', { EndpointName: endpoint }),
      ...(hasComponent ? { ComponentClock: componentSchedule(endpoint) } : {}),
    },
  };
}

function timeOf(what: string): Value {
  return {
    ...{ Type: 'String', Description: `${what}, in UTC: 2026-12-01T18:30:00` },
    AllowedPattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$',
  };
}

function componentSchedule(endpoint: string): Resource {
  const input = { InferenceComponentName: endpoint };
  return schedule('ComponentTime', `inference component ${endpoint}`, 'deleteInferenceComponent', input);
}

/** It stays when its time is over, as CloudFormation knows no ActionAfterCompletion; it costs nothing. */
function schedule(
  time: string,
  what: string,
  call: string,
  input: Readonly<Record<string, string>>,
): Resource {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Description: `Takes the ${what} away once`,
      ScheduleExpression: sub(`at(\${${time}})`),
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: sub(`arn:\${AWS::Partition}:scheduler:::aws-sdk:sagemaker:${call}`),
        RoleArn: arnOf('ClockRole'),
        Input: JSON.stringify(input),
        RetryPolicy: { MaximumEventAgeInSeconds: TRIED_SECONDS, MaximumRetryAttempts: MOST_TRIES },
      },
    },
  };
}

/** The times that a clock is set to, by the parameters of its template. @param expires ISO time */
export function clockTimes(
  expires: string,
  hasComponent: boolean,
  now = Date.now(),
): Readonly<Record<string, string>> {
  if (!hasComponent) return { Time: clockTime(expires, now) };
  const first = Math.max(Date.parse(expires), now + SOONEST_MS);
  return { ComponentTime: secondsOf(first), Time: secondsOf(first + COMPONENT_MS) };
}

/** The time that one is set to. @param expires ISO time */
export function clockTime(expires: string, now = Date.now()): string {
  return secondsOf(Math.max(Date.parse(expires), now + SOONEST_MS));
}

function secondsOf(time: number): string {
  return new Date(Math.ceil(time / 1000) * 1000).toISOString().slice(0, -'.000Z'.length);
}
