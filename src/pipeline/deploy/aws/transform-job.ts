/** Batch transform jobs: how one is made, looked at, waited for and stopped. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTransformJobCommand,
  DescribeTransformJobCommand,
  StopTransformJobCommand,
  type TransformInstanceType,
} from '@aws-sdk/client-sagemaker';
import { pieceId, type Piece } from '../../../protocol/deployment.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { Aws } from './aws-clients.ts';
import { asTagList } from './endpoint-pieces.ts';
import { isMissing } from './fault.ts';
import { makePiece, type Making } from './make-piece.ts';

export interface JobPlan {
  /** Of the job, and of the model that it asks. */
  readonly name: string;
  readonly instance: string;
  readonly count: number;
  /** `<bucket>/<prefix>`, of all that is read. */
  readonly input: string;
  /** `<bucket>/<prefix>`, of all that is written. */
  readonly output: string;
  /** Bytes of the longest line. */
  readonly longest: number;
}

export interface JobStatus {
  readonly status: string;
  readonly reason: string | undefined;
}

/** Megabytes of a request: SageMaker's own default, and its most, which all requests at once share. */
const PAYLOAD = { usual: 6, most: 100 };
/** Requests at once to each instance, at most. */
const AT_ONCE = 4;
/** A request that fails or takes longer than this many seconds is sent again so often. */
const PATIENCE = { InvocationsTimeoutInSeconds: 600, InvocationsMaxRetries: 3 };

/** Bytes of a request at most. */
export const MOST_LINE_BYTES = PAYLOAD.most << 20;

/** Makes the job, which begins at once. What it may write is known before it does. */
export async function makeTransform(making: Making, plan: JobPlan): Promise<void> {
  const { aws, journal, id, tags } = making;
  const { name, instance, count, input, longest } = plan;
  const output: Piece = { kind: 'output', name: plan.output, needs: [] };
  const payload = Math.max(PAYLOAD.usual, Math.ceil(longest / (1 << 20)));
  const create = new CreateTransformJobCommand({
    ...{ TransformJobName: name, ModelName: name, Tags: asTagList(tags) },
    ...{ BatchStrategy: 'SingleRecord', MaxPayloadInMB: payload, ModelClientConfig: PATIENCE },
    MaxConcurrentTransforms: Math.max(1, Math.min(AT_ONCE, Math.floor(PAYLOAD.most / payload))),
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${input}` } },
      ...{ ContentType: 'application/jsonlines', SplitType: 'Line' },
    },
    TransformOutput: {
      ...{ S3OutputPath: `s3://${plan.output}`, Accept: 'application/jsonlines', AssembleWith: 'Line' },
    },
    TransformResources: {
      // Types are many and grow; AWS says which it has.
      ...{ InstanceType: instance as TransformInstanceType, InstanceCount: count },
    },
  });
  await journal.append({ type: 'intent', id, piece: output, tags });
  // There may be some of it from now on, and it is looked for in any case.
  await journal.append({ type: 'made', piece: pieceId(output) });
  const piece: Piece = { kind: 'transform', name, needs: [pieceId({ kind: 'model', name })] };
  await makePiece(making, piece, async () => ({
    arn: (await aws.sagemaker.send(create)).TransformJobArn,
  }));
}

/** Undefined where there is none of this name. */
export async function transformStatus(aws: Aws, name: string): Promise<JobStatus | undefined> {
  try {
    const { TransformJobStatus: status = 'unknown', FailureReason: reason } = await aws.sagemaker.send(
      new DescribeTransformJobCommand({ TransformJobName: name }),
    );
    return { status, reason: reason === '' ? undefined : reason };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isAtWork({ status }: JobStatus): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

export interface JobWaiting {
  readonly signal?: AbortSignal | undefined;
  readonly onStatus?: ((status: string, seconds: number) => void) | undefined;
}

/** Waits until the job has ended; undefined where it is gone. */
export async function endedTransform(
  aws: Aws,
  name: string,
  { signal, onStatus }: JobWaiting,
): Promise<JobStatus | undefined> {
  const began = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const status = await transformStatus(aws, name);
    if (status === undefined || !isAtWork(status)) return status;
    onStatus?.(status.status, (performance.now() - began) / 1000);
    await pause(aws.patience.pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** Stops a job that is at work, and waits until it has. What has ended stays in SageMaker's list, and costs nothing. */
export async function stopTransform(aws: Aws, name: string, waiting: JobWaiting): Promise<void> {
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

/** Why a job did not do its work, with what is known to help. */
export function notTransformed(name: string, ended: JobStatus | undefined): UserError {
  const reason = ended?.reason ?? `it is ${ended?.status ?? 'gone'}`;
  const hints: readonly (readonly [RegExp, string])[] = [
    [/memory|OOM|ping|health/i, 'Take an instance with more memory: --instance-type ml.m5.2xlarge'],
    [/capacity/i, 'AWS has none of these instances free: choose another --instance-type, or try later.'],
    [
      /s3|access|denied|permission/i,
      'The role must be allowed to read and write the bucket: recsys predict --at-aws --print-policy',
    ],
    [/image|ecr/i, 'The role must be allowed to fetch the container, or name another one with --image.'],
  ];
  const hint = hints.find(([when]) => when.test(reason))?.[1];
  return new UserError(
    `The batch transform job ${name} did not come to its end: ${reason}`,
    hint ?? 'Its logs are in CloudWatch, under /aws/sagemaker/TransformJobs.',
  );
}
