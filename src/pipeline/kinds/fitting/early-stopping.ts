import type { RankMetric } from '../../metrics/rank-metrics.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { measureOnSample, type SampleMeasuring } from './measure-on-sample.ts';

/** Validation queries measured after each epoch, at most. */
export const EPOCH_QUERIES = 2000;

/** What an epoch's weights are worth, and whether training should stop. */
export interface EpochVerdict {
  readonly score: number;
  readonly stop: boolean;
}

export interface EarlyStoppingOptions extends SampleMeasuring {
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

  /** Judges the weights after an epoch (from 1). */
  async judge(scorer: Scorer, epoch: number): Promise<EpochVerdict> {
    const { patience } = this.options;
    const { value: score } = await measureOnSample(scorer, this.options);
    if (score > this.best) {
      this.best = score;
      this.bestEpoch = epoch;
    }
    return { score, stop: patience > 0 && epoch - this.bestEpoch >= patience };
  }
}
