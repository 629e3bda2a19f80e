/** The rules that the template of an inference component keeps; that AWS can read it is in `peers`. */
import { expect, it } from 'vitest';
import { componentTemplate } from '../../../src/pipeline/deploy/component-template.ts';

const { Resources, Parameters } = componentTemplate('Shop');
const properties = (name: string): unknown => Resources[name]?.Properties;

it('is a component of the endpoint’s name, with the model and memory that it is given', () => {
  expect(Object.keys(Parameters)).toEqual(['Model', 'Memory', 'Most']);
  expect(properties('Component')).toMatchObject({
    ...{ InferenceComponentName: 'Shop', EndpointName: 'Shop', VariantName: 'AllTraffic' },
    Specification: {
      ModelName: { Ref: 'Model' },
      ComputeResourceRequirements: { MinMemoryRequiredInMb: { Ref: 'Memory' } },
    },
    RuntimeConfig: { CopyCount: 1 },
  });
});

it('scales from no copy, once the component is there, and no further than it is told', () => {
  expect(Resources['Copies']?.DependsOn).toBe('Component');
  expect(properties('Copies')).toEqual({
    ...{ ServiceNamespace: 'sagemaker', ResourceId: 'inference-component/Shop' },
    ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    ...{ MinCapacity: 0, MaxCapacity: { Ref: 'Most' } },
  });
});

it('wakes the first copy by the request that found none', () => {
  expect(properties('Asked')).toMatchObject({
    ...{ Namespace: 'AWS/SageMaker', MetricName: 'NoCapacityInvocationFailures', Threshold: 1 },
    Dimensions: [{ Name: 'InferenceComponentName', Value: 'Shop' }],
    AlarmActions: [{ Ref: 'Wake' }],
  });
  expect(properties('Wake')).toMatchObject({
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    },
  });
});
