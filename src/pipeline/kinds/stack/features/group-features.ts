import { log } from '../../../deterministic-math.ts';
import type { FeatureGroup } from './feature-group.ts';

/** The newest items of a query that count. */
export const REACH = 30;
export const GROUP_FEATURES = ['that of the newest', 'share of the list', 'log count', 'log lag'].map(
  (name) => `group: ${name}`,
);
const WIDTH = GROUP_FEATURES.length;

/** What items of the groups of a query are told: the same numbers for all of a group. */
class GroupNumbers {
  /** Place of each group among those of the query at hand, −1: it is not one of them. */
  private readonly placeOf: Int32Array;
  private readonly found = new Int32Array(REACH);
  private readonly counts = new Float64Array(REACH);
  private readonly lags = new Float64Array(REACH);
  private readonly groups: Int32Array;
  private size = 0;
  /** Places × numbers. */
  readonly values = new Float32Array(REACH * WIDTH);

  constructor(groups: Int32Array) {
    this.groups = groups;
    this.placeOf = new Int32Array(groups.reduce((most, group) => Math.max(most, group), -1) + 1).fill(-1);
  }

  /** Place of an item's group in `values`, −1 where the query has none of its items. */
  placeFor(item: number): number {
    return this.placeOf[this.groups[item] ?? -1] ?? -1;
  }

  look(query: Int32Array): void {
    const { groups, counts, lags, found, values } = this;
    this.clear();
    const newest = query.subarray(Math.max(0, query.length - REACH));
    for (let at = 0; at < newest.length; at++) this.count(groups[newest[at] ?? -1] ?? -1, newest.length - at);
    const last = groups[query.at(-1) ?? -1] ?? -1;
    for (let place = 0; place < this.size; place++) {
      const count = counts[place] ?? 0;
      values[place * WIDTH] = found[place] === last ? 1 : 0;
      values[place * WIDTH + 1] = count / newest.length;
      values[place * WIDTH + 2] = log(1 + count);
      values[place * WIDTH + 3] = log(1 + (lags[place] ?? 0));
    }
  }

  private count(group: number, lag: number): void {
    const { placeOf, found, counts, lags } = this;
    if (group < 0) return;
    let place = placeOf[group] ?? -1;
    if (place < 0) {
      place = this.size++;
      placeOf[group] = place;
      found[place] = group;
      counts[place] = 0;
    }
    counts[place] = (counts[place] ?? 0) + 1;
    lags[place] = lag;
  }

  private clear(): void {
    for (let place = 0; place < this.size; place++) this.placeOf[this.found[place] ?? 0] = -1;
    this.size = 0;
  }
}

/** Whether a candidate is of the newest item's group (its artist), and the share of the query's items that are. */
export function groupFeatures(groups: Int32Array): FeatureGroup {
  const numbers = new GroupNumbers(groups);
  return {
    names: GROUP_FEATURES,
    fill(query, items, out) {
      numbers.look(query);
      const { values } = numbers;
      for (let i = 0; i < items.length; i++) {
        const place = numbers.placeFor(items[i] ?? -1);
        for (let at = 0; at < WIDTH; at++)
          out[i * WIDTH + at] = place < 0 ? 0 : (values[place * WIDTH + at] ?? 0);
      }
    },
  };
}
