import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  ListTransformJobsCommand,
} from '@aws-sdk/client-sagemaker';
import type { Aws } from '../../../src/pipeline/deploy/aws/aws-clients.ts';

/** Roles that tests make for endpoints and jobs. */
const TEST_ROLES = ['endpoint', 'batch'];

/** All that there is at AWS of what RecSys makes; of jobs those at work. */
export async function madeAt({ s3, sagemaker, cloudFormation, iam }: Aws): Promise<string[]> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const [
    { Models = [] },
    { TransformJobSummaries: jobs = [] },
    { EndpointConfigs = [] },
    { Endpoints = [] },
    { Buckets = [] },
  ] = await Promise.all([
    sagemaker.send(new ListModelsCommand({})),
    sagemaker.send(new ListTransformJobsCommand({ StatusEquals: 'InProgress' })),
    sagemaker.send(new ListEndpointConfigsCommand({})),
    sagemaker.send(new ListEndpointsCommand({})),
    s3.send(new ListBucketsCommand({})),
  ]);
  const inBuckets = Buckets.map(async ({ Name: Bucket }) => {
    const [{ Contents = [] }, { Uploads = [] }] = await Promise.all([
      s3.send(new ListObjectsV2Command({ Bucket })),
      s3.send(new ListMultipartUploadsCommand({ Bucket })),
    ]);
    return [
      ...Contents.map(({ Key }) => `object ${Key ?? ''}`),
      ...Uploads.map(({ Key }) => `upload ${Key ?? ''}`),
    ];
  });
  return [
    ...jobs.map(({ TransformJobName }) => `job ${TransformJobName ?? ''}`),
    ...Models.map(({ ModelName }) => `model ${ModelName ?? ''}`),
    ...EndpointConfigs.map(({ EndpointConfigName }) => `configuration ${EndpointConfigName ?? ''}`),
    ...Endpoints.map(({ EndpointName }) => `endpoint ${EndpointName ?? ''}`),
    ...Buckets.map(({ Name }) => `bucket ${Name ?? ''}`),
    ...(await Promise.all(inBuckets)).flat(),
    ...Stacks.map(({ StackName }) => `stack ${StackName ?? ''}`),
    // What is in a stack goes with it; roles of tests stay.
    ...Roles.flatMap(({ RoleName = '' }) => (TEST_ROLES.includes(RoleName) ? [] : [`role ${RoleName}`])),
  ];
}
