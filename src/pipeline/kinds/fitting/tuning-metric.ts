import { choice } from '../../../protocol/parameters.ts';
import { isRankMetric, RANK_METRICS, type RankMetric } from '../../metrics/rank-metrics.ts';
import { metricDepth } from './metric-depth.ts';
import type { FitContext } from './fit-context.ts';

/** The parameter by which a kind that tunes itself may be told its metric. */
export const tuneByParameter = () =>
  choice({
    default: 'auto',
    choices: ['auto', ...RANK_METRICS],
    help: 'Metric of the tuning; auto: the one that selects the best model where it was given, otherwise ndcg@k, with k as deep as models are selected (10 to 100 by the size of the catalogue), by leave-one-out ndcg@10.',
  });

/** The metric a kind tunes itself by: finer than the hit rate at the same depth, which many settings share. */
export function tuningMetric(
  tuneBy: string,
  { data, selectBy }: Pick<FitContext, 'data' | 'selectBy'>,
): RankMetric {
  if (isRankMetric(tuneBy)) return tuneBy;
  if (isRankMetric(selectBy)) return selectBy;
  return data.layout.leaveOneOut ? 'ndcg@10' : `ndcg@${metricDepth(data)}`;
}
