/** What application auto scaling calls instances of an endpoint. */
export const SCALED = {
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
} as const;

/** The same of the copies of an inference component. */
export const SCALED_COMPONENT = {
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
} as const;
