import { cutOf, meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { Recommender } from '../ranking/recommender.ts';
import { sampleRanks, type ValidationSample } from './validation-sample.ts';

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
  /** Called between stretches of work. */
  pause(): Promise<void>;
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

  /** Judges the weights after an epoch (from 1). */
  async judge(scorer: Scorer, epoch: number): Promise<EpochVerdict> {
    const { sample, metric, patience, trainCounts, seed } = this.options;
    const recommender = new Recommender({ scorer, trainCounts, seed });
    const ranks = await sampleRanks(recommender, sample, cutOf(metric), () => this.options.pause());
    const score = meanMetric(metric, ranks);
    if (score > this.best) {
      this.best = score;
      this.bestEpoch = epoch;
    }
    return { score, stop: patience > 0 && epoch - this.bestEpoch >= patience };
  }
}
