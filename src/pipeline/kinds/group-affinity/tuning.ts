import { meanMetric } from '../../metrics/rank-metrics.ts';
import { searchCoordinates } from '../fitting/coordinate-search.ts';
import type { CountTuning, TunedCounts } from '../fitting/count-tuning.ts';
import { Ranker } from '../ranking/ranker.ts';
import { sparseRanks } from '../fitting/sparse-ranks.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import { affordableSample, validationSample, type ValidationSample } from '../fitting/validation-sample.ts';
import { groupShares, type GroupedItems } from './group-shares.ts';
import type { GroupAffinityParameters } from './parameters.ts';
import { groupAffinityScorer } from './scorer.ts';

/** More queries than this say little more. */
const QUERIES = 4000;
/** Scored items one setting may cost; the number of validation queries follows from it. */
const WORK = 10_000_000;

type Change = Partial<GroupAffinityParameters>;

/** Only where the ranking keeps seen items; all else depends on it. */
const REPEAT: readonly Change[] = [{ repeat: 0 }, { repeat: 0.3 }];
/** These depend on how groups fade, so they are tried once more at the end. */
const SHARES: readonly (readonly Change[])[] = [
  [-0.4, -0.2, 0, 0.3, 0.6, 1].map((popularity) => ({ popularity })),
  [0.1, 1, 10].map((lambda) => ({ lambda })),
];
const FADES: readonly Change[] = [0, 0.5, 1, 2].map((fade) => ({ fade }));

type TuningInput = CountTuning<GroupedItems, GroupAffinityParameters>;

/** Chooses the parameters on validation queries, one coordinate after the other; the start wins ties. */
export async function tune(input: TuningInput): Promise<TunedCounts<GroupAffinityParameters>> {
  const { start, fixed, index, metric, validation } = input;
  const sample = affordable(input);
  const ranker = new Ranker(index.groups.length, input.ties);
  const set = new CandidateSet(index.groups.length);
  const found = await searchCoordinates<GroupAffinityParameters>({
    ...{ start, fixed },
    groups: [...(validation.seen === 'removed' ? [] : [REPEAT]), ...SHARES, FADES, ...SHARES],
    measure: (parameters) =>
      meanMetric(metric, sparseRanks(sample, groupAffinityScorer(index, parameters, set), ranker)),
    progress: (done, total) => input.progress(done, total),
  });
  return { ...found, queries: sample.queries.length };
}

/** As many validation queries as the work of one setting allows. */
function affordable({ validation, index, start }: TuningInput): ValidationSample {
  const sample = validationSample(validation, 'group-affinity-tuning', QUERIES);
  const { counts } = groupShares(index, start);
  return affordableSample(sample, WORK, (query) => {
    const groups = new Set(query.subarray(-start.history).map((item) => index.groups[item] ?? -1));
    let work = 0;
    for (const group of groups) work += counts[group] ?? 0;
    return work;
  });
}
