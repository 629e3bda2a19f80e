import type { TransformPlan } from '../../deploy/aws/transform-plan.ts';
import { accountText, hourText, modelText, namedLines } from './deploy-view.ts';

/** What a batch transform will make, where, and as whom. */
export function transformPlanLines(plan: TransformPlan): string[] {
  const { region, source, bucket, image, role, count, instance } = plan;
  return namedLines([
    ['account', accountText(plan)],
    ['region', region],
    ['model', modelText(source)],
    ['on', `${count} × ${instance} for as long as the job takes; ${costText(plan)}`],
    ['bucket', bucket],
    ['container', image],
    ['role', role],
    ['stays', 'nothing: all of it is taken away when the job has ended'],
  ]);
}

function costText({ price, count }: TransformPlan): string {
  return price.type === 'known' ? hourText(price, count) : `its price ${hourText(price)}`;
}
