import type { Candidates } from './model-kind.ts';

/** Slots gathered before they are thinned to the best k. */
const SLACK = 512;
/** The least finite float32. */
const LEAST_SCORE = -3.4028234663852886e38;

/** Finds the k best of many scores in one pass, keeping a small pool of those not below the k-th best so far. */
export class TopSelector {
  private readonly ties: Uint32Array;
  private pool = new Int32Array(0);
  private poolScores = new Float64Array(0);
  private size = 0;

  constructor(ties: Uint32Array) {
    this.ties = ties;
  }

  /** The best `k` candidates with a score above −Infinity, best first, ties in random order. */
  select(candidates: Candidates, k: number): { items: Int32Array; scores: Float64Array } {
    const { items, scores } = candidates;
    const slots = this.selectSlots(candidates, k);
    slots.sort(
      (a, b) =>
        (scores[b] ?? 0) - (scores[a] ?? 0) ||
        (this.ties[items[a] ?? 0] ?? 0) - (this.ties[items[b] ?? 0] ?? 0),
    );
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
    const capacity = 2 * k + SLACK;
    if (this.pool.length < capacity) {
      this.pool = new Int32Array(capacity);
      this.poolScores = new Float64Array(capacity);
    }
    this.size = 0;
    let threshold = -Number.MAX_VALUE;
    for (let slot = 0; slot < candidates.count;) {
      slot = this.fill(candidates, threshold, slot, capacity);
      if (this.size === capacity) threshold = this.thin(candidates.items, k);
    }
    if (this.size > k) this.thin(candidates.items, k);
    return this.pool.subarray(0, this.size);
  }

  /** Adds slots with scores not below the threshold until the pool is full; returns the slot to go on from. */
  private fill(
    { scores, count, scan }: Candidates,
    threshold: number,
    from: number,
    capacity: number,
  ): number {
    const { pool, poolScores } = this;
    let { size } = this;
    let slot = from;
    if (scan !== undefined) {
      const { slots, next } = scan.gather(Math.max(threshold, LEAST_SCORE), from, capacity - size);
      for (let i = 0; i < slots.length; i++, size++) {
        pool[size] = slots[i] ?? 0;
        poolScores[size] = scores[slots[i] ?? 0] ?? 0;
      }
      slot = next;
    } else {
      for (; slot < count && size < capacity; slot++) {
        const score = scores[slot] ?? 0;
        if (score < threshold) continue;
        pool[size] = slot;
        poolScores[size++] = score;
      }
    }
    this.size = size;
    return slot;
  }

  /** Keeps the best `k` of the pool and returns the least score among them. */
  private thin(items: Int32Array, k: number): number {
    const least = this.partition(k);
    if (this.poolScores.subarray(k, this.size).includes(least)) this.settleTies(items, k, least);
    this.size = k;
    return least;
  }

  /** Gives the places of the least score among the first `k` to those of its holders whom the random order favours. */
  private settleTies(items: Int32Array, k: number, least: number): void {
    const { pool, poolScores, ties } = this;
    const holders = pool.subarray(0, this.size).filter((_, i) => poolScores[i] === least);
    holders.sort((a, b) => (ties[items[a] ?? 0] ?? 0) - (ties[items[b] ?? 0] ?? 0));
    for (let i = 0, next = 0; i < k; i++) if (poolScores[i] === least) pool[i] = holders[next++] ?? 0;
  }

  /** Puts k scores that none of the others exceeds first (quickselect, Hoare) and returns the k-th best. */
  private partition(k: number): number {
    const { poolScores } = this;
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const pivot = poolScores[(low + high) >> 1] ?? 0;
      let i = low;
      let j = high;
      while (i <= j) {
        while ((poolScores[i] ?? 0) > pivot) i++;
        while ((poolScores[j] ?? 0) < pivot) j--;
        if (i <= j) this.swap(i++, j--);
      }
      if (k - 1 <= j) high = j;
      else if (k - 1 >= i) low = i;
      else break;
    }
    return poolScores[k - 1] ?? 0;
  }

  private swap(i: number, j: number): void {
    const { pool, poolScores } = this;
    const score = poolScores[i] ?? 0;
    const slot = pool[i] ?? 0;
    poolScores[i] = poolScores[j] ?? 0;
    pool[i] = pool[j] ?? 0;
    poolScores[j] = score;
    pool[j] = slot;
  }
}
