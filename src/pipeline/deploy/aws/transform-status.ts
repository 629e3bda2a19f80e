/** Batch transform jobs that there are: looked at, waited for and stopped. */
import { DescribeTransformJobCommand, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import type { Aws } from './aws-clients.ts';
import { isMissing } from './fault.ts';
import { waitSettled, type Waiting } from './wait-settled.ts';

export interface JobStatus {
  readonly arn: string | undefined;
  readonly status: string;
  readonly reason: string | undefined;
}

/** Undefined where there is none of this name. */
export async function transformStatus(aws: Aws, name: string): Promise<JobStatus | undefined> {
  try {
    const {
      TransformJobArn: arn,
      TransformJobStatus: status = 'unknown',
      FailureReason: reason,
    } = await aws.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
    return { arn, status, reason: reason === '' ? undefined : reason };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isAtWork({ status }: Pick<JobStatus, 'status'>): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

/** Waits until the job has ended, however long it takes; undefined where it is gone. */
export function endedTransform(aws: Aws, name: string, waiting: Waiting): Promise<JobStatus | undefined> {
  const watched = {
    look: () => transformStatus(aws, name),
    passes: (status: string) => isAtWork({ status }),
    longestMs: Infinity,
    ...{ what: `batch transform job ${name}`, lookAt: 'its logs in CloudWatch' },
  };
  return waitSettled(aws, watched, waiting);
}

/** Stops a job that is at work, and waits until it has. What has ended stays in SageMaker's list, and costs nothing. */
export async function stopTransform(aws: Aws, name: string, waiting: Waiting = {}): Promise<void> {
  const now = await transformStatus(aws, name);
  if (now === undefined || !isAtWork(now)) return;
  if (now.status === 'InProgress') {
    try {
      await aws.sagemaker.send(new StopTransformJobCommand({ TransformJobName: name }));
    } catch (error) {
      // It may have ended meanwhile.
      const then = await transformStatus(aws, name);
      if (then !== undefined && isAtWork(then)) throw error;
    }
  }
  await endedTransform(aws, name, waiting);
}
