/** The plan of a batch transform that a person has agreed to, after others where they wanted other instances. */
import { instancesIn, YES } from '../../protocol/answers.ts';
import type { PlannedTransform } from '../../protocol/question.ts';
import type { HourlyPrice } from '../../protocol/costs.ts';
import type { Aws } from '../deploy/aws/aws-clients.ts';
import type { TransformPlan, TransformRequest } from '../deploy/aws/transform-plan.ts';
import type { AskByFile } from '../deploy/asking/ask-by-file.ts';
import { roomyInstances } from '../deploy/transform-instances.ts';
import { packageBytes } from '../model/package-bytes.ts';
import { askPerson } from './ask-person.ts';
import { turnedAway } from './aws-options.ts';
import { transformPlanLines } from './output/transform-plan-view.ts';

export interface Agreeing {
  /** Nobody is asked. */
  readonly yes: boolean;
  readonly json: boolean;
  /** Absent: a person at the terminal is asked. */
  readonly asker?: AskByFile | undefined;
}

export interface AgreedPlan {
  readonly plan: TransformPlan;
  readonly request: TransformRequest;
}

/** @throws UserError where the person turned away */
export async function agreedPlan(
  aws: Aws,
  asked: TransformRequest,
  agreeing: Agreeing,
  signal: AbortSignal,
): Promise<AgreedPlan> {
  const { planTransform } = await import('../deploy/aws/transform-plan.ts');
  let request = asked;
  for (;;) {
    const plan = await aws.try('planning the batch transform', () => planTransform(aws, request));
    const other = await otherInstances({ plan, request }, agreeing, signal);
    if (other === undefined) return { plan, request };
    request = { ...request, ...other, role: plan.role, opened: plan.model };
  }
}

/** @returns undefined where the plan is agreed to */
async function otherInstances(
  agreed: AgreedPlan,
  { yes, json, asker }: Agreeing,
  signal: AbortSignal,
): Promise<ReturnType<typeof instancesIn>> {
  if (asker !== undefined && !yes) {
    const plan = await plannedOf(agreed);
    const answer = await asker.ask({ kind: 'confirmTransform', plan }, { signal });
    const other = instancesIn(answer ?? '');
    if (answer === YES || other !== undefined) return other;
    throw turnedAway('Nothing was made.');
  }
  if (!json) for (const line of transformPlanLines(agreed.plan)) process.stderr.write(`${line}\n`);
  if (yes) return undefined;
  const otherwise = 'Say --yes to make it without asking. Nothing was made.';
  if (/^y(es)?$/i.test(await askPerson('Make this? (y/N)', otherwise, signal))) return undefined;
  throw turnedAway('Nothing was made.');
}

async function plannedOf({ plan, request }: AgreedPlan): Promise<PlannedTransform> {
  const { caller, source, region, instance, count, price, bucket, image, role, model } = plan;
  const { prices, output } = request;
  const choices = await Promise.all(
    roomyInstances(packageBytes(model.file)).map(async (one) => ({
      ...one,
      ...priced(await prices.of({ region, instance: one.instance, use: 'transform' }), 1),
    })),
  );
  await prices.save();
  return {
    ...source,
    ...{ output, account: caller.account, caller: caller.arn, region, instance, count, bucket, image, role },
    ...{ ...priced(price, count), choices },
  };
}

function priced(price: HourlyPrice, count: number): Pick<PlannedTransform, 'price'> {
  return price.type === 'known' ? { price: { usd: count * price.usd, asked: price.asked } } : {};
}
