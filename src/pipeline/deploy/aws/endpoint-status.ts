/** How an endpoint is, and waiting for it. */
import { DescribeEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-sagemaker';
import type { Aws } from './aws-clients.ts';
import { isMissing } from './fault.ts';
import { redacted } from './redact.ts';
import { waitSettled, type Waiting } from './wait-settled.ts';

export interface EndpointStatus {
  readonly status: string;
  /** Name of the configuration it has, or is getting. */
  readonly config: string;
  readonly arn: string;
  readonly reason: string | undefined;
  readonly created: Date | undefined;
}

/** Undefined where there is no such endpoint. */
export async function endpointStatus(aws: Aws, name: string): Promise<EndpointStatus | undefined> {
  try {
    const told = await aws.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
    return {
      status: told.EndpointStatus ?? 'Unknown',
      config: told.EndpointConfigName ?? '',
      arn: told.EndpointArn ?? '',
      reason: told.FailureReason === undefined ? undefined : redacted(told.FailureReason),
      created: told.CreationTime,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** States that pass by themselves. */
const ON_THE_WAY = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

/** Waits until an endpoint is in no state that passes by itself; undefined where it is gone. */
export function settledEndpoint(
  aws: Aws,
  name: string,
  waiting: Waiting = {},
): Promise<EndpointStatus | undefined> {
  const watched = {
    look: () => endpointStatus(aws, name),
    passes: (status: string) => ON_THE_WAY.has(status),
    ...{ what: `endpoint ${name}`, lookAt: 'its logs in CloudWatch (/aws/sagemaker/Endpoints)' },
  };
  return waitSettled(aws, watched, waiting);
}

/** Gives an endpoint another configuration, without waiting for it. */
export async function askUpdate(aws: Aws, name: string, config: string): Promise<void> {
  await aws.sagemaker.send(new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName: config }));
}
