import type { Sequences } from '../../data/prepared-data.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import type { FitContext } from '../fitting/fit-context.ts';
import type { ValidationSample } from '../fitting/validation-sample.ts';
import type { EncoderParameters } from './parameters.ts';
import { repeatsOf, type EncoderScoring } from './scorer.ts';
import type { ItemSignals } from './weight-parts.ts';

/** What all parts of a fit share. */
export interface Fit {
  readonly context: FitContext;
  readonly sequences: Sequences;
  readonly signals: ItemSignals;
  readonly sample: ValidationSample;
  readonly metric: RankMetric;
}

/** The parameters that scoring needs, with each row's bias. */
export function scoringOf(parameters: EncoderParameters, bias: Float32Array): EncoderScoring {
  return { temperature: parameters.temperature, bias, repeats: repeatsOf(parameters) };
}
