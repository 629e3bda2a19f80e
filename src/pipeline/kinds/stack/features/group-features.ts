import type { FeatureGroup } from './feature-group.ts';

/** The newest items of a query that count. */
const REACH = 30;
const WIDTH = 2;

/** Whether a candidate is of the newest item's group (its artist), and the share of the query's items that are. */
export function groupFeatures(groups: Int32Array): FeatureGroup {
  return {
    names: ['group: that of the newest', 'group: share of the list'],
    fill(query, items, out) {
      const newest = query.subarray(Math.max(0, query.length - REACH));
      const last = groups[query.at(-1) ?? -1] ?? -1;
      items.forEach((item, i) => {
        const group = groups[item] ?? -1;
        let same = 0;
        for (const other of newest) if (group >= 0 && groups[other] === group) same++;
        out[i * WIDTH] = group >= 0 && group === last ? 1 : 0;
        out[i * WIDTH + 1] = newest.length === 0 ? 0 : same / newest.length;
      });
    },
  };
}
