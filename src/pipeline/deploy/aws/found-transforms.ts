/** Batch transform jobs that RecSys made and that are at work: what has ended costs nothing, and cannot be taken away. */
import { DescribeTransformJobCommand, paginateListTransformJobs } from '@aws-sdk/client-sagemaker';
import { PREFIX } from '../../../protocol/endpoint-name.ts';
import { eachAtMost } from '../../each-at-most.ts';
import type { Aws } from './aws-clients.ts';
import { ours, type FoundThing, type Named } from './found-things.ts';

/** Calls at once in a region. */
const AT_ONCE = 4;

export async function foundTransforms(aws: Aws): Promise<FoundThing[]> {
  const all: Named[] = [];
  for (const StatusEquals of ['InProgress', 'Stopping'] as const)
    for await (const { TransformJobSummaries = [] } of paginateListTransformJobs(
      { client: aws.sagemaker },
      { NameContains: PREFIX, StatusEquals },
    ))
      for (const job of TransformJobSummaries) {
        const { TransformJobName: name = '', TransformJobArn: arn = '' } = job;
        all.push({ name, arn, created: job.CreationTime, status: job.TransformJobStatus });
      }
  const named = all.filter(({ name }) => name.startsWith(PREFIX));
  return eachAtMost(AT_ONCE, await ours(aws, named), async (one) => {
    const { TransformResources } = await aws.sagemaker.send(
      new DescribeTransformJobCommand({ TransformJobName: one.name }),
    );
    const { InstanceType = '', InstanceCount = 1 } = TransformResources ?? {};
    return {
      ...{ ...one, kind: 'transform' as const, region: aws.region },
      payment: { type: 'instances' as const, counts: new Map([[InstanceType, InstanceCount]]) },
    };
  });
}
