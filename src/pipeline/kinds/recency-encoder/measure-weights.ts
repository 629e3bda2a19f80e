import { cutOf, meanMetric } from '../../metrics/rank-metrics.ts';
import { sampleRanks } from '../fitting/validation-sample.ts';
import { Recommender } from '../ranking/recommender.ts';
import { encoderScorer, repeatsOf } from './scorer.ts';
import type { WeightMeasuring } from './weight-measuring.ts';
import { biasOf, type EncoderWeightValues } from './weight-parts.ts';

export interface MeasuredWeights {
  readonly chosen: EncoderWeightValues;
  /** Exact rank of each query's target with these weights; 0: one that adds nothing to the metric. */
  readonly ranks: Int32Array;
  readonly value: number;
}

/** What given weights are worth, by exact ranks. */
export async function measureWeights(
  measuring: WeightMeasuring,
  chosen: EncoderWeightValues,
): Promise<MeasuredWeights> {
  const { model, signals, temperature, deterministic, trainCounts, sample, metric, seed } = measuring;
  const scoring = { temperature, bias: biasOf(model, signals, chosen), repeats: repeatsOf(chosen) };
  const scorer = encoderScorer(model, scoring, trainCounts.length, deterministic);
  const recommender = new Recommender({ scorer, trainCounts, seed });
  const ranks = await sampleRanks(recommender, sample, cutOf(metric), () => measuring.pause());
  return { chosen, ranks, value: meanMetric(metric, ranks) };
}
