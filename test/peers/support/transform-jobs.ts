/**
 * Batch transform jobs behind the proxy: moto keeps their names, and these do their work. A job is in progress for some looks
 * at it; then it sends each line of its input to the container, and writes the answers, as SageMaker does.
 */
import * as path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import type { AwsProxy } from './aws-proxy.ts';

const NewJob = z.object({
  TransformJobName: z.string(),
  ModelName: z.string(),
  BatchStrategy: z.literal('SingleRecord'),
  MaxPayloadInMB: z.int(),
  MaxConcurrentTransforms: z.int(),
  TransformInput: z.object({
    ContentType: z.literal('application/jsonlines'),
    SplitType: z.literal('Line'),
    DataSource: z.object({
      S3DataSource: z.object({ S3DataType: z.literal('S3Prefix'), S3Uri: z.string() }),
    }),
  }),
  TransformOutput: z.object({
    S3OutputPath: z.string(),
    Accept: z.literal('application/jsonlines'),
    AssembleWith: z.literal('Line'),
  }),
  TransformResources: z.object({ InstanceType: z.string(), InstanceCount: z.int() }),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
type NewJob = z.infer<typeof NewJob>;
const Named = z.object({ TransformJobName: z.string() });
const Asked = z.object({ StatusEquals: z.optional(z.string()) });

interface Job {
  readonly asked: NewJob;
  readonly arn: string;
  status: 'InProgress' | 'Stopping' | 'Stopped' | 'Completed' | 'Failed';
  reason?: string;
  looks: number;
}

export class TransformJobs {
  readonly jobs = new Map<string, Job>();
  /** Looks at a job until it has done its work. */
  looks = 2;
  /** Why jobs fail; undefined: they do not. */
  failure: string | undefined;
  /** The container. */
  answer: (line: string) => unknown = () => ({});
  /** What becomes of the lines that a job writes. */
  change: (lines: string[]) => string[] | undefined = (lines) => lines;
  readonly #s3: S3Client;

  /** @param s3 that does not go through the proxy */
  constructor(proxy: AwsProxy, s3: S3Client) {
    this.#s3 = s3;
    proxy.own.set('CreateTransformJob', (body) => {
      const asked = NewJob.parse(JSON.parse(body));
      const { TransformJobName: name } = asked;
      const arn = `arn:aws:sagemaker:eu-central-1:123456789012:transform-job/${name}`;
      this.jobs.set(name, { asked, arn, status: 'InProgress', looks: this.looks });
      return undefined;
    });
    proxy.own.set('StopTransformJob', (body) => {
      const job = this.jobs.get(Named.parse(JSON.parse(body)).TransformJobName);
      if (job?.status === 'InProgress') {
        [job.status, job.looks] = ['Stopping', 1];
        return { status: 200, body: '{}' };
      }
      const message = 'The request was rejected because the transform job is in status Completed.';
      return { status: 400, body: JSON.stringify({ __type: 'ValidationException', message }) };
    });
    proxy.own.set('ListTransformJobs', (body) => {
      const { StatusEquals } = Asked.parse(JSON.parse(body));
      const found = [...this.jobs.values()].filter(({ status }) => status === (StatusEquals ?? status));
      const TransformJobSummaries = found.map(({ asked, arn, status }) => ({
        ...{ TransformJobName: asked.TransformJobName, TransformJobArn: arn, TransformJobStatus: status },
        CreationTime: Date.now() / 1000 - 3600,
      }));
      return { status: 200, body: JSON.stringify({ TransformJobSummaries }) };
    });
    proxy.amended.set('DescribeTransformJob', async (asked, told) => {
      const job = this.jobs.get(Named.parse(asked).TransformJobName);
      if (job === undefined) return told;
      if (job.looks-- <= 0) await this.#end(job);
      return { ...told, TransformJobStatus: job.status, FailureReason: job.reason ?? '' };
    });
  }

  reset(): void {
    this.jobs.clear();
    [this.looks, this.failure] = [2, undefined];
    this.change = (lines) => lines;
  }

  async #end(job: Job): Promise<void> {
    if (job.status === 'Stopping') job.status = 'Stopped';
    if (job.status !== 'InProgress') return;
    if (this.failure !== undefined) {
      [job.status, job.reason] = ['Failed', this.failure];
      return;
    }
    const { TransformInput, TransformOutput } = job.asked;
    const from = placeOf(TransformInput.DataSource.S3DataSource.S3Uri);
    const to = placeOf(TransformOutput.S3OutputPath);
    const { Contents = [] } = await this.#s3.send(
      new ListObjectsV2Command({ Bucket: from.bucket, Prefix: from.key }),
    );
    for (const { Key = '' } of Contents) {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: from.bucket, Key }));
      const text = (await Body?.transformToString()) ?? '';
      const lines = text.split('\n').filter((line) => line !== '');
      const told: string[] = [];
      for (const line of lines) told.push(JSON.stringify(await this.answer(line)));
      const answers = this.change(told);
      if (answers === undefined) continue;
      const output = `${to.key}some/folder/${path.posix.basename(Key)}.out`;
      await this.#s3.send(
        new PutObjectCommand({
          Bucket: to.bucket,
          Key: output,
          Body: answers.map((line) => `${line}\n`).join(''),
        }),
      );
    }
    job.status = 'Completed';
  }
}

function placeOf(uri: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { bucket, key };
}
