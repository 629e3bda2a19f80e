import { differentItems, seenItems } from '../ranking/seen-items.ts';
import type { GroupCandidates } from './group-candidates.ts';
import type { StackMember } from './stack-member.ts';

/** Newest items of the query that are candidates themselves, where seen items may be recommended. */
export const OWN = 30;
/** Items of the query that stand in the way of so many others, at most. */
export const MOST_SEEN = 1000;
/** Items of the query's groups. */
export const OF_GROUPS = 300;
const [CHOSEN, REMOVED] = [1, 2];
const NONE = new Int32Array(0);

export interface CandidateRule {
  /** Best items of each member, among those that are not removed. */
  readonly depth: number;
  readonly seenRemoved: boolean;
  /** 1 for each item that may be recommended. */
  readonly recommended: Uint8Array;
  /** Where items have groups: those of the query's. */
  readonly groups?: GroupCandidates;
}

/** Collects the items that are weighed for a query: the best of each member, and the query's own newest. */
export class CandidatePool {
  readonly rule: CandidateRule;
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
    const asked = depth + Math.min(removed, MOST_SEEN);
    if (!seenRemoved) for (const item of query.subarray(-OWN)) this.add(item, items);
    for (const member of members) {
      let left = depth;
      for (const item of member.best(asked)) {
        if (chosen[item] === REMOVED) continue;
        if (left-- === 0) break;
        this.add(item, items);
      }
    }
    const isRemoved = (item: number): boolean => chosen[item] === REMOVED;
    for (const item of this.rule.groups?.of(query, OF_GROUPS, isRemoved) ?? []) this.add(item, items);
    for (const item of seen) chosen[item] = 0;
    for (const item of items) chosen[item] = 0;
    return Int32Array.from(items);
  }

  /** Best items that each member is asked for, or fewer; at least `rule.depth`. */
  depthOf(query: Int32Array): number {
    const { depth, seenRemoved } = this.rule;
    if (!seenRemoved) return depth;
    let removed = 0;
    for (const _ of differentItems(query)) removed++;
    return depth + Math.min(removed, MOST_SEEN);
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
