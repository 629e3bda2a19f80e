/** Exact ranks and top lists of scored candidates: the one place where scores become an order. */
import { allowedCandidates, type AllowedItems } from './allowed-candidates.ts';
import type { Candidates, StaticRanking } from './scorer.ts';
import { seenItems } from './seen-items.ts';
import { TopSelector } from './top-selector.ts';

/** Rank of a target with the query's own items kept in and taken out of the ranking; 0: it cannot be recommended. */
export interface TargetRank {
  kept: number;
  removed: number;
}

export type SeenItems = 'kept' | 'removed';

/**
 * Ranks targets and cuts top lists for one scorer. Ties are pessimistic: a target's rank is 1 + the number of other
 * items with a score not below its own. Where a list must be cut inside a tie, the items' random order decides.
 */
export class Ranker {
  private readonly stamps: Int32Array;
  private stamp = 0;
  private seenSlots = new Int32Array(64);
  private seenScores = new Float64Array(64);
  private seenCount = 0;
  private readonly selector: TopSelector;

  constructor(itemCount: number, ties: Uint32Array) {
    this.stamps = new Int32Array(itemCount);
    this.selector = new TopSelector(ties);
  }

  /** Ranks `target`; both readings come from one pass over the scores. */
  rank(
    candidates: Candidates,
    background: StaticRanking | undefined,
    query: Int32Array,
    target: number,
    out: TargetRank,
  ): void {
    const slot = candidates.slotOf[target] ?? -1;
    if (slot < 0) {
      this.rankInBackground(candidates, background, query, target, out);
      return;
    }
    const score = candidates.scores[slot] ?? -Infinity;
    if (!(score > -Infinity)) {
      out.kept = 0;
      out.removed = 0;
      return;
    }
    this.hideSeen(candidates, query);
    const others = countNotBelow(candidates, score);
    let seen = 0;
    for (let i = 0; i < this.seenCount; i++) if ((this.seenScores[i] ?? 0) >= score) seen++;
    out.kept = others + seen;
    out.removed = candidates.scores[slot] === -Infinity ? 0 : others;
    this.showSeen(candidates);
  }

  /**
   * The best `k` items, best first, as codes with their scores; candidates first, then the background's items, whose
   * scores are the background's. Fewer than `k` where there are no more.
   * @param allowed items that may be listed; absent: all
   */
  top(
    candidates: Candidates,
    background: StaticRanking | undefined,
    query: Int32Array,
    seen: SeenItems,
    k: number,
    allowed?: AllowedItems,
  ): FilledList {
    if (seen === 'removed') this.hideSeen(candidates, query);
    const listed = allowed === undefined ? candidates : allowedCandidates(candidates, allowed);
    const list = this.selector.select(listed, k);
    if (seen === 'removed') this.showSeen(candidates);
    const fromBackground = list.items.length;
    if (fromBackground >= k || background === undefined) return { ...list, fromBackground };
    const filled = this.fill(list, candidates, background, { query, seen, k, allowed });
    return { ...filled, fromBackground };
  }

  private fill(
    list: TopList,
    candidates: Candidates,
    background: StaticRanking,
    { query, seen, k, allowed }: Filling,
  ): TopList {
    if (seen === 'removed') this.markQuery(query);
    const items = [...list.items];
    const scores = [...list.scores];
    for (let i = 0; i < background.items.length && items.length < k; i++) {
      const item = background.items[i] ?? 0;
      if ((candidates.slotOf[item] ?? -1) >= 0) continue;
      if (seen === 'removed' && this.stamps[item] === this.stamp) continue;
      if (allowed !== undefined && allowed[item] !== 1) continue;
      items.push(item);
      scores.push(background.scores[item] ?? 0);
    }
    return { items: Int32Array.from(items), scores: Float64Array.from(scores) };
  }

  private rankInBackground(
    candidates: Candidates,
    background: StaticRanking | undefined,
    query: Int32Array,
    target: number,
    out: TargetRank,
  ): void {
    out.kept = 0;
    out.removed = 0;
    const score = background?.scores[target] ?? -Infinity;
    if (background === undefined || score === -Infinity) return;
    const before = (item: number): boolean => (background.scores[item] ?? -Infinity) >= score;
    let kept = candidates.count + notBelow(background, score);
    for (let i = 0; i < candidates.count; i++) if (before(candidates.items[i] ?? 0)) kept--;
    out.kept = kept;
    this.markQuery(query);
    if (this.stamps[target] === this.stamp) return;
    let removed = kept;
    for (const item of seenItems(query)) {
      if (this.stamps[item] !== this.stamp) continue;
      this.stamps[item] = 0;
      if ((candidates.slotOf[item] ?? -1) >= 0 || before(item)) removed--;
    }
    out.removed = removed;
  }

  private markQuery(query: Int32Array): void {
    this.stamp++;
    for (const item of seenItems(query)) this.stamps[item] = this.stamp;
  }

  private hideSeen(candidates: Candidates, query: Int32Array): void {
    const { slotOf, scores } = candidates;
    this.seenCount = 0;
    const items = seenItems(query);
    if (items.length > this.seenSlots.length) {
      this.seenSlots = new Int32Array(items.length * 2);
      this.seenScores = new Float64Array(items.length * 2);
    }
    for (const item of items) {
      const slot = slotOf[item] ?? -1;
      if (slot < 0) continue;
      const score = scores[slot] ?? -Infinity;
      if (score === -Infinity) continue;
      this.seenSlots[this.seenCount] = slot;
      this.seenScores[this.seenCount] = score;
      this.seenCount++;
      scores[slot] = -Infinity;
    }
  }

  private showSeen(candidates: Candidates): void {
    for (let i = 0; i < this.seenCount; i++)
      candidates.scores[this.seenSlots[i] ?? 0] = this.seenScores[i] ?? 0;
  }
}

interface Filling {
  readonly query: Int32Array;
  readonly seen: SeenItems;
  readonly k: number;
  readonly allowed: AllowedItems | undefined;
}

export interface TopList {
  readonly items: Int32Array;
  readonly scores: Float64Array;
}

export interface FilledList extends TopList {
  /** Place of the first item of the background. */
  readonly fromBackground: number;
}

function countNotBelow({ scores, count, scan }: Candidates, threshold: number): number {
  if (scan !== undefined) return scan.countNotBelow(threshold);
  let found = 0;
  for (let i = 0; i < count; i++) if ((scores[i] ?? 0) >= threshold) found++;
  return found;
}

/** Number of items of a static ranking with a score not below the given one, by bisection. */
function notBelow(ranking: StaticRanking, score: number): number {
  let low = 0;
  let high = ranking.items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranking.scores[ranking.items[middle] ?? 0] ?? -Infinity) >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
