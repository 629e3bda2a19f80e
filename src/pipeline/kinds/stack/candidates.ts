import { seenItems } from '../ranking/seen-items.ts';
import type { StackMember } from './stack-member.ts';

/** Newest items of the query that are candidates themselves, where seen items may be recommended. */
const OWN = 30;
/** Items of the query that stand in the way of so many others, at most. */
const MOST_SEEN = 1000;
const [CHOSEN, REMOVED] = [1, 2];
const NONE = new Int32Array(0);

export interface CandidateRule {
  /** Best items of each member, among those that are not removed. */
  readonly depth: number;
  readonly seenRemoved: boolean;
  /** 1 for each item that may be recommended. */
  readonly recommended: Uint8Array;
}

/** Collects the items that are weighed for a query: the best of each member, and the query's own newest. */
export class CandidatePool {
  private readonly rule: CandidateRule;
  /** By item: 0, or what was decided of it. */
  private readonly chosen: Uint8Array;

  constructor(rule: CandidateRule) {
    this.rule = rule;
    this.chosen = new Uint8Array(rule.recommended.length);
  }

  /**
   * @param members that were asked about the query
   * @returns item codes, each once
   */
  collect(query: Int32Array, members: readonly StackMember[]): Int32Array {
    const { chosen } = this;
    const { depth, seenRemoved } = this.rule;
    const items: number[] = [];
    const seen = seenRemoved ? seenItems(query) : NONE;
    const removed = this.remove(seen);
    if (!seenRemoved) for (const item of query.subarray(-OWN)) this.add(item, items);
    for (const member of members) {
      const best = member
        .best(depth + Math.min(removed, MOST_SEEN))
        .filter((item) => chosen[item] !== REMOVED);
      for (const item of best.subarray(0, depth)) this.add(item, items);
    }
    for (const item of seen) chosen[item] = 0;
    for (const item of items) chosen[item] = 0;
    return Int32Array.from(items);
  }

  /** @returns how many different items these are */
  private remove(seen: Int32Array): number {
    let count = 0;
    for (const item of seen) {
      if (this.chosen[item] !== 0) continue;
      this.chosen[item] = REMOVED;
      count++;
    }
    return count;
  }

  private add(item: number, items: number[]): void {
    if (this.chosen[item] !== 0 || this.rule.recommended[item] !== 1) return;
    this.chosen[item] = CHOSEN;
    items.push(item);
  }
}
