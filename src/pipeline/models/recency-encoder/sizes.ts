/** Sizes of a training chosen from the data, and what a training costs. */
import type { EncoderParameters } from './parameters.ts';
import type { EncoderTraining } from './train.ts';
import type { TrainingSet } from './training-set.ts';

/** Dimensions where nothing was given and nothing is tuned. */
export const PLAIN_SIZE = 128;
const EPOCHS = 8;
const NEGATIVES = 256;
/** From so many dimensions on, twice the negatives pay. */
const WIDE = 256;
/** Newest items of a history that are no negatives where seen items are removed from rankings. */
const MASKED_HISTORY = 100;

/**
 * A complete training of the parameters, with what they leave open (0) chosen. There are always fewer negatives than items,
 * and a multiple of four.
 * @param items rows of the vocabulary
 */
export function chooseSizes(
  parameters: EncoderParameters,
  items: number,
  seenRemoved: boolean,
): EncoderTraining {
  const dimensions = parameters.vectorSize === 0 ? PLAIN_SIZE : parameters.vectorSize;
  const wanted = parameters.negatives === 0 ? (dimensions >= WIDE ? 2 : 1) * NEGATIVES : parameters.negatives;
  const negatives = Math.max(4, Math.min(Math.ceil(wanted / 4), Math.floor((items - 1) / 4)) * 4);
  return {
    dimensions,
    negatives,
    epochs: parameters.epochs === 0 ? EPOCHS : parameters.epochs,
    batchSize: Math.ceil(parameters.batchSize / 2) * 2,
    history: parameters.history,
    temperature: parameters.temperature,
    fade: parameters.fade,
    learningRate: parameters.learningRate,
    lagRate: parameters.lagRate,
    itemDropout: parameters.itemDropout,
    queryDropout: parameters.queryDropout,
    maskedHistory: seenRemoved ? MASKED_HISTORY : 0,
  };
}

/** Mean number of items a query is made of. */
export function meanHistory({ positions, starts }: TrainingSet, history: number): number {
  let sum = 0;
  for (const position of positions) sum += Math.min(history, position - (starts[position] ?? 0));
  return sum / Math.max(1, positions.length);
}

/**
 * Seconds of one thread that a training takes, about: measured on WebAssembly SIMD, 1.6 ns for each dimension and negative of
 * a position over five, 3.8 ns for each dimension of each item of its query.
 */
export function estimateSeconds(training: EncoderTraining, positions: number, historyItems: number): number {
  const { dimensions, negatives, epochs } = training;
  const microseconds = dimensions * (0.00034 * negatives + 0.0038 * historyItems);
  return (positions * epochs * microseconds) / 1e6;
}

/** Seconds of one thread that choosing weights and ranks on some queries takes, about: two passes over all scores. */
export function estimateMeasuring({ dimensions }: EncoderTraining, items: number, queries: number): number {
  return (2 * queries * items * (dimensions * 0.08 + 3)) / 1e9;
}
