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
  ListTagsCommand,
} from '@aws-sdk/client-sagemaker';
import type { PieceKind, Tags } from '../../../protocol/deployment.ts';
import { SCALED } from '../scaled.ts';
import { VARIANT } from '../variant.ts';
import type { Aws } from './aws-clients.ts';
import { settledEndpoint } from './endpoint-status.ts';
import { isDenied, isMissing } from './fault.ts';
import { removeStack, stackStatus } from './stack-status.ts';
import { tagsIn } from './tag-list.ts';
import { stopTransform, transformStatus } from './transform-status.ts';
import type { Waiting } from './wait-settled.ts';

export interface Found {
  readonly arn?: string | undefined;
  readonly handle?: string | undefined;
}

export interface PieceActions {
  /** Looks for it by its name; undefined where there is none. */
  find(aws: Aws, name: string): Promise<Found | undefined>;
  /** Takes it away, and waits until it is. May throw that it is missing. @param handle of an object its version */
  remove(aws: Aws, name: string, handle: string | undefined, waiting?: Waiting): Promise<unknown>;
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

/** Ids of the uploads of a key that were begun and not ended. */
export async function openUploads(aws: Aws, name: string): Promise<string[]> {
  const { Bucket, Key } = placeOf(name);
  const { Uploads = [] } = await aws.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
  return Uploads.flatMap((upload) => (upload.Key === Key ? (upload.UploadId ?? []) : []));
}

const STACK: PieceActions = {
  find: async (aws, name) => {
    const there = await stackStatus(aws, name);
    return there === undefined ? undefined : { arn: there.arn };
  },
  remove: (aws, name, _, waiting) => removeStack(aws, name, waiting),
};

export const PIECES: Readonly<Record<PieceKind, PieceActions>> = {
  stack: STACK,
  clock: STACK,
  component: STACK,
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
    // One that is being made or changed cannot be taken away before that is over; it is gone when AWS says so.
    remove: async (aws, EndpointName, _, waiting) => {
      if ((await settledEndpoint(aws, EndpointName, waiting)) === undefined) return;
      await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
      await settledEndpoint(aws, EndpointName, waiting);
    },
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
    find: async (aws, name) => {
      const there = await transformStatus(aws, name);
      return there === undefined ? undefined : { arn: there.arn };
    },
    // It stays in SageMaker's list; until it has stopped it reads, writes and costs.
    remove: (aws, name, _, waiting) => stopTransform(aws, name, waiting),
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

/** The tags of a stack or a piece of SageMaker; undefined where the caller may not read them. */
export async function tagsAt(aws: Aws, arn: string): Promise<Tags | undefined> {
  try {
    if (arn.includes(':cloudformation:')) return (await stackStatus(aws, arn))?.tags ?? {};
    const { Tags: tags = [] } = await aws.sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
    return tagsIn(tags);
  } catch (error) {
    if (isDenied(error)) return undefined;
    if (isMissing(error)) return {};
    throw error;
  }
}
