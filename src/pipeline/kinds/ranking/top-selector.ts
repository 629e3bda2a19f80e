import type { Candidates } from './scorer.ts';

/** Slots gathered before they are thinned to the best k. */
const SLACK = 512;
/** From this many candidates on, a sample of every so-manieth tells where to start. */
const WIDE = 4096;
const STRIDE = 16;
const GAPS = [57_000, 25_000, 10_000, 4000, 1750, 701, 301, 132, 57, 23, 10, 4, 1];
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
    this.sort(items);
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
    const guess = candidates.count < WIDE ? -Number.MAX_VALUE : this.guess(candidates, k);
    this.gather(candidates, k, capacity, guess);
    if (this.size < k && guess > -Number.MAX_VALUE) this.gather(candidates, k, capacity, -Number.MAX_VALUE);
    return this.pool.subarray(0, this.size);
  }

  private gather(candidates: Candidates, k: number, capacity: number, least: number): void {
    this.size = 0;
    let threshold = least;
    for (let slot = 0; slot < candidates.count;) {
      slot = this.fill(candidates, threshold, slot, capacity);
      if (this.size === capacity) threshold = this.thin(candidates.items, k);
    }
    if (this.size > k) this.thin(candidates.items, k);
  }

  /** A score that most likely somewhat more than k candidates reach, from a sample; fewer than k is possible. */
  private guess({ scores, count }: Candidates, k: number): number {
    const { poolScores, pool } = this;
    const room = Math.min(pool.length, Math.floor(count / STRIDE));
    const step = Math.floor(count / room);
    for (let i = 0; i < room; i++) poolScores[i] = scores[i * step] ?? 0;
    this.size = room;
    const expected = (k * room) / count;
    return this.partition(Math.min(room, Math.ceil(expected + 3 * Math.sqrt(expected)) + 2));
  }

  /** Sorts the pool, best first, ties in random order (Shell's sort, gaps of Ciura 2001). */
  private sort(items: Int32Array): void {
    for (const gap of GAPS) for (let i = gap; i < this.size; i++) this.sink(items, i, gap);
  }

  /** Moves the slot at `i` forward in steps of `gap`, past all that it precedes. */
  private sink(items: Int32Array, i: number, gap: number): void {
    const { pool, poolScores } = this;
    const slot = pool[i] ?? 0;
    const score = poolScores[i] ?? 0;
    let at = i;
    for (; at >= gap; at -= gap) {
      const other = poolScores[at - gap] ?? 0;
      if (other > score || (other === score && !this.winsTie(items, slot, pool[at - gap] ?? 0))) break;
      pool[at] = pool[at - gap] ?? 0;
      poolScores[at] = other;
    }
    pool[at] = slot;
    poolScores[at] = score;
  }

  private winsTie(items: Int32Array, slot: number, other: number): boolean {
    return (this.ties[items[slot] ?? 0] ?? 0) < (this.ties[items[other] ?? 0] ?? 0);
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
