/** How an endpoint is, and waiting for it. */
import { setTimeout as pause } from 'node:timers/promises';
import { DescribeEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-sagemaker';
import { UserError } from '../../../protocol/user-error.ts';
import type { Aws } from './aws-clients.ts';
import { faultOf, isMissing } from './fault.ts';
import { redacted } from './redact.ts';

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

export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly onStatus?: ((status: string, seconds: number) => void) | undefined;
}

/** Longer than SageMaker itself takes before it gives up. */
const LONGEST_MS = 60 * 60_000;
/** Lost answers in a row, after which waiting is given up. */
const MOST_FAILURES = 5;

/** Waits until an endpoint is in no state that passes by itself; undefined where it is gone. */
export async function settledEndpoint(
  aws: Aws,
  name: string,
  { signal, onStatus }: Waiting = {},
): Promise<EndpointStatus | undefined> {
  const started = performance.now();
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const now = await endpointStatus(aws, name);
      failures = 0;
      if (now === undefined || !ON_THE_WAY.has(now.status)) return now;
      onStatus?.(now.status, (performance.now() - started) / 1000);
    } catch (error) {
      // A network that comes back is no reason to take the endpoint away.
      if (faultOf(error).certain || ++failures >= MOST_FAILURES) throw error;
    }
    if (performance.now() - started > LONGEST_MS)
      throw new UserError(
        `The endpoint ${name} is not ready after an hour.`,
        'Look at its logs in CloudWatch (/aws/sagemaker/Endpoints).',
      );
    await pause(aws.patience.pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** Gives an endpoint another configuration, without waiting for it. */
export async function askUpdate(aws: Aws, name: string, config: string): Promise<void> {
  await aws.sagemaker.send(new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName: config }));
}
