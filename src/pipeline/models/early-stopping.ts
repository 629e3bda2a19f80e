import { meanMetric, type RankMetric } from '../metrics/rank-metrics.ts';
import type { Scorer } from './model-kind.ts';
import { Recommender } from './recommend.ts';
import type { ValidationSample } from './validation-sample.ts';

/** Validation queries measured after each epoch, at most. */
export const EPOCH_QUERIES = 2000;

/** What an epoch's weights are worth, and whether training should stop. */
export interface EpochVerdict {
  readonly score: number;
  readonly stop: boolean;
}

export interface EarlyStoppingOptions {
  readonly sample: ValidationSample;
  readonly metric: RankMetric;
  readonly trainCounts: Uint32Array;
  readonly seed: number;
  /** Epochs without a better figure before training stops; 0: never. */
  readonly patience: number;
}

/** Measures a model by its own rule on a sample of validation queries after each epoch. */
export class EarlyStopping {
  readonly metric: RankMetric;
  private readonly options: EarlyStoppingOptions;
  private best = -Infinity;
  private bestEpoch = 0;

  constructor(options: EarlyStoppingOptions) {
    this.options = options;
    this.metric = options.metric;
  }

  /** Judges the weights after an epoch (from 1); disposes the scorer. */
  judge(scorer: Scorer, epoch: number): EpochVerdict {
    const { sample, metric, patience, trainCounts, seed } = this.options;
    const score = measure(new Recommender({ scorer, trainCounts, seed }), sample, metric);
    scorer.dispose?.();
    if (score > this.best) {
      this.best = score;
      this.bestEpoch = epoch;
    }
    return { score, stop: patience > 0 && epoch - this.bestEpoch >= patience };
  }
}

/** Mean of a metric over a validation sample, by the model's own rule. */
export function measure(recommender: Recommender, sample: ValidationSample, metric: RankMetric): number {
  return meanMetric(metric, ranksOf(recommender, sample));
}

/** Rank of the target of each query of a validation sample, by the model's own rule; 0 is a miss. */
export function ranksOf(recommender: Recommender, sample: ValidationSample): Int32Array {
  const { queries, targets, seenRemoved } = sample;
  const ranks = new Int32Array(queries.length);
  const rank = { kept: 0, removed: 0 };
  recommender.scoreEach(queries, recommender.ownRule, (i, { candidates, background }) => {
    const query = queries[i] ?? new Int32Array(0);
    recommender.ranker.rank(candidates, background, query, targets[i] ?? -1, rank);
    ranks[i] = seenRemoved ? rank.removed : rank.kept;
  });
  return ranks;
}
