import { log } from '../../../deterministic-math.ts';
import type { FeatureGroup } from './feature-group.ts';

/** The newest items of a query that count. */
export const REACH = 30;
export const GROUP_FEATURES = ['that of the newest', 'share of the list', 'log count', 'log lag'].map(
  (name) => `group: ${name}`,
);
const WIDTH = GROUP_FEATURES.length;

/** What items of a group are told: the same numbers for all of them. */
type GroupNumbers = readonly [newest: number, share: number, count: number, lag: number];

/** Of each group that newest items are of; those of other groups are zeros. */
function numbersByGroup(query: Int32Array, groups: Int32Array): ReadonlyMap<number, GroupNumbers> {
  const newest = query.subarray(Math.max(0, query.length - REACH));
  const seen = new Map<number, { count: number; lag: number }>();
  newest.forEach((item, at) => {
    const group = groups[item] ?? -1;
    if (group >= 0) seen.set(group, { count: (seen.get(group)?.count ?? 0) + 1, lag: newest.length - at });
  });
  const last = groups[query.at(-1) ?? -1] ?? -1;
  return new Map(
    Array.from(seen, ([group, { count, lag }]): [number, GroupNumbers] => [
      group,
      [group === last ? 1 : 0, count / newest.length, log(1 + count), log(1 + lag)],
    ]),
  );
}

/** Whether a candidate is of the newest item's group (its artist), and the share of the query's items that are. */
export function groupFeatures(groups: Int32Array): FeatureGroup {
  return {
    names: GROUP_FEATURES,
    fill(query, items, out) {
      const numbers = numbersByGroup(query, groups);
      out.fill(0, 0, items.length * WIDTH);
      for (let i = 0; i < items.length; i++) {
        const own = numbers.get(groups[items[i] ?? -1] ?? -1);
        if (own !== undefined) out.set(own, i * WIDTH);
      }
    },
  };
}
