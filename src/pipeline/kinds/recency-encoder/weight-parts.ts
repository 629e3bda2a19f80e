/** The weights of an encoder's score that need no training, and the signals they weigh. */
import type { Sequences } from '../../data/prepared-data.ts';
import { recencyPrior, trend } from '../fitting/item-signals.ts';
import type { EncoderModel } from './encoder-model.ts';

/** The parameters that are weights, in the order of a candidate's parts; the first part, the cosine over τ, has weight 1. */
export const WEIGHTS = [
  'priorWeight',
  'trendWeight',
  'lateTrendWeight',
  'coldWeight',
  'repeatNewest',
  'repeatSecond',
  'repeatOlder',
] as const;
export type EncoderWeightName = (typeof WEIGHTS)[number];
export type EncoderWeightValues = Readonly<Record<EncoderWeightName, number>>;

const TREND_SHARE = 0.1;
const LATE_TREND_SHARE = 0.02;

/** Signals by item code that do not depend on the query. */
export interface ItemSignals {
  readonly prior: Float64Array;
  /** Absent where the sequences are in no order of time. */
  readonly trends?: { readonly recent: Float64Array; readonly late: Float64Array };
}

export function itemSignals(sequences: Sequences, counts: Uint32Array, timeOrdered: boolean): ItemSignals {
  const prior = recencyPrior(sequences, counts);
  if (!timeOrdered) return { prior };
  const recent = trend(sequences, counts, TREND_SHARE);
  return { prior, trends: { recent, late: trend(sequences, counts, LATE_TREND_SHARE) } };
}

/** Each row's part of the score that does not depend on the query. */
export function biasOf(
  model: EncoderModel,
  signals: ItemSignals,
  weights: EncoderWeightValues,
): Float32Array {
  const { prior, trends } = signals;
  return Float32Array.from(model.items, (item, row) =>
    row >= model.trained
      ? weights.coldWeight
      : weights.priorWeight * (prior[item] ?? 0) +
        weights.trendWeight * (trends?.recent[item] ?? 0) +
        weights.lateTrendWeight * (trends?.late[item] ?? 0),
  );
}
