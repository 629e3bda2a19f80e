/** What all work at AWS that a model is sent for has in common: what it is asked by, and what is decided before it begins. */
import type { DeployedModel, Tags } from '../../../protocol/deployment.ts';
import type { OpenPackage } from '../../model/open-model.ts';
import type { PrepareArchive } from '../archive-writer.ts';
import { ownBucketName } from '../deployment-names.ts';
import type { Aws, Caller } from './aws-clients.ts';
import type { ChooseRole } from './choose-role.ts';
import { requireBucket } from './bucket.ts';

export interface SendRequest {
  readonly storeFolder: string;
  readonly source: DeployedModel;
  /** The package that is sent. */
  readonly packageFolder: string;
  readonly prepareArchive: PrepareArchive;
  readonly role?: string | undefined;
  /** Has a person choose the role where none is named. */
  readonly chooseRole?: ChooseRole | undefined;
  readonly bucket?: string | undefined;
  readonly image?: string | undefined;
  /** For tests. */
  readonly partBytes?: number | undefined;
}

export interface SendPlan {
  readonly id: string;
  readonly workspace: string;
  readonly caller: Caller;
  readonly region: string;
  readonly profile: string | undefined;
  readonly source: DeployedModel;
  readonly model: OpenPackage;
  readonly image: string;
  readonly bucket: string;
  readonly role: string;
  /** Name of the model and of what is made of it. */
  readonly pieces: string;
  readonly tags: Tags;
  /** What could not be checked. */
  readonly unchecked: readonly string[];
}

/** The bucket that was named, which must be the caller's, or their own of the region. */
export async function bucketFor(aws: Aws, caller: Caller, named: string | undefined): Promise<string> {
  if (named === undefined) return ownBucketName(caller.account, aws.region);
  await requireBucket(aws, caller, named);
  return named;
}
