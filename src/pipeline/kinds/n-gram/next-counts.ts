import type { Occurrences } from '../fitting/occurrences.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import type { NGramParameters } from './parameters.ts';

/** Items of a query before its newest that can make a place count more; older ones would add less than a hundredth. */
export const MOST_CONTEXT = 100;

/** How often items came next where the newest item of a query stood: all by slot of `set`. */
export interface NextCounts {
  /** Weighted counts: of each place 1 + context · Σ 1/lag over the query's items seen shortly before it. */
  readonly set: CandidateSet;
  /** All places; those that also match the item before; those that match two before. */
  readonly orders: readonly [Float64Array, Float64Array, Float64Array];
  /** Sums of the above over all items. */
  readonly totals: { weighted: number; orders: [number, number, number] };
}

/** Counts next items in the training sequences; what it counted stays until the next query. */
export class NextCounter {
  private readonly occurrences: Occurrences;
  private readonly parameters: NGramParameters;
  private readonly counts: NextCounts;
  /** Newest lag of each item of the query, the newest item's own left out; 0: not in it. */
  private readonly lagOf: Uint32Array;
  /** Place of the query at hand that last counted the item, plus 1; 0: none yet. */
  private readonly countedAt: Uint32Array;
  /** The items of the last query that were looked at; undefined before the first. */
  private counted: Int32Array | undefined;

  constructor(occurrences: Occurrences, parameters: NGramParameters) {
    const { itemCount } = occurrences;
    this.occurrences = occurrences;
    this.parameters = parameters;
    this.lagOf = new Uint32Array(itemCount);
    this.countedAt = new Uint32Array(itemCount);
    const order = (): Float64Array => new Float64Array(itemCount);
    this.counts = {
      set: new CandidateSet(itemCount),
      orders: [order(), order(), order()],
      totals: { weighted: 0, orders: [0, 0, 0] },
    };
  }

  /** The same as `count`, without counting anew where the last query was as this one. */
  countOnce(query: Int32Array): NextCounts {
    const { counted } = this;
    const asked = lookedAt(query);
    const isSame = counted?.length === asked.length && counted.every((item, at) => item === asked[at]);
    return isSame ? this.counts : this.count(query);
  }

  /** @param query item codes, oldest first */
  count(query: Int32Array): NextCounts {
    this.counted = lookedAt(query).slice();
    const { counts } = this;
    const { positions, offsets } = this.occurrences;
    counts.set.clear();
    counts.totals.weighted = 0;
    counts.totals.orders.fill(0);
    const newest = query.at(-1) ?? -1;
    const end = offsets[newest + 1] ?? 0;
    const start = Math.max(offsets[newest] ?? end, end - this.parameters.places);
    if (newest < 0 || start >= end) return counts;
    const context = query.subarray(Math.max(0, query.length - 1 - MOST_CONTEXT), query.length - 1);
    this.markLags(context);
    for (let at = start; at < end; at++) this.countPlace(positions[at] ?? 0, query);
    for (const item of context) this.lagOf[item] = this.countedAt[item] = 0;
    return counts;
  }

  private markLags(context: Int32Array): void {
    context.forEach((item, at) => (this.lagOf[item] = context.length - at));
  }

  private countPlace(place: number, query: Int32Array): void {
    const { items, starts, ends } = this.occurrences;
    if (place + 1 >= (ends[place] ?? 0)) return;
    const slot = this.slotOf(items[place + 1] ?? 0);
    const { set, orders, totals } = this.counts;
    const weight = 1 + this.parameters.context * this.contextAt(place);
    set.scores[slot] = (set.scores[slot] ?? 0) + weight;
    totals.weighted += weight;
    const room = place - (starts[place] ?? 0);
    for (let order = 0; order < orders.length; order++) {
      const counted = orders[order];
      const before = query[query.length - 1 - order];
      if (counted === undefined) return;
      if (order > 0 && (order > room || before === undefined || before !== items[place - order])) return;
      counted[slot] = (counted[slot] ?? 0) + 1;
      totals.orders[order] = (totals.orders[order] ?? 0) + 1;
    }
  }

  /** Σ 1/lag over different items of the query that stand before the place. */
  private contextAt(place: number): number {
    const { items, starts } = this.occurrences;
    const first = Math.max(starts[place] ?? 0, place - this.parameters.reach);
    let sum = 0;
    for (let at = place - 1; at >= first; at--) {
      const item = items[at] ?? 0;
      const lag = this.lagOf[item] ?? 0;
      if (lag === 0 || this.countedAt[item] === place + 1) continue;
      this.countedAt[item] = place + 1;
      sum += 1 / lag;
    }
    return sum;
  }

  private slotOf(item: number): number {
    const { set, orders } = this.counts;
    const known = set.slotOf[item] ?? -1;
    if (known >= 0) return known;
    const slot = set.count;
    set.push(item, 0);
    for (const order of orders) order[slot] = 0;
    return slot;
  }
}

/** The newest item with its context. */
function lookedAt(query: Int32Array): Int32Array {
  return query.subarray(-(MOST_CONTEXT + 1));
}
