/** Ranks and top lists from the best items of a query alone, where these decide them. */
import type { BestItems } from './scorer.ts';
import type { SeenItems, TargetRank, TopList } from './ranker.ts';
import { seenItems } from './seen-items.ts';

/**
 * Gives what `Ranker` gives, as far as ranks up to `reach` go: a rank beyond it is 0, a miss. Where the list of best
 * items ends too early or inside a tie, it says so, and the `Ranker` has to be asked with all scores.
 */
export class BestRanker {
  private readonly reach: number;
  /** Random order of the items, by which a tie is cut. */
  private readonly ties: Uint32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;

  constructor(ties: Uint32Array, reach: number) {
    this.reach = reach;
    this.ties = ties;
    this.stamps = new Int32Array(ties.length);
  }

  /** @returns false where the list does not decide */
  rank(best: BestItems, row: number, query: Int32Array, target: number, out: TargetRank): boolean {
    const { items, scores, ceiling } = listOf(best, row);
    this.markSeen(query);
    // (Lists made for a target hold it, or else only items that do not score less, as many as there is room for.)
    const place = items.indexOf(target);
    const score = scores[place] ?? ceiling;
    let notBelow = 0;
    let seen = 0;
    for (; notBelow < items.length && (scores[notBelow] ?? 0) >= score; notBelow++)
      if (this.isSeen(items[notBelow] ?? 0)) seen++;
    const targetSeen = this.isSeen(target);
    if (score > ceiling) {
      out.kept = this.within(notBelow);
      out.removed = targetSeen ? 0 : this.within(notBelow - seen);
      return true;
    }
    // The target is not in the list or ties with its end: its rank is not known, but whether it is beyond reach may be.
    out.kept = 0;
    out.removed = 0;
    if (ceiling === -Infinity) return best.forTargets !== true;
    const others = place < 0 ? notBelow : notBelow - 1;
    return others >= this.reach && (targetSeen || others - seen >= this.reach);
  }

  /** The best `reach` items, or all where there are fewer; undefined where the list does not decide. */
  top(best: BestItems, row: number, query: Int32Array, seen: SeenItems): Int32Array | undefined {
    return this.list(best, row, query, { seen, k: this.reach })?.items;
  }

  /** The best `k` items with their scores. */
  list(
    best: BestItems,
    row: number,
    query: Int32Array,
    { seen, k }: { readonly seen: SeenItems; readonly k: number },
  ): TopList | undefined {
    if (best.forTargets === true) return undefined;
    const { items, scores, ceiling } = listOf(best, row);
    const list: number[] = [];
    const own: number[] = [];
    this.markSeen(seen === 'removed' ? query : NOTHING);
    let last = Infinity;
    let tieStart = 0;
    for (let i = 0; i < items.length; i++) {
      const item = items[i] ?? 0;
      if (this.isSeen(item)) continue;
      const score = scores[i] ?? 0;
      if (score < last) {
        if (list.length >= k) break;
        tieStart = list.length;
      }
      last = score;
      this.insert(list, item, tieStart);
      own.push(score);
    }
    if (ceiling > -Infinity && (list.length < k || last <= ceiling)) return undefined;
    return { items: Int32Array.from(list.slice(0, k)), scores: Float64Array.from(own.slice(0, k)) };
  }

  /** Appends an item to those it ties with, which begin at `from`, in random order. */
  private insert(list: number[], item: number, from: number): void {
    const own = this.ties[item] ?? 0;
    let at = list.length;
    for (; at > from && (this.ties[list[at - 1] ?? 0] ?? 0) > own; at--) list[at] = list[at - 1] ?? 0;
    list[at] = item;
  }

  private within(rank: number): number {
    return rank <= this.reach ? rank : 0;
  }

  private markSeen(query: Int32Array): void {
    this.stamp++;
    for (const item of seenItems(query)) this.stamps[item] = this.stamp;
  }

  private isSeen(item: number): boolean {
    return this.stamps[item] === this.stamp;
  }
}

const NOTHING = new Int32Array(0);

/**
 * One query's list; `ceiling` is what no other item's score exceeds, −Infinity where there are no others. Of a list made for
 * a target: the least score in a full list, which is not below the target's; −Infinity where others are below the target.
 */
function listOf(
  { depth, items, scores }: BestItems,
  row: number,
): { items: Int32Array; scores: Float32Array; ceiling: number } {
  const list = items.subarray(row * depth, (row + 1) * depth);
  const end = list.indexOf(-1);
  const size = end < 0 ? depth : end;
  const own = scores.subarray(row * depth, row * depth + size);
  return { items: list.subarray(0, size), scores: own, ceiling: end < 0 ? (own[size - 1] ?? 0) : -Infinity };
}
