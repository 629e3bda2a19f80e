import type { Fact } from '../../../protocol/explanation.ts';
import type { NextCounts } from './next-counts.ts';

/** How often each item came right after the last item of the query, the last two and the last three. */
export function followFacts({ set, orders }: NextCounts, items: Int32Array): Fact[][] {
  return Array.from(items, (item) => {
    const slot = set.slotOf[item] ?? -1;
    return orders.flatMap((counts, order): Fact[] => {
      const count = slot < 0 ? 0 : (counts[slot] ?? 0);
      return count === 0 ? [] : [{ code: 'follows', items: order + 1, count }];
    });
  });
}
