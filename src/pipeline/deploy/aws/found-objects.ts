/** Buckets that RecSys made, and what is in them. */
import {
  GetBucketTaggingCommand,
  ListBucketsCommand,
  paginateListObjectsV2,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { ownBucketName, TAGS } from '../deployment-names.ts';
import type { Tags } from '../../../protocol/deployment.ts';
import type { Aws, Caller } from './aws-clients.ts';
import { isDenied, isMissing } from './fault.ts';
import type { FoundThing } from './found-things.ts';
import { tagsIn } from './tag-list.ts';

/** A bucket's name ends with its region. */
export interface OwnBucket {
  readonly name: string;
  readonly region: string;
  readonly created: Date | undefined;
}

/** Buckets of the names that RecSys gives; S3 lists those of all regions. */
export async function ownBuckets(aws: Aws, { account }: Caller): Promise<OwnBucket[]> {
  const prefix = ownBucketName(account, '');
  const { Buckets = [] } = await aws.s3.send(new ListBucketsCommand({}));
  return Buckets.flatMap(({ Name: name = '', CreationDate: created }) =>
    name.startsWith(prefix) ? [{ name, region: name.slice(prefix.length), created }] : [],
  );
}

/** The bucket, its objects and its uploads that were begun; nothing where a person made it. @param aws of its region */
export async function foundInBucket(
  aws: Aws,
  { partition }: Caller,
  bucket: OwnBucket,
): Promise<FoundThing[]> {
  const tags = await bucketTags(aws, bucket.name);
  if (tags !== undefined && tags['recsys:bucket'] === undefined) return [];
  const arn = `arn:${partition}:s3:::${bucket.name}`;
  const contents = [...(await objectsIn(aws, bucket, arn)), ...(await uploadsIn(aws, bucket, arn))];
  return [
    ...contents,
    {
      ...{ kind: 'bucket', name: bucket.name, arn, region: bucket.region, created: bucket.created, tags },
      payment: { type: contents.length === 0 ? 'nothing' : 'by-storage' },
    },
  ];
}

/** Undefined where they may not be read. */
async function bucketTags(aws: Aws, Bucket: string): Promise<Tags | undefined> {
  try {
    const { TagSet = [] } = await aws.s3.send(new GetBucketTaggingCommand({ Bucket }));
    return tagsIn(TagSet);
  } catch (error) {
    if (isDenied(error)) return undefined;
    if (isMissing(error)) return {};
    throw error;
  }
}

async function objectsIn(aws: Aws, { name, region }: OwnBucket, arn: string): Promise<FoundThing[]> {
  const found: FoundThing[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: aws.s3 },
    { Bucket: name, Prefix: 'recsys/' },
  ))
    for (const { Key = '', Size: bytes, LastModified: created } of Contents)
      found.push({
        ...{ kind: 'object', name: `${name}/${Key}`, arn: `${arn}/${Key}`, region, created, bytes },
        ...{ tags: tagsOfKey(Key), payment: { type: 'by-storage' } },
      });
  return found;
}

async function uploadsIn(aws: Aws, { name, region }: OwnBucket, arn: string): Promise<FoundThing[]> {
  const { Uploads = [] } = await aws.s3.send(
    new ListMultipartUploadsCommand({ Bucket: name, Prefix: 'recsys/' }),
  );
  return Uploads.map(({ Key = '', Initiated: created }) => ({
    // Uploads have no ARN of their own.
    ...{ kind: 'upload' as const, name: `${name}/${Key}`, arn: `${arn}/${Key}?uploads`, region, created },
    ...{ tags: tagsOfKey(Key), payment: { type: 'by-storage' as const } },
  }));
}

/** A key says whose it is: `recsys/<workspace>/<endpoint>/…`. */
function tagsOfKey(key: string): Tags {
  const [, workspace, endpoint] = key.split('/');
  return {
    ...(workspace === undefined ? {} : { [TAGS.workspace]: workspace }),
    ...(endpoint === undefined ? {} : { [TAGS.endpoint]: endpoint }),
  };
}
