import type { Candidates } from './model-kind.ts';

/** Slots gathered before they are thinned to the best k. */
const SLACK = 512;
/** The least finite float32. */
const LEAST_SCORE = -3.4028234663852886e38;

/** Finds the k best of many scores in one pass, keeping a small pool of those not below the k-th best so far. */
export class TopSelector {
  private readonly ties: Uint32Array;
  private pool = new Int32Array(0);
  private size = 0;

  constructor(ties: Uint32Array) {
    this.ties = ties;
  }

  /** The best `k` candidates with a score above −Infinity, best first, ties in random order. */
  select(candidates: Candidates, k: number): { items: Int32Array; scores: Float64Array } {
    this.gather(candidates, k);
    const { items, scores } = candidates;
    const slots = this.pool.subarray(0, Math.min(k, this.size));
    slots.sort((a, b) => this.compare(candidates, a, b));
    const list = { items: new Int32Array(slots.length), scores: new Float64Array(slots.length) };
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      list.items[i] = items[slot] ?? 0;
      list.scores[i] = scores[slot] ?? 0;
    }
    return list;
  }

  /** The slots of the best `k`, in no order; valid until the next call. */
  selectSlots(candidates: Candidates, k: number): Int32Array {
    this.gather(candidates, k);
    return this.pool.subarray(0, Math.min(k, this.size));
  }

  private gather(candidates: Candidates, k: number): void {
    const capacity = 2 * k + SLACK;
    if (this.pool.length < capacity) this.pool = new Int32Array(capacity);
    this.size = 0;
    let threshold = -Number.MAX_VALUE;
    for (let slot = 0; slot < candidates.count;) {
      slot = this.fillPool(candidates, threshold, slot, capacity);
      if (this.size < capacity) continue;
      this.thin(candidates, k);
      threshold = this.lowest(candidates.scores);
    }
    if (this.size > k) this.thin(candidates, k);
  }

  /** Adds slots with scores not below the threshold until the pool is full; returns the slot to go on from. */
  private fillPool(
    { scores, count, scan }: Candidates,
    threshold: number,
    from: number,
    capacity: number,
  ): number {
    if (scan !== undefined) {
      const { slots, next } = scan.gather(Math.max(threshold, LEAST_SCORE), from, capacity - this.size);
      this.pool.set(slots, this.size);
      this.size += slots.length;
      return next;
    }
    let { size } = this;
    let slot = from;
    for (; slot < count && size < capacity; slot++) {
      if ((scores[slot] ?? 0) >= threshold) this.pool[size++] = slot;
    }
    this.size = size;
    return slot;
  }

  private lowest(scores: Float32Array | Float64Array): number {
    let low = Infinity;
    for (let i = 0; i < this.size; i++) low = Math.min(low, scores[this.pool[i] ?? 0] ?? 0);
    return low;
  }

  private compare({ scores, items }: Candidates, a: number, b: number): number {
    const difference = (scores[b] ?? 0) - (scores[a] ?? 0);
    if (difference !== 0) return difference;
    return (this.ties[items[a] ?? 0] ?? 0) - (this.ties[items[b] ?? 0] ?? 0);
  }

  /** Keeps the best `k` of the pool: quickselect (Hoare). */
  private thin(candidates: Candidates, k: number): void {
    const { pool } = this;
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const pivot = pool[(low + high) >> 1] ?? 0;
      let i = low;
      let j = high;
      while (i <= j) {
        while (this.compare(candidates, pool[i] ?? 0, pivot) < 0) i++;
        while (this.compare(candidates, pool[j] ?? 0, pivot) > 0) j--;
        if (i > j) break;
        const swapped = pool[i] ?? 0;
        pool[i++] = pool[j] ?? 0;
        pool[j--] = swapped;
      }
      if (k - 1 <= j) high = j;
      else if (k - 1 >= i) low = i;
      else break;
    }
    this.size = k;
  }
}
