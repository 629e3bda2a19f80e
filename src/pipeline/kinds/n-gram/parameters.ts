import { integer, number, type ValuesOf } from '../../../protocol/parameters.ts';

/** Parameters of the n-gram kernel; docs/models.md gives the formula. */
export const nGramParameters = {
  places: integer({
    default: 2000,
    min: 1,
    max: 1_000_000,
    help: 'Places of the newest item that are looked at, the latest in the training sequences.',
  }),
  reach: integer({
    default: 15,
    min: 0,
    max: 1000,
    help: 'How far before a place items of the query make it count more.',
  }),
  context: number({
    default: 3,
    min: 0,
    max: 1000,
    help: 'How much more a place counts for each item of the query seen before it, over how many steps before the newest item the query holds it.',
  }),
} as const;

export type NGramParameters = ValuesOf<typeof nGramParameters>;
