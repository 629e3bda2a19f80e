import { measureOnSample, type MeasuredSample } from '../fitting/measure-on-sample.ts';
import { encoderScorer, repeatsOf } from './scorer.ts';
import type { WeightMeasuring } from './weight-measuring.ts';
import { biasOf, type EncoderWeightValues } from './weight-parts.ts';

export interface MeasuredWeights extends MeasuredSample {
  readonly chosen: EncoderWeightValues;
}

/** What given weights are worth, by exact ranks. */
export async function measureWeights(
  measuring: WeightMeasuring,
  chosen: EncoderWeightValues,
): Promise<MeasuredWeights> {
  const { model, signals, temperature, deterministic, trainCounts } = measuring;
  const scoring = { temperature, bias: biasOf(model, signals, chosen), repeats: repeatsOf(chosen) };
  const scorer = encoderScorer(model, scoring, trainCounts.length, deterministic);
  return { chosen, ...(await measureOnSample(scorer, measuring)) };
}
