import type { Sequences } from '../../../data/prepared-data.ts';
import { log } from '../../../deterministic-math.ts';
import { edgePrior, recencyPrior, trend } from '../../fitting/item-signals.ts';
import type { FeatureGroup } from './feature-group.ts';

/** What an item is whatever the query, counted in training sequences: names, and items × names. */
export interface ItemTable {
  readonly names: readonly string[];
  readonly values: Float32Array;
}

/** Shares of the newest training sequences in which trends are counted. */
const RECENT = [0.1, 0.02] as const;

/**
 * log(1 + n); priors log((uses at the end, at the start + 1)/(n + 3)); trends where sequences are in order of time. n are
 * training rows.
 */
export function itemTable(sequences: Sequences, trainCounts: Uint32Array, timeOrdered: boolean): ItemTable {
  const columns: [string, Float64Array][] = [
    ['log rows', Float64Array.from(trainCounts, (count) => log(1 + count))],
    ['among the last two', recencyPrior(sequences, trainCounts)],
    ['last', edgePrior(sequences, trainCounts, 'end', 1)],
    ['first', edgePrior(sequences, trainCounts, 'start', 1)],
    ...(timeOrdered
      ? RECENT.map((share): [string, Float64Array] => [
          `trend of the newest ${100 * share} %`,
          trend(sequences, trainCounts, share),
        ])
      : []),
  ];
  const values = new Float32Array(trainCounts.length * columns.length);
  columns.forEach(([, column], at) =>
    column.forEach((value, item) => (values[item * columns.length + at] = value)),
  );
  return { names: columns.map(([name]) => `item: ${name}`), values };
}

/** The rows of the table. */
export function itemFeatures({ names, values }: ItemTable): FeatureGroup {
  const width = names.length;
  return {
    names,
    fill(_, items, out) {
      let at = 0;
      for (const item of items) for (let c = 0; c < width; c++) out[at++] = values[item * width + c] ?? 0;
    },
  };
}
