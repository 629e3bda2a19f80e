import { powers } from '../../deterministic-math.ts';
import type { Occurrences } from '../fitting/occurrences.ts';

/** Items further apart than this do not count. */
export const LARGEST_GAP = 50;

/**
 * Counts one row at a time of the directional, decayed co-occurrence matrix: for a before b at gap g ≤ 50,
 * C[a][b] += δ^(g−1) and C[b][a] += back · δ^(g−1); equal items are skipped unless `self`. The two directions are kept
 * apart.
 */
export class CoOccurrenceCounter {
  private readonly index: Occurrences;
  private readonly decay: Float64Array;
  /** Decayed counts of items after and before the row's item; zero outside `touched`. */
  readonly after: Float64Array;
  readonly before: Float64Array;
  readonly touched: Int32Array;
  count = 0;

  /** The item whose pairs with itself are skipped: the row's, or none. */
  private skipped = -1;
  private readonly self: boolean;

  /** @param self whether an item that comes again is a pair with itself */
  constructor(index: Occurrences, delta: number, self: boolean) {
    this.index = index;
    this.self = self;
    this.decay = powers(delta, LARGEST_GAP);
    this.after = new Float64Array(index.itemCount);
    this.before = new Float64Array(index.itemCount);
    this.touched = new Int32Array(index.itemCount);
  }

  /** Makes this the row of `item`. */
  load(item: number): void {
    this.clear();
    this.skipped = this.self ? -1 : item;
    const { offsets, positions, starts, ends } = this.index;
    const last = offsets[item + 1] ?? 0;
    for (let at = offsets[item] ?? 0; at < last; at++) {
      const position = positions[at] ?? 0;
      const end = Math.min(ends[position] ?? 0, position + LARGEST_GAP + 1);
      const start = Math.max(starts[position] ?? 0, position - LARGEST_GAP);
      this.addAfter(position, end);
      this.addBefore(position, start);
    }
  }

  private clear(): void {
    for (let i = 0; i < this.count; i++) {
      const item = this.touched[i] ?? 0;
      this.after[item] = 0;
      this.before[item] = 0;
    }
    this.count = 0;
  }

  private addAfter(position: number, end: number): void {
    const { after, before, touched, decay, skipped } = this;
    const { items } = this.index;
    let { count } = this;
    for (let at = position + 1; at < end; at++) {
      const other = items[at] ?? 0;
      if (other === skipped) continue;
      const value = after[other] ?? 0;
      if (value === 0 && before[other] === 0) touched[count++] = other;
      after[other] = value + (decay[at - position - 1] ?? 0);
    }
    this.count = count;
  }

  private addBefore(position: number, start: number): void {
    const { after, before, touched, decay, skipped } = this;
    const { items } = this.index;
    let { count } = this;
    for (let at = position - 1; at >= start; at--) {
      const other = items[at] ?? 0;
      if (other === skipped) continue;
      const value = before[other] ?? 0;
      if (value === 0 && after[other] === 0) touched[count++] = other;
      before[other] = value + (decay[position - at - 1] ?? 0);
    }
    this.count = count;
  }
}
