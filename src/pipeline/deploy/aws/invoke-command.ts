/** A request to an endpoint, in JSON. */
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';

/** Who is asked. */
export interface Asked {
  readonly endpoint: string;
  /** Its inference component, where it has one. */
  readonly component: string | undefined;
}

export function invokeCommand({ endpoint, component }: Asked, body: string): InvokeEndpointCommand {
  return new InvokeEndpointCommand({
    ...{ EndpointName: endpoint, ContentType: 'application/json', Accept: 'application/json', Body: body },
    ...(component === undefined ? {} : { InferenceComponentName: component }),
  });
}
