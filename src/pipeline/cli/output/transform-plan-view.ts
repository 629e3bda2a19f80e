import type { TransformPlan } from '../../deploy/aws/transform-plan.ts';
import { formatDollars } from '../../../protocol/text/format.ts';
import { plainText } from '../../terminal/format.ts';
import { accountText, modelText, namedLines } from './deploy-view.ts';

/** What a batch transform will make, where, and as whom. */
export function transformPlanLines(plan: TransformPlan): string[] {
  const { region, source, bucket, image, role, count, instance } = plan;
  return namedLines([
    ['account', accountText(plan)],
    ['region', region],
    ['model', modelText(source)],
    ['on', `${count} × ${instance} for as long as the job takes; ${priceText(plan)}`],
    ['bucket', bucket],
    ['container', image],
    ['role', role],
    ['stays', 'nothing: all of it is taken away when the job has ended'],
  ]);
}

function priceText({ price, count }: TransformPlan): string {
  if (price.type !== 'known')
    return plainText(
      price.type === 'unknown' ? `its price is unknown: ${price.why}` : 'its price is unknown',
    );
  return `${formatDollars(count * price.usd)} an hour (AWS's price of ${price.asked.slice(0, 10)})`;
}
