/** Sizes of a training chosen from the data, and what a training costs. */
import type { EncoderParameters } from './parameters.ts';
import type { EncoderTraining } from './train.ts';
import type { TrainingSet } from './training-set.ts';

/** Dimensions and negatives to choose from, the best and slowest first. */
const SIZES = [
  [256, 1024],
  [256, 512],
  [128, 512],
  [128, 256],
  [64, 256],
  [64, 128],
] as const;
/** Seconds of one thread that a training may take where its width is chosen: 40 seconds on two threads. */
const AFFORDABLE = 80;
/** The same where each item has so many positions that narrow vectors are soon at their end. */
const [DENSE_POSITIONS, AFFORDABLE_DENSE] = [100, 160];
/** Seconds of one thread that the trainings of all heads may take, and how many heads still gain something. */
const AFFORDABLE_HEADS = 120;
const MOST_HEADS = 4;
const EPOCHS = 8;
/** Negatives for each dimension of a given width: wide vectors can tell more items apart (1024 for 256 gain 2 % over 512 on Amazon Beauty). */
const NEGATIVES = 4;
/** Newest items of a history that are no negatives where seen items are removed from rankings. */
const MASKED_HISTORY = 100;

/** What a training's cost follows from. */
export interface TrainingSize {
  /** Rows of the vocabulary. */
  readonly items: number;
  readonly positions: number;
  /** Mean number of items a query is made of. */
  readonly historyItems: number;
}

/**
 * A complete training of the parameters, with what they leave open (0) chosen: vectors as wide as the time affords by the
 * estimate, so that equal data give equal sizes on every machine.
 */
export function chooseSizes(
  parameters: EncoderParameters,
  size: TrainingSize,
  seenRemoved: boolean,
): EncoderTraining {
  const { vectorSize, negatives } = parameters;
  const sizes = vectorSize > 0 ? ([[vectorSize, NEGATIVES * vectorSize]] as const) : SIZES;
  const trainings = sizes.map(([dimensions, suited]) =>
    withSize(parameters, dimensions, negatives === 0 ? suited : negatives, size, seenRemoved),
  );
  const most = size.positions >= DENSE_POSITIONS * size.items ? AFFORDABLE_DENSE : AFFORDABLE;
  const affordable = trainings.find((training) => estimateSeconds(training, size) <= most);
  const chosen = affordable ?? trainings.at(-1);
  if (chosen === undefined) throw new Error('there are no sizes to choose from');
  return chosen;
}

/** Heads of a training: as many as the parameters say, or as time affords. */
export function chooseHeads(
  { heads }: EncoderParameters,
  training: EncoderTraining,
  size: TrainingSize,
): number {
  if (heads > 0) return heads;
  return Math.max(1, Math.min(MOST_HEADS, Math.floor(AFFORDABLE_HEADS / estimateSeconds(training, size))));
}

function withSize(
  parameters: EncoderParameters,
  dimensions: number,
  negatives: number,
  { items }: TrainingSize,
  seenRemoved: boolean,
): EncoderTraining {
  return {
    dimensions,
    negatives: Math.min(negatives, items - 1),
    epochs: parameters.epochs === 0 ? EPOCHS : parameters.epochs,
    batchSize: parameters.batchSize,
    history: parameters.history,
    temperature: parameters.temperature,
    fades: fadesOf(parameters),
    rowNegatives: parameters.rowNegatives,
    learningRate: parameters.learningRate,
    lagRate: parameters.lagRate,
    itemDropout: parameters.itemDropout,
    queryDropout: parameters.queryDropout,
    maskedHistory: seenRemoved ? MASKED_HISTORY : 0,
  };
}

/** Multiples of `fade` that dimensions start with: none has to be searched when each finds what suits it. */
const FADES = [0, 0.5, 1, 2] as const;

function fadesOf({ fade, fadeMixed }: EncoderParameters): number[] {
  return fadeMixed ? FADES.map((factor) => factor * fade) : [fade];
}

/** The size of a training set, for queries of at most `history` items. */
export function sizeOf(set: TrainingSet, history: number): TrainingSize {
  return {
    items: set.vocabulary.items.length,
    positions: set.positions.length,
    historyItems: meanHistory(set, history),
  };
}

function meanHistory({ positions, starts }: TrainingSet, history: number): number {
  let sum = 0;
  for (const position of positions) sum += Math.min(history, position - (starts[position] ?? 0));
  return sum / Math.max(1, positions.length);
}

/**
 * Seconds of one thread that a training takes, about: measured on WebAssembly SIMD, 1.6 ns for each dimension and negative of
 * a position over five, 3.8 ns for each dimension of each item of its query that dropout keeps.
 */
export function estimateSeconds(
  training: EncoderTraining,
  { positions, historyItems }: TrainingSize,
): number {
  const { dimensions, negatives, epochs, itemDropout } = training;
  const kept = historyItems * (1 - itemDropout);
  const microseconds = dimensions * (0.00034 * negatives + 0.0038 * kept);
  return (positions * epochs * microseconds) / 1e6;
}

/** Seconds of one thread that choosing weights and ranks on some queries takes: two passes over all scores at most. */
export function estimateMeasuring({ dimensions }: EncoderTraining, items: number, queries: number): number {
  return (2 * queries * items * (dimensions * 0.08 + 1.5)) / 1e9;
}
