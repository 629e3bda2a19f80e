/** What each kind of piece is looked for by, and taken away by. */
import { DeregisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeTransformJobCommand,
  ListTagsCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { PieceKind, Tags } from '../../../protocol/deployment.ts';
import type { Aws } from './aws-clients.ts';
import { isDenied, isMissing } from './fault.ts';

export interface Found {
  readonly arn?: string | undefined;
  readonly handle?: string | undefined;
}

export interface PieceActions {
  /** Looks for it by its name; undefined where there is none. */
  find(aws: Aws, name: string): Promise<Found | undefined>;
  /** Takes it away. May throw that it is missing. @param handle of an upload its id, of an object its version */
  remove(aws: Aws, name: string, handle: string | undefined): Promise<unknown>;
}

async function found(asking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** `<bucket>/<key>`. */
export function placeOf(name: string): { Bucket: string; Key: string } {
  const slash = name.indexOf('/');
  return { Bucket: name.slice(0, slash), Key: name.slice(slash + 1) };
}

/** What application auto scaling calls the only variant of an endpoint. */
export const VARIANT = 'AllTraffic';
export const SCALED = {
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
} as const;

/** Ids of the uploads of a key that were begun and not ended. */
export async function openUploads(aws: Aws, name: string): Promise<string[]> {
  const { Bucket, Key } = placeOf(name);
  const { Uploads = [] } = await aws.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
  return Uploads.flatMap((upload) => (upload.Key === Key ? (upload.UploadId ?? []) : []));
}

export const PIECES: Readonly<Record<PieceKind, PieceActions>> = {
  scaling: {
    find: () => Promise.resolve({}),
    remove: (aws, name) =>
      aws.scaling.send(
        new DeregisterScalableTargetCommand({ ...SCALED, ResourceId: `endpoint/${name}/variant/${VARIANT}` }),
      ),
  },
  endpoint: {
    find: (aws, EndpointName) =>
      found(
        aws.sagemaker
          .send(new DescribeEndpointCommand({ EndpointName }))
          .then(({ EndpointArn: arn }) => ({ arn })),
      ),
    remove: (aws, EndpointName) => aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName })),
  },
  'endpoint-config': {
    find: (aws, EndpointConfigName) =>
      found(
        aws.sagemaker
          .send(new DescribeEndpointConfigCommand({ EndpointConfigName }))
          .then(({ EndpointConfigArn: arn }) => ({ arn })),
      ),
    remove: (aws, EndpointConfigName) =>
      aws.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName })),
  },
  transform: {
    find: (aws, TransformJobName) =>
      found(
        aws.sagemaker
          .send(new DescribeTransformJobCommand({ TransformJobName }))
          .then(({ TransformJobArn: arn }) => ({ arn })),
      ),
    // Jobs stay in SageMaker's list.
    remove: (aws, TransformJobName) => aws.sagemaker.send(new StopTransformJobCommand({ TransformJobName })),
  },
  model: {
    find: (aws, ModelName) =>
      found(
        aws.sagemaker.send(new DescribeModelCommand({ ModelName })).then(({ ModelArn: arn }) => ({ arn })),
      ),
    remove: (aws, ModelName) => aws.sagemaker.send(new DeleteModelCommand({ ModelName })),
  },
  upload: {
    find: async (aws, name) => {
      const [handle] = await openUploads(aws, name);
      return handle === undefined ? undefined : { handle };
    },
    remove: async (aws, name) => {
      for (const UploadId of await openUploads(aws, name))
        await aws.s3.send(new AbortMultipartUploadCommand({ ...placeOf(name), UploadId }));
    },
  },
  output: {
    find: async (aws, name) => ((await keysBelow(aws, name)).length === 0 ? undefined : {}),
    remove: async (aws, name) => {
      const { Bucket } = placeOf(name);
      for (const Key of await keysBelow(aws, name))
        await aws.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  },
  object: {
    find: (aws, name) =>
      found(
        aws.s3
          .send(new HeadObjectCommand(placeOf(name)))
          .then(({ VersionId: handle }) => (handle === undefined ? {} : { handle })),
      ),
    remove: (aws, name, VersionId) =>
      aws.s3.send(
        new DeleteObjectCommand({ ...placeOf(name), ...(VersionId === undefined ? {} : { VersionId }) }),
      ),
  },
  bucket: {
    find: (aws, Bucket) => found(aws.s3.send(new HeadBucketCommand({ Bucket })).then(() => ({}))),
    remove: (aws, Bucket) => aws.s3.send(new DeleteBucketCommand({ Bucket })),
  },
};

/** Keys that begin as a name does, `<bucket>/<prefix>`; none where there is no such bucket. */
export async function keysBelow(aws: Aws, name: string): Promise<string[]> {
  const { Bucket, Key: Prefix } = placeOf(name);
  const keys: string[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: aws.s3 }, { Bucket, Prefix }))
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return keys;
}

/** The tags of a piece of SageMaker; undefined where the caller may not read them. */
export async function tagsAt(aws: Aws, arn: string): Promise<Tags | undefined> {
  try {
    const { Tags: tags = [] } = await aws.sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    if (isDenied(error)) return undefined;
    if (isMissing(error)) return {};
    throw error;
  }
}
