import { trainingSequences, type PreparedData } from '../../data/prepared-data.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import { recencyPrior } from '../fitting/item-signals.ts';
import type { Scorer } from '../ranking/scorer.ts';
import type { ValidationSample } from '../fitting/validation-sample.ts';

/** Weights of the members in their order, of the recency prior, and of being cold. */
export interface BlendWeights {
  readonly members: readonly number[];
  readonly prior: number;
  readonly cold: number;
}

/** What weights are chosen and measured on. */
export interface BlendSearch {
  /** The first is the anchor: its weight stays 1. */
  readonly scorers: readonly Scorer[];
  readonly items: Int32Array;
  /** Recency prior of each item of the blend. */
  readonly prior: Float32Array;
  /** 1 for items of the blend without training rows. */
  readonly cold: Float32Array;
  readonly sample: ValidationSample;
  readonly metric: RankMetric;
  readonly trainCounts: Uint32Array;
  readonly seed: number;
  progress(done: number, total: number): void;
  pause(): Promise<void>;
}

/** A query of the block that was scored last. */
export interface PlacedQuery {
  readonly query: Int32Array;
  readonly place: number;
  /** Item code. */
  readonly target: number;
}

/** The recency prior of a blend's items, and which of them are cold. */
export function itemSignals(items: Int32Array, data: PreparedData): Pick<BlendSearch, 'prior' | 'cold'> {
  const { trainCounts } = data;
  const prior = recencyPrior(trainingSequences(data), trainCounts);
  const isCold = (item: number): boolean => trainCounts[item] === 0;
  return {
    // An item without training rows has no end of sequences to stand at.
    prior: Float32Array.from(items, (item) => (isCold(item) ? 0 : (prior[item] ?? 0))),
    cold: Float32Array.from(items, (item) => (isCold(item) ? 1 : 0)),
  };
}

/** What each item's score has whatever the query. */
export function blendBias(
  { prior, cold }: Pick<BlendSearch, 'prior' | 'cold'>,
  weights: BlendWeights,
): Float32Array {
  return prior.map((value, column) => weights.prior * value + weights.cold * (cold[column] ?? 0));
}
