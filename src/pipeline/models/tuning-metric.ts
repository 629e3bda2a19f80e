import { choice } from '../../protocol/parameters.ts';
import { isRankMetric, RANK_METRICS, type RankMetric } from '../metrics/rank-metrics.ts';
import type { FitContext } from './model-kind.ts';

/** The parameter by which a kind that tunes itself may be told its metric. @param otherwise what auto means, in words */
export const tuneByParameter = (otherwise: string) =>
  choice({
    default: 'auto',
    choices: ['auto', ...RANK_METRICS],
    help: `Metric of the tuning; auto: the one that selects the best model where it was given, otherwise ${otherwise}, by leave-one-out ndcg@10.`,
  });

/** The metric a kind tunes itself by. @param otherwise where nothing was given and the data are not split by leave-one-out */
export function tuningMetric(
  tuneBy: string,
  { data, selectBy }: Pick<FitContext, 'data' | 'selectBy'>,
  otherwise: RankMetric,
): RankMetric {
  if (isRankMetric(tuneBy)) return tuneBy;
  if (isRankMetric(selectBy)) return selectBy;
  return data.layout.leaveOneOut ? 'ndcg@10' : otherwise;
}
