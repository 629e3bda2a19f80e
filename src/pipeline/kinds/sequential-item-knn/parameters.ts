import { boolean, choice, integer, number, type ValuesOf } from '../../../protocol/parameters.ts';
import { tuneByParameter } from '../fitting/tuning-metric.ts';
import { casesOf, logUniform, oneOf, uniform, type Search } from '../fitting/search-space.ts';

/** Parameters of the sequential item-kNN; the first nine are tuned on validation unless given. */
export const knnParameters = {
  delta: number({
    default: 0.9,
    min: 0.01,
    max: 1,
    help: 'Decay of a co-occurrence for each further step between two items.',
  }),
  back: number({
    default: 0.3,
    min: 0,
    max: 1,
    help: 'Weight of the backward direction (later item to earlier item).',
  }),
  alpha: number({
    default: 0.4,
    min: 0,
    max: 1,
    help: "Exponent of the query item's count in the normalisation.",
  }),
  gamma: number({
    default: 0.1,
    min: 0,
    max: 1,
    help: "Exponent of the recommended item's count in the normalisation.",
  }),
  lambda: number({
    default: 10,
    min: 0.1,
    max: 1000,
    help: "Shrinkage added to the recommended item's count.",
  }),
  weighting: choice({
    default: 'power',
    choices: ['power', 'geometric'],
    help: 'How older items of the query fade: power (k+1)^-fade, or geometric fade^k; k = 0 is the newest.',
  }),
  fade: number({
    default: 1,
    min: 0,
    max: 4,
    help: 'Exponent (power) or factor (geometric, below 1) of the fading.',
  }),
  self: boolean({
    default: false,
    help: 'Count an item that comes again in a sequence as a pair with itself, so that repeats are predicted.',
  }),
  repeat: number({
    default: 1,
    min: 0,
    max: 10,
    help: 'Factor on the scores of items the list holds already; 0 where lists hold an item once.',
  }),
  history: integer({ default: 50, min: 1, max: 1000, help: 'Newest items of the query that count.' }),
  neighbours: integer({
    default: 300,
    min: 1,
    max: 100_000,
    help: 'Strongest targets kept for each item; 300 instead of 1000 costs .002 of hit rate@100 on the sample, 100 costs .02.',
  }),
  tune: boolean({ default: true, help: 'Choose the parameters that are not given on validation queries.' }),
  tuneBy: tuneByParameter(),
} as const;

/** Wider than what the kind's own tuning tries, and all at once instead of one after the other. */
export const knnSearch: Search = {
  trial: { tune: false },
  space: {
    delta: uniform(0.1, 1),
    back: uniform(0, 1),
    alpha: uniform(0, 1),
    gamma: uniform(0, 0.6),
    lambda: logUniform(0.5, 100),
    weighting: oneOf('power', 'geometric'),
    fade: casesOf('weighting', { power: uniform(0.2, 3.5), geometric: uniform(0.15, 0.95) }),
    self: oneOf(false, true),
    repeat: oneOf(0, 0.3, 1, 2),
  },
};

/** Beside the tuned one: one of what follows soon after the newest items, and one of what stands in the same sequences at all. */
export const knnVariants = [
  { name: 'sequential-item-knn-near', parameters: { tune: false, delta: 0.5, back: 0.1, fade: 1 } },
  { name: 'sequential-item-knn-wide', parameters: { tune: false, delta: 0.95, back: 0.6, fade: 0.5 } },
] as const;

export type KnnParameters = ValuesOf<typeof knnParameters>;

/** What the tuning may choose. */
export const TUNED = [
  'delta',
  'back',
  'alpha',
  'gamma',
  'lambda',
  'weighting',
  'fade',
  'self',
  'repeat',
] as const;
