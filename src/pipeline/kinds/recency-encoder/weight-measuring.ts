import type { SampleMeasuring } from '../fitting/measure-on-sample.ts';
import type { EncoderModel } from './encoder-model.ts';
import type { ItemSignals } from './weight-parts.ts';

/** What weights are measured on. */
export interface WeightMeasuring extends SampleMeasuring {
  readonly model: EncoderModel;
  readonly signals: ItemSignals;
  readonly temperature: number;
  readonly deterministic: boolean;
}
