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

export interface ItemSources {
  readonly trainCounts: Uint32Array;
  /** Group of each item, −1 for none; absent: the data have no groups. */
  readonly itemGroups?: Int32Array | undefined;
  /** Whether training sequences are in order of time. */
  readonly timeOrdered: boolean;
}

/**
 * log(1 + n); priors log((uses at the end, at the start + 1)/(n + 3)); trends where sequences are in order of time; where
 * items have groups, how many items and rows those have. n are training rows.
 */
export function itemTable(
  sequences: Sequences,
  { trainCounts, itemGroups, timeOrdered }: ItemSources,
): ItemTable {
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
    ...(itemGroups === undefined ? [] : groupColumns(itemGroups, trainCounts)),
  ];
  const values = new Float32Array(trainCounts.length * columns.length);
  columns.forEach(([, column], at) =>
    column.forEach((value, item) => (values[item * columns.length + at] = value)),
  );
  return { names: columns.map(([name]) => `item: ${name}`), values };
}

/**
 * log(1 + items) and log(1 + training rows) of an item's group; of an item without one its own. Items of a group that have no
 * training rows are alike in all else: the more of them there are, the less each is worth.
 */
function groupColumns(groups: Int32Array, trainCounts: Uint32Array): [string, Float64Array][] {
  const items = new Map<number, number>();
  const rows = new Map<number, number>();
  groups.forEach((group, item) => {
    items.set(group, (items.get(group) ?? 0) + 1);
    rows.set(group, (rows.get(group) ?? 0) + (trainCounts[item] ?? 0));
  });
  const column = (of: (group: number, item: number) => number): Float64Array =>
    Float64Array.from(groups, (group, item) => log(1 + of(group, item)));
  return [
    ['log items of the group', column((group) => (group < 0 ? 1 : (items.get(group) ?? 0)))],
    [
      'log rows of the group',
      column((group, item) => (group < 0 ? (trainCounts[item] ?? 0) : (rows.get(group) ?? 0))),
    ],
  ];
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
