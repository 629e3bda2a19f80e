import { meanMetric } from '../../metrics/rank-metrics.ts';
import { searchCoordinates } from '../fitting/coordinate-search.ts';
import type { CountTuning, TunedCounts } from '../fitting/count-tuning.ts';
import { Ranker } from '../ranking/ranker.ts';
import { sparseRanks } from '../fitting/sparse-ranks.ts';
import { affordableSample, validationSample, type ValidationSample } from '../fitting/validation-sample.ts';
import type { SessionKnnParameters } from './parameters.ts';
import { LARGEST_DISTANCE, sessionScorer } from './scorer.ts';
import { reachableItems, sequencesWith, type Reachable, type SequenceIndex } from './sequence-index.ts';
import { Workspace } from './workspace.ts';

/** Additions one setting may cost; the number of validation queries follows from it. */
const WORK = 11_000_000;
/** More queries than this say little more. */
const QUERIES = 3000;

type Change = Partial<SessionKnnParameters>;

/** Only where the ranking keeps seen items; all else depends on it. */
const REPEAT: readonly Change[] = [{ repeat: 0 }, { repeat: 0.3 }];
/** These depend on each other, so they are tried once more at the end. */
const VOTES: readonly (readonly Change[])[] = [
  [0.8, 0.9, 0.98, 1].map((delta) => ({ delta })),
  [0, 0.3, 1].map((back) => ({ back })),
  [0.5, 2, 3].map((sharpness) => ({ sharpness })),
  [0.25, 0.75, 1, 1.5, 2].map((fade) => ({ fade })),
];
const OTHERS: readonly (readonly Change[])[] = [
  [0, 0.25, 0.75, 1].map((rarity) => ({ rarity })),
  [0, 0.5, 0.75].map((lengthPenalty) => ({ lengthPenalty })),
  [0, 0.2, 0.4].map((gamma) => ({ gamma })),
  [50, 100].map((neighbours) => ({ neighbours })),
];

type TuningInput = CountTuning<SequenceIndex, SessionKnnParameters>;

/** Chooses the parameters on validation queries, one coordinate after the other; the start wins ties. */
export async function tune(input: TuningInput): Promise<TunedCounts<SessionKnnParameters>> {
  const trial = new Trial(input);
  const { start, fixed, validation } = input;
  const found = await searchCoordinates<SessionKnnParameters>({
    ...{ start, fixed },
    groups: [...(validation.seen === 'removed' ? [] : [REPEAT]), ...VOTES, ...OTHERS, ...VOTES],
    measure: (parameters) => trial.measure(parameters),
    progress: (done, total) => input.progress(done, total),
  });
  return { ...found, queries: trial.queryCount };
}

/** Measures settings on the same queries. */
class Trial {
  private readonly input: TuningInput;
  private readonly sample: ValidationSample;
  private readonly ranker: Ranker;
  private readonly shared: { readonly reachable: Reachable; readonly workspace: Workspace };
  private readonly known = new Map<string, number>();

  constructor(input: TuningInput) {
    const { validation, index, ties } = input;
    this.input = input;
    const sample = validationSample(validation, 'session-knn-tuning', QUERIES);
    this.sample = affordable(sample, input);
    this.ranker = new Ranker(index.itemCount, ties);
    this.shared = { reachable: reachableItems(index, true), workspace: new Workspace(index) };
  }

  get queryCount(): number {
    return this.sample.queries.length;
  }

  measure(parameters: SessionKnnParameters): number {
    const { index, validation, metric } = this.input;
    const key = JSON.stringify(parameters);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const scorer = sessionScorer(index, parameters, validation.data.trainCounts, this.shared);
    const value = meanMetric(metric, sparseRanks(this.sample, scorer, this.ranker));
    this.known.set(key, value);
    return value;
  }
}

/** As many queries of the sample as the work of one setting allows. */
function affordable(sample: ValidationSample, { index, start }: TuningInput): ValidationSample {
  const length = index.items.length / Math.max(1, index.sequenceCount);
  const votes = start.neighbours * Math.min(length, 2 * LARGEST_DISTANCE);
  return affordableSample(sample, WORK, (query) => {
    let work = votes;
    for (const item of query.subarray(-start.history))
      work += Math.min(start.sample, sequencesWith(index, item));
    return work;
  });
}
