/** Batch transform jobs: how one is made, and why one did not come to its end. */
import { CreateTransformJobCommand, type TransformInstanceType } from '@aws-sdk/client-sagemaker';
import { pieceId, type Piece } from '../../../protocol/deployment.ts';
import type { UserError } from '../../../protocol/user-error.ts';
import { makePiece, type Making } from './make-piece.ts';
import { asTagList } from './tag-list.ts';
import type { JobStatus } from './transform-status.ts';
import { failedFor } from './told-reason.ts';

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

/** Why a job did not do its work, with what is known to help. */
export function notTransformed(name: string, status: JobStatus | undefined): UserError {
  return failedFor({
    what: `The batch transform job ${name} did not come to its end`,
    status,
    hints: [
      [
        /memory|OOM|ping|health/i,
        'Take an instance with more memory: --instance-type ml.m5.2xlarge',
        'Predict again, on an instance with more memory, such as ml.m5.2xlarge.',
      ],
      [
        /s3|access|denied|permission/i,
        'The role must be allowed to read and write the bucket: recsys predict --at-aws --print-policy',
      ],
    ],
    logs: '/aws/sagemaker/TransformJobs',
  });
}
