/** What a deployment will make, decided before anything is made. */
import { openModel } from '../../model/open-model.ts';
import type { ItemNames } from '../../model/item-names.ts';
import type { HourlyPrice } from '../../../protocol/costs.ts';
import { newRunId } from '../../../protocol/run-id.ts';
import type { Capacity } from '../../../protocol/deployment.ts';
import { defaultEndpointName } from '../../../protocol/endpoint-name.ts';
import {
  capacityOf,
  MAX_K,
  requireFittingAnswers,
  requireRegionToZero,
  type AskedCapacity,
} from '../capacity.ts';
import type { PreparedArchive } from '../archive-writer.ts';
import { pieceName, requireEndpointName, tagsOf, workspaceTag } from '../deployment-names.ts';
import { imageFor } from '../images.ts';
import { longestNames } from '../longest-names.ts';
import type { Aws, Caller } from './aws-clients.ts';
import type { FrontPlan } from './front.ts';
import { checkedRole } from './check-role.ts';
import type { InstancePrices } from './instance-prices.ts';
import { chosenRole } from './choose-role.ts';
import { bucketFor, type SendPlan, type SendRequest } from './sent-model.ts';
import { policyText } from '../policy.ts';

export interface DeployRequest extends SendRequest {
  readonly capacity: AskedCapacity;
  readonly endpoint?: string | undefined;
  /** Of the deployment, in the form of a run's; default: a new one. */
  readonly id?: string | undefined;
  /** Milliseconds after which the endpoint is to be taken away. */
  readonly timeToLive?: number | undefined;
  /** Where instances' prices are asked for; absent: they are not known. */
  readonly prices?: InstancePrices | undefined;
  /** Whether a clock at AWS takes it away then. Default: yes. */
  readonly clock?: boolean | undefined;
  /** The REST front that the endpoint is to have; absent: one that is there stays. */
  readonly front?: FrontPlan | undefined;
}

export interface DeployPlan extends SendPlan {
  readonly endpoint: string;
  readonly names: ItemNames;
  readonly archive: PreparedArchive;
  readonly capacity: Capacity;
  /** Of one instance, where there are any. */
  readonly price: HourlyPrice | undefined;
  readonly expires: string | undefined;
  /** Whether a clock at AWS is to take it away at that time. */
  readonly clock: boolean;
  readonly front: FrontPlan | undefined;
}

/** @throws UserError where it cannot come to anything; AWS has only been asked questions then */
export async function planDeployment(aws: Aws, caller: Caller, request: DeployRequest): Promise<DeployPlan> {
  const { source } = request;
  const endpoint = request.endpoint ?? defaultEndpointName(source);
  requireEndpointName(endpoint);
  const image = request.image ?? imageFor(aws.region);
  const model = await openModel(request.packageFolder);
  const archive = await request.prepareArchive(request.packageFolder, { maxK: MAX_K, verified: true });
  const capacity = capacityOf(request.capacity, archive.graph.bytes);
  requireRegionToZero(capacity, aws.region);
  const names = await model.names();
  requireFittingAnswers(longestNames(names, MAX_K), MAX_K);
  const bucket = await bucketFor(aws, caller, request.bucket);
  const front = request.front !== undefined;
  const clock = request.timeToLive !== undefined && request.clock !== false;
  const { account, partition } = caller;
  const places = { account, partition, region: aws.region, bucket, endpoint, front, clock };
  const policyOf = (role: string): string =>
    policyText({ ...places, toZero: capacity.type === 'toZero', role });
  const given =
    request.role ?? (await chosenRole(aws, caller, request.chooseRole, 'recsys-endpoint', policyOf));
  const role = await aws.try('looking at the role', () => checkedRole(aws, caller, given));
  const price = await priceOf(request.prices, capacity, aws.region);
  const { id = newRunId() } = request;
  const workspace = workspaceTag(request.storeFolder);
  const { timeToLive } = request;
  const expires = timeToLive === undefined ? undefined : new Date(Date.now() + timeToLive).toISOString();
  return {
    ...{
      id,
      endpoint,
      workspace,
      caller,
      source,
      model,
      archive,
      names,
      capacity,
      price,
      image,
      expires,
      bucket,
    },
    ...{ region: aws.region, profile: aws.profile, role: role.arn },
    ...{ pieces: pieceName(endpoint, id), clock, front: request.front },
    tags: tagsOf({ source, owner: caller.arn, workspace, endpoint, deployment: id, expires }),
    unchecked: role.unchecked === undefined ? [] : [role.unchecked],
  };
}

async function priceOf(
  prices: InstancePrices | undefined,
  capacity: Capacity,
  region: string,
): Promise<HourlyPrice | undefined> {
  if (prices === undefined || capacity.type === 'serverless') return undefined;
  const price = await prices.of({ region, instance: capacity.instance, use: 'hosting' });
  await prices.save();
  return price;
}
