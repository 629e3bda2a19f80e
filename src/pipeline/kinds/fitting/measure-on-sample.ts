import { cutOf, meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { Recommender } from '../ranking/recommender.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { sampleRanks, type ValidationSample } from './validation-sample.ts';

export interface SampleMeasuring {
  readonly sample: ValidationSample;
  readonly metric: RankMetric;
  readonly trainCounts: Uint32Array;
  readonly seed: number;
  /** Called between stretches of work. */
  readonly pause: () => Promise<void>;
}

export interface MeasuredSample {
  /** Rank of each query's target; 0: one that adds nothing to the metric. */
  readonly ranks: Int32Array;
  /** Mean of the metric. */
  readonly value: number;
}

/** Measures a model by its own rule on validation queries. */
export async function measureOnSample(
  scorer: Scorer,
  { sample, metric, trainCounts, seed, pause }: SampleMeasuring,
): Promise<MeasuredSample> {
  const recommender = new Recommender({ scorer, trainCounts, seed });
  const ranks = await sampleRanks(recommender, sample, cutOf(metric), pause);
  return { ranks, value: meanMetric(metric, ranks) };
}
