/** What application auto scaling calls instances of an endpoint. */
export const SCALED = {
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
} as const;
