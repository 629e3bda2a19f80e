import { seenItems } from '../ranking/seen-items.ts';
import type { StackMember } from './stack-member.ts';

/** Newest items of the query that are candidates themselves, where seen items may be recommended. */
const OWN = 30;

export interface CandidateRule {
  /** Best items of each member. */
  readonly depth: number;
  readonly seenRemoved: boolean;
  /** 1 for each item that may be recommended. */
  readonly recommended: Uint8Array;
}

/** Collects the items that are weighed for a query: the best of each member, and the query's own newest. */
export class CandidatePool {
  private readonly rule: CandidateRule;
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
    const add = (item: number): void => {
      if (chosen[item] === 1 || this.rule.recommended[item] !== 1) return;
      chosen[item] = 1;
      items.push(item);
    };
    const seen = seenRemoved ? seenItems(query) : NONE;
    for (const item of seen) chosen[item] = 1;
    if (!seenRemoved) for (const item of query.subarray(Math.max(0, query.length - OWN))) add(item);
    for (const member of members) for (const item of member.best(depth)) add(item);
    for (const item of seen) chosen[item] = 0;
    for (const item of items) chosen[item] = 0;
    return Int32Array.from(items);
  }
}

const NONE = new Int32Array(0);
