import { meanMetric } from '../../metrics/rank-metrics.ts';
import { searchCoordinates } from '../coordinate-search.ts';
import type { KnnTuning, TunedKnn } from '../knn-tuning.ts';
import { Ranker } from '../ranking.ts';
import { sparseRanks } from '../sparse-ranks.ts';
import { validationSample } from '../validation-sample.ts';
import type { GroupAffinityParameters } from './parameters.ts';
import { groupAffinityScorer, type GroupedItems } from './scorer.ts';

const QUERIES = 4000;

type Change = Partial<GroupAffinityParameters>;

/** Only where the ranking keeps seen items; all else depends on it. */
const REPEAT: readonly Change[] = [{ repeat: 0 }, { repeat: 0.3 }];
const SHARES: readonly (readonly Change[])[] = [
  [-0.4, -0.2, 0.3, 0.6, 1].map((popularity) => ({ popularity })),
  [0.1, 10].map((lambda) => ({ lambda })),
];
const FADES: readonly Change[] = [0, 0.5, 1, 2].map((fade) => ({ fade }));

/** Chooses the parameters on validation queries, one coordinate after the other; the start wins ties. */
export async function tune(
  input: KnnTuning<GroupedItems, GroupAffinityParameters>,
): Promise<TunedKnn<GroupAffinityParameters>> {
  const { data, start, fixed, index, metric } = input;
  const sample = validationSample(data, input.positions, input.seed, 'group-affinity-tuning', QUERIES);
  const ranker = new Ranker(index.groups.length, input.ties);
  const found = await searchCoordinates<GroupAffinityParameters>({
    ...{ start, fixed },
    groups: [...(data.layout.leaveOneOut ? [] : [REPEAT]), ...SHARES, FADES, ...SHARES],
    measure: (parameters) =>
      meanMetric(metric, sparseRanks(sample, groupAffinityScorer(index, parameters), ranker)),
    progress: (done, total) => input.progress(done, total),
  });
  return { ...found, queries: sample.queries.length };
}
