/**
 * The inference component of an endpoint that scales to zero, as a template of CloudFormation: the model in copies, their
 * scaling by requests from none up, and what wakes the first when somebody asks.
 */
import { SCALED_COMPONENT } from './scaled.ts';
import { ref, type Resources, type Template, type Value } from './stack-template.ts';
import { VARIANT } from './variant.ts';

/** Requests at once and copy that scaling aims at. */
const REQUESTS_A_COPY = 5;
const SECONDS_BETWEEN_MORE = 60;
const SECONDS_BETWEEN_LESS = 300;
/** What a copy is sure of; it uses what is free. */
const PROCESSORS = 1;

/** @param endpoint whose component it is; the component has its name */
export function componentTemplate(endpoint: string): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The model of the SageMaker endpoint ${endpoint}, which scales to zero, by RecSys`,
    Parameters: {
      Model: { Type: 'String', Description: 'Name of the model that answers' },
      Memory: { Type: 'Number', Description: 'MB that a copy of it needs' },
      Most: { Type: 'Number', Description: 'Copies at most' },
    },
    Resources: { ...componentOf(endpoint), ...scaling(endpoint), ...waking(endpoint) },
  };
}

function componentOf(endpoint: string): Resources {
  return {
    Component: {
      Type: 'AWS::SageMaker::InferenceComponent',
      Properties: {
        // It gives its name by no attribute, so that others must be told it.
        ...{ InferenceComponentName: endpoint, EndpointName: endpoint, VariantName: VARIANT },
        Specification: {
          ModelName: ref('Model'),
          ComputeResourceRequirements: {
            ...{ MinMemoryRequiredInMb: ref('Memory'), NumberOfCpuCoresRequired: PROCESSORS },
          },
        },
        RuntimeConfig: { CopyCount: 1 },
      },
    },
  };
}

function scaling(endpoint: string): Resources {
  return {
    Copies: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      DependsOn: 'Component',
      Properties: {
        ...{ ...SCALED_COMPONENT, ResourceId: `inference-component/${endpoint}` },
        ...{ MinCapacity: 0, MaxCapacity: ref('Most') },
      },
    },
    ByRequests: policyOf('recsys-requests', 'TargetTrackingScaling', {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: REQUESTS_A_COPY,
        ...{ ScaleInCooldown: SECONDS_BETWEEN_LESS, ScaleOutCooldown: SECONDS_BETWEEN_MORE },
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
      },
    }),
  };
}

/** Where there are no copies, there are no requests to each to be counted: one that finds none is. */
function waking(endpoint: string): Resources {
  return {
    Wake: policyOf('recsys-wake', 'StepScaling', {
      StepScalingPolicyConfiguration: {
        ...{ AdjustmentType: 'ChangeInCapacity', MetricAggregationType: 'Maximum' },
        Cooldown: SECONDS_BETWEEN_MORE,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    }),
    Asked: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmDescription: `Somebody asks the endpoint ${endpoint}, which has scaled to zero`,
        AlarmActions: [ref('Wake')],
        ...{ Namespace: 'AWS/SageMaker', MetricName: 'NoCapacityInvocationFailures' },
        Dimensions: [{ Name: 'InferenceComponentName', Value: endpoint }],
        ...{ Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, DatapointsToAlarm: 1 },
        ...{ Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
        TreatMissingData: 'missing',
      },
    },
  };
}

function policyOf(
  PolicyName: string,
  PolicyType: string,
  rule: Readonly<Record<string, Value>>,
): Resources[string] {
  return {
    Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    Properties: { PolicyName, PolicyType, ScalingTargetId: ref('Copies'), ...rule },
  };
}
