import { boolean, integer, number } from '../../../protocol/parameters.ts';
import type { ValuesOf } from '../../../protocol/parameters.ts';
import { tuneByParameter } from '../fitting/tuning-metric.ts';

/** Parameters of the recency encoder; docs/models.md gives the formulas. */
export const encoderParameters = {
  vectorSize: integer({
    default: 0,
    min: 0,
    max: 4096,
    help: 'Dimensions of the item vectors of each head; 0: chosen from the size of the data.',
  }),
  heads: integer({
    default: 0,
    min: 0,
    max: 64,
    help: 'Encoders trained one after the other from different random starts, whose cosines are averaged; 0: as many as time allows.',
  }),
  negatives: integer({
    default: 0,
    min: 0,
    max: 65_536,
    help: 'Random items each batch is contrasted with; 0: chosen from the vector size.',
  }),
  rowNegatives: number({
    default: 0.5,
    min: 0,
    max: 1,
    help: 'Share of the negatives drawn by the number of their training rows, the others uniformly.',
  }),
  epochs: integer({
    default: 0,
    min: 0,
    max: 10_000,
    help: 'Passes over the training positions; 0: chosen from the size of the data.',
  }),
  batchSize: integer({ default: 128, min: 1, max: 8192, help: 'Positions learnt from at a time.' }),
  newest: integer({
    default: 0,
    min: 0,
    max: 1_000_000_000,
    help: 'Newest rows of each list that training learns to predict; 0: the newest 200 where lists are asked at their ends and hold each item often, else all.',
  }),
  history: integer({ default: 50, min: 1, max: 1000, help: 'Newest items of a list that make its query.' }),
  temperature: number({
    default: 0.1,
    min: 0.01,
    max: 10,
    help: 'Temperature of the softmax over cosines; lower is sharper. Where lists repeat their items, .07 unless given.',
  }),
  fade: number({
    default: 1,
    min: 0,
    max: 4,
    help: 'Older items of a list count (k+1)^-fade when training starts; k = 0 is the newest.',
  }),
  fadeMixed: boolean({
    default: true,
    help: 'Start a quarter of the dimensions each at 0, half, once and twice the fade; false: all at the fade.',
  }),
  lagRate: number({
    default: 0.003,
    min: 0,
    max: 1,
    help: 'Learning rate of the weights of the lags; 0 keeps them as they start.',
  }),
  learningRate: number({
    default: 0.02,
    min: 0.000_001,
    max: 10,
    help: "Adam's learning rate at the start; it falls linearly to 5 %.",
  }),
  itemDropout: number({
    default: 0.25,
    min: 0,
    max: 0.9,
    help: 'Probability that training leaves out an item of a list.',
  }),
  queryDropout: number({
    default: 0,
    min: 0,
    max: 0.9,
    help: 'Probability that training leaves out a dimension of a query.',
  }),
  minCount: integer({
    default: 1,
    min: 1,
    max: 1_000_000_000,
    help: 'Items with fewer training rows get no vector of their own.',
  }),
  patience: integer({
    default: 2,
    min: 0,
    max: 1000,
    help: 'Stop when validation has not improved for this many epochs, and keep the best; 0 trains all epochs, and keeps the last.',
  }),
  priorWeight: number({
    default: 0.5,
    min: -10,
    max: 10,
    help: 'Weight of the recency prior: how often an item stands at the end of training sequences.',
  }),
  trendWeight: number({
    default: 0,
    min: -10,
    max: 10,
    help: 'Weight of the trend: rows in the last 10 % of the training sequences, where these are in order of time.',
  }),
  lateTrendWeight: number({
    default: 0,
    min: -10,
    max: 10,
    help: 'Weight of the trend in the last 2 % of the training sequences.',
  }),
  repeatNewest: number({
    default: 0,
    min: -100,
    max: 100,
    help: 'Added to the score of the newest item of a list itself; large negative: never recommended again.',
  }),
  repeatSecond: number({
    default: 0,
    min: -100,
    max: 100,
    help: 'Added to the score of the second-newest item of a list.',
  }),
  repeatOlder: number({
    default: 0,
    min: -100,
    max: 100,
    help: 'Added to the scores of older items of a list.',
  }),
  coldItems: boolean({
    default: true,
    help: 'Give items without training rows the mean vector of their group, shrunk.',
  }),
  coldShrinkage: number({
    default: 1,
    min: 0,
    max: 1000,
    help: 'Shrinks the vector of an unseen item: sum over its group / (group size + this).',
  }),
  coldWeight: number({
    default: 0,
    min: -100,
    max: 100,
    help: 'Added to the scores of items without training rows.',
  }),
  tune: boolean({ default: true, help: 'Choose the parameters that are not given on validation queries.' }),
  tuneMinutes: number({
    default: 0.25,
    min: 0,
    max: 10_000,
    help: 'Minutes the search over training parameters may take, about, on two threads; 0 searches the scoring weights only.',
  }),
  tuneBy: tuneByParameter(),
} as const;

export type EncoderParameters = ValuesOf<typeof encoderParameters>;
