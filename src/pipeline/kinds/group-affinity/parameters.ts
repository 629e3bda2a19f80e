import { boolean, integer, number, type ValuesOf } from '../../../protocol/parameters.ts';
import { oneOf, uniform, logUniform, type Search } from '../fitting/search-space.ts';
import { tuneByParameter } from '../fitting/tuning-metric.ts';

/** Parameters of the group affinity; the first four are tuned on validation unless given. */
export const groupAffinityParameters = {
  repeat: number({
    default: 1,
    min: 0,
    max: 10,
    help: 'Factor on the scores of items the list holds already; 0 where lists hold an item once.',
  }),
  fade: number({
    default: 0.25,
    min: 0,
    max: 4,
    help: 'How groups of older items count less: (k+1)^-fade; k = 0 is the newest item.',
  }),
  popularity: number({
    default: 0,
    min: -2,
    max: 2,
    help: "Exponent of an item's rows in its share of the group's score; below 0 new and rare items come first.",
  }),
  lambda: number({
    default: 1,
    min: 0.01,
    max: 1000,
    help: "Added to an item's rows before the exponent.",
  }),
  history: integer({ default: 200, min: 1, max: 1000, help: 'Newest items of the query that count.' }),
  groupItems: integer({
    default: 1000,
    min: 1,
    max: 1_000_000,
    help: 'Items of a group that can be recommended: those with the largest shares.',
  }),
  tune: boolean({ default: true, help: 'Choose the parameters that are not given on validation queries.' }),
  tuneBy: tuneByParameter(),
} as const;

export const groupAffinitySearch: Search = {
  trial: { tune: false },
  space: {
    repeat: oneOf(0, 0.3, 1),
    fade: uniform(0, 2),
    popularity: uniform(-0.6, 1.2),
    lambda: logUniform(0.1, 100),
  },
};

export type GroupAffinityParameters = ValuesOf<typeof groupAffinityParameters>;
