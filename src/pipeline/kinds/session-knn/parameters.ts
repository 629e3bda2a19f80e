import { boolean, integer, number, type ValuesOf } from '../../../protocol/parameters.ts';
import { logIntegers, oneOf, uniform, type Search } from '../fitting/search-space.ts';
import { tuneByParameter } from '../fitting/tuning-metric.ts';

/** Parameters of the session kNN; the first nine are tuned on validation unless given. */
export const sessionKnnParameters = {
  repeat: number({
    default: 1,
    min: 0,
    max: 1,
    help: 'Factor on votes for items the list holds already; 0 where lists hold an item once.',
  }),
  delta: number({
    default: 0.95,
    min: 0.01,
    max: 1,
    help: 'Decay of a vote for each further step from the newest shared item.',
  }),
  back: number({
    default: 0.6,
    min: 0,
    max: 1,
    help: 'Weight of votes for items before the newest shared item.',
  }),
  sharpness: number({
    default: 1,
    min: 0,
    max: 10,
    help: 'Exponent of the similarity: the higher, the more the most similar sequences decide.',
  }),
  fade: number({
    default: 0.5,
    min: 0,
    max: 4,
    help: 'How older items of the query fade in the similarity: (k+1)^-fade; k = 0 is the newest.',
  }),
  rarity: number({
    default: 0.5,
    min: 0,
    max: 2,
    help: 'Exponent of (sequences / sequences with the item): how much more a rare shared item says.',
  }),
  lengthPenalty: number({
    default: 0.25,
    min: 0,
    max: 1,
    help: "Exponent of a training sequence's length, by which its similarity is divided.",
  }),
  gamma: number({
    default: 0.1,
    min: 0,
    max: 1,
    help: "Exponent of the recommended item's count in the normalisation.",
  }),
  neighbours: integer({ default: 200, min: 1, max: 10_000, help: 'Most similar sequences that vote.' }),
  sample: integer({
    default: 500,
    min: 1,
    max: 1_000_000,
    help: 'Sequences looked at for each item of the query: the newest, or where they have no time a random part.',
  }),
  history: integer({ default: 100, min: 1, max: 1000, help: 'Newest items of the query that count.' }),
  tune: boolean({ default: true, help: 'Choose the parameters that are not given on validation queries.' }),
  tuneBy: tuneByParameter(),
} as const;

/** Wider than what the kind's own tuning tries, and all at once instead of one after the other. */
export const sessionKnnSearch: Search = {
  trial: { tune: false },
  space: {
    repeat: oneOf(0, 0.3, 1),
    delta: uniform(0.6, 1),
    back: uniform(0, 1),
    sharpness: uniform(0.5, 4),
    fade: uniform(0, 2.5),
    rarity: uniform(0, 1.5),
    lengthPenalty: uniform(0, 1),
    gamma: uniform(0, 0.6),
    neighbours: logIntegers(20, 2000),
  },
};

/** Beside the tuned one: one of sequences that hold the list's newest items. */
export const sessionKnnVariants = [
  {
    name: 'session-knn-newest',
    parameters: { tune: false, fade: 1.5, sharpness: 2, delta: 0.8, back: 0.3, neighbours: 500 },
  },
] as const;

export type SessionKnnParameters = ValuesOf<typeof sessionKnnParameters>;

/** What the tuning may choose. */
export const TUNED = [
  ...['repeat', 'delta', 'back', 'sharpness', 'fade', 'rarity', 'lengthPenalty', 'gamma', 'neighbours'],
] as readonly (keyof SessionKnnParameters)[];
