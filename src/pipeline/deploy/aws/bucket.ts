/** The bucket of the archive: one that is given, or one that is made, closed and encrypted. */
import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { pieceId, type Piece } from '../../../protocol/deployment.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { ownBucketName, TAGS } from '../deployment-names.ts';
import type { Aws, Caller } from './aws-clients.ts';
import { explained, isDenied, isMissing } from './fault.ts';
import { makePiece, type Making } from './make-piece.ts';
import { asTagList } from './tag-list.ts';

export interface Bucket {
  readonly name: string;
  /** Pieces that the archive in it needs: the bucket, where we made it. */
  readonly needs: readonly string[];
}

type Standing = 'ours' | 'missing' | 'elsewhere' | 'foreign';

/** HEAD has no body: its status is all that tells. */
async function standing(aws: Aws, name: string, account: string): Promise<Standing> {
  try {
    await aws.s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
    return 'ours';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    if (isDenied(error)) return 'foreign';
    if (error instanceof Error && /301|PermanentRedirect|redirect/i.test(`${error.name} ${error.message}`))
      return 'elsewhere';
    throw explained(error, aws.doing(`looking at the bucket ${name}`));
  }
}

/** @throws UserError where a bucket that is given cannot be used */
export async function requireBucket(aws: Aws, { account }: Caller, name: string): Promise<void> {
  const is = await standing(aws, name, account);
  if (is === 'ours') return;
  const other = 'Choose another one with --bucket, or leave --bucket out: one is made then.';
  const why = {
    missing: `There is no bucket ${name} in account ${account}.`,
    elsewhere: `The bucket ${name} is in another region than ${aws.region}.`,
    foreign: `The bucket ${name} is of another account than ${account}, or may not be looked at.`,
  }[is];
  throw new UserError(`${why} Nothing was made.`, other);
}

/** The bucket that is given, or the one of the account and region, which is made where it is not there. */
export async function haveBucket(making: Making, caller: Caller, given: string | undefined): Promise<Bucket> {
  const { aws, journal, id, tags } = making;
  if (given !== undefined) return { name: given, needs: [] };
  const name = ownBucketName(caller.account, aws.region);
  const piece: Piece = { kind: 'bucket', name, needs: [] };
  const is = await standing(aws, name, caller.account);
  if (is === 'missing') {
    await makePiece(making, piece, () => createBucket(aws, name));
    await secureBucket(making, name);
    return { name, needs: [pieceId(piece)] };
  }
  if (is !== 'ours')
    throw new UserError(
      `The bucket ${name}, which would be this account's, is of another account or region.`,
      'Name a bucket of yours with --bucket.',
      { inWindow: 'Do it in a terminal, and name a bucket of yours: recsys … --bucket my-bucket' },
    );
  if (!(await isMadeByUs(aws, name))) return { name, needs: [] };
  // Made for another endpoint: whoever is taken away last takes it along.
  await journal.append({ type: 'intent', id, piece, tags });
  await journal.append({ type: 'made', piece: pieceId(piece) });
  // A process that was lost may have left it open.
  await secureBucket(making, name);
  return { name, needs: [pieceId(piece)] };
}

async function createBucket(aws: Aws, Bucket: string): Promise<object> {
  const LocationConstraint = aws.region as BucketLocationConstraint;
  // The oldest region takes no name of itself.
  const where = aws.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
  await aws.s3.send(new CreateBucketCommand({ Bucket, ...where }));
  return {};
}

/** Tags come first: with them it is known as ours. */
async function secureBucket({ aws, tags }: Making, Bucket: string): Promise<void> {
  const TagSet = asTagList({ [TAGS.owner]: tags[TAGS.owner] ?? '', 'recsys:bucket': 'archives' });
  const closed = {
    ...{ BlockPublicAcls: true, IgnorePublicAcls: true },
    ...{ BlockPublicPolicy: true, RestrictPublicBuckets: true },
  };
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
  await aws.try(`closing and encrypting the bucket ${Bucket}`, async () => {
    await aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    await aws.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: closed }));
    await aws.s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
  });
}

/** A bucket of this name without the tag was made by a person, and is a person's to take away. */
async function isMadeByUs(aws: Aws, Bucket: string): Promise<boolean> {
  try {
    const { TagSet = [] } = await aws.s3.send(new GetBucketTaggingCommand({ Bucket }));
    return TagSet.some(({ Key }) => Key === 'recsys:bucket');
  } catch {
    return false;
  }
}
