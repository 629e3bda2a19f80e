import type { RankMetric } from '../../metrics/rank-metrics.ts';
import type { ValidationSample } from '../fitting/validation-sample.ts';
import type { EncoderModel } from './encoder-model.ts';
import type { ItemSignals } from './weight-parts.ts';

/** What weights are measured on. */
export interface WeightMeasuring {
  readonly model: EncoderModel;
  readonly signals: ItemSignals;
  readonly sample: ValidationSample;
  readonly temperature: number;
  readonly metric: RankMetric;
  readonly trainCounts: Uint32Array;
  readonly seed: number;
  readonly deterministic: boolean;
  /** Called between stretches of work. */
  pause(): Promise<void>;
}
