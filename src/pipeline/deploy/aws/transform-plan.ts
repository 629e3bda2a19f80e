/** What a batch transform will make, decided before anything is made. */
import type { HourlyPrice } from '../../../protocol/costs.ts';
import { newRunId } from '../../../protocol/run-id.ts';
import { openModel, type OpenPackage } from '../../model/open-model.ts';
import { packageBytes } from '../../model/package-bytes.ts';
import { requireInstanceType } from '../capacity.ts';
import { pieceName, predictionsName, tagsOf, workspaceTag } from '../deployment-names.ts';
import { imageFor } from '../images.ts';
import { transformPolicyText } from '../policy.ts';
import { instanceFor } from '../transform-instances.ts';
import type { Aws } from './aws-clients.ts';
import { checkedRole } from './check-role.ts';
import { chosenRole } from './choose-role.ts';
import type { InstancePrices } from './instance-prices.ts';
import { bucketFor, type SendPlan, type SendRequest } from './sent-model.ts';

export interface TransformRequest extends SendRequest {
  /** The file that predictions are written to. */
  readonly output: string;
  readonly instance?: string | undefined;
  /** Instances. */
  readonly count: number;
  readonly prices: InstancePrices;
  /** Opened for an earlier plan. */
  readonly opened?: OpenPackage | undefined;
  /** For tests. */
  readonly fileBytes?: number | undefined;
}

export interface TransformPlan extends SendPlan {
  /** Of the predictions. */
  readonly name: string;
  readonly instance: string;
  readonly count: number;
  /** Of one instance. */
  readonly price: HourlyPrice;
}

/** @throws UserError where it cannot come to anything; AWS has only been asked questions then */
export async function planTransform(aws: Aws, request: TransformRequest): Promise<TransformPlan> {
  const { source, count, prices } = request;
  const image = request.image ?? imageFor(aws.region);
  const model = request.opened ?? (await openModel(request.packageFolder));
  const instance = request.instance ?? instanceFor(packageBytes(model.file));
  requireInstanceType(instance);
  const caller = await aws.caller();
  const bucket = await bucketFor(aws, caller, request.bucket);
  const { account, partition } = caller;
  const name = predictionsName(request.output);
  const policyOf = (arn: string): string =>
    transformPolicyText({ account, partition, region: aws.region, bucket, endpoint: name, role: arn });
  const given = request.role ?? (await chosenRole(aws, caller, request.chooseRole, 'recsys-batch', policyOf));
  const role = await aws.try('looking at the role', () => checkedRole(aws, caller, given));
  const price = await prices.of({ region: aws.region, instance, use: 'transform' });
  await prices.save();
  const id = newRunId();
  const workspace = workspaceTag(request.storeFolder);
  return {
    ...{ id, name, workspace, caller, source, model, instance, count, price, image, bucket },
    ...{ region: aws.region, profile: aws.profile, role: role.arn, pieces: pieceName(name, id) },
    tags: tagsOf({
      ...{ source, owner: caller.arn, workspace, endpoint: name, deployment: id, expires: undefined },
    }),
    unchecked: role.unchecked === undefined ? [] : [role.unchecked],
  };
}
