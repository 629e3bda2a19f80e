import type { Candidates } from './scorer.ts';
import { differentItems } from './seen-items.ts';

/** No candidates at all: the background alone answers. */
export function emptyCandidates(itemCount: number): Candidates {
  return {
    items: new Int32Array(0),
    scores: new Float64Array(0),
    count: 0,
    slotOf: new Int32Array(itemCount).fill(-1),
  };
}

/** Places of a list of items, one after the other. */
interface Walk {
  readonly targets: Int32Array;
  readonly first: number;
  readonly step: 1 | -1;
  readonly count: number;
}

/** Gathers scores of few items of a large catalogue; cleared in time proportional to what it holds. */
export class CandidateSet implements Candidates {
  readonly items: Int32Array;
  readonly scores: Float64Array;
  readonly slotOf: Int32Array;
  count = 0;

  constructor(itemCount: number) {
    this.items = new Int32Array(itemCount);
    this.scores = new Float64Array(itemCount);
    this.slotOf = new Int32Array(itemCount).fill(-1);
  }

  clear(): void {
    for (let slot = 0; slot < this.count; slot++) this.slotOf[this.items[slot] ?? 0] = -1;
    this.count = 0;
  }

  /** Adds `factor` × each value to its item's score. */
  addScaled(targets: Int32Array, values: Float32Array, from: number, to: number, factor: number): void {
    const { items, scores, slotOf } = this;
    let { count } = this;
    for (let at = from; at < to; at++) {
      const item = targets[at] ?? 0;
      const slot = slotOf[item] ?? -1;
      const share = factor * (values[at] ?? 0);
      if (slot >= 0) {
        scores[slot] = (scores[slot] ?? 0) + share;
      } else {
        slotOf[item] = count;
        items[count] = item;
        scores[count] = share;
        count++;
      }
    }
    this.count = count;
  }

  /** Adds `factor` × decay[g] to the score of the item g steps from the first. */
  addDecayed({ targets, first, step, count: places }: Walk, decay: Float64Array, factor: number): void {
    const { items, scores, slotOf } = this;
    let { count } = this;
    for (let g = 0, at = first; g < places; g++, at += step) {
      const item = targets[at] ?? 0;
      const slot = slotOf[item] ?? -1;
      const share = factor * (decay[g] ?? 0);
      if (slot >= 0) {
        scores[slot] = (scores[slot] ?? 0) + share;
      } else {
        slotOf[item] = count;
        items[count] = item;
        scores[count] = share;
        count++;
      }
    }
    this.count = count;
  }

  /** Multiplies the score of each different item of a query. */
  scaleSeen(query: Int32Array, factor: number): void {
    if (factor === 1) return;
    for (const item of differentItems(query)) {
      const slot = this.slotOf[item] ?? -1;
      if (slot >= 0) this.scores[slot] = (this.scores[slot] ?? 0) * factor;
    }
  }

  /** Adds one item that is not in the set yet. */
  push(item: number, score: number): void {
    this.slotOf[item] = this.count;
    this.items[this.count] = item;
    this.scores[this.count] = score;
    this.count++;
  }
}
