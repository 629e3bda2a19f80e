import { catalogueSize, type PreparedData } from '../../../data/prepared-data.ts';
import { DEEPEST, isRankMetric, type RankMetric } from '../../../metrics/rank-metrics.ts';
import { metricDepth } from '../../../kinds/fitting/metric-depth.ts';

/**
 * The validation metric that chooses. `auto` is hitRate@k, where k fits the catalogue (`metricDepth`): 10, 20, 50 or 100.
 * By leave-one-out it is ndcg@10, as in published tables, and so in catalogues of fewer than 100 items, where ten are
 * hit by nearly any model.
 */
export function selectionMetric(selectBy: string, data: PreparedData): RankMetric {
  if (isRankMetric(selectBy)) return selectBy;
  return data.layout.leaveOneOut || catalogueSize(data) < DEEPEST
    ? 'ndcg@10'
    : `hitRate@${metricDepth(data)}`;
}
