import type { Occurrences } from '../fitting/occurrences.ts';
import { TopSelector } from '../ranking/top-selector.ts';
import { CoOccurrenceCounter } from './co-occurrence.ts';
import { targetScale } from './matrix.ts';
import type { KnnParameters } from './parameters.ts';

/**
 * Rows of co-occurrence counts, counted when first asked for; the two directions apart. Of each row the strongest are
 * kept by the normalisation of the given parameters.
 */
export class CountedRows {
  readonly delta: number;
  readonly self: boolean;
  readonly offsets: number[] = [0];
  targets = new Int32Array(1 << 16);
  private after = new Float32Array(1 << 16);
  private before = new Float32Array(1 << 16);
  private readonly rowOf: Int32Array;
  private readonly counter: CoOccurrenceCounter;
  private readonly selector: TopSelector;
  private readonly scores: Float64Array;
  private readonly toTarget: Float64Array;
  private readonly start: KnnParameters;

  /** @param counted the decay, and whether items pair with themselves */
  constructor(
    index: Occurrences,
    start: KnnParameters,
    { delta, self }: Pick<KnnParameters, 'delta' | 'self'>,
    ties: Uint32Array,
  ) {
    this.delta = delta;
    this.self = self;
    this.start = start;
    this.rowOf = new Int32Array(index.itemCount).fill(-1);
    this.counter = new CoOccurrenceCounter(index, delta, self);
    this.selector = new TopSelector(ties);
    this.scores = new Float64Array(index.itemCount);
    this.toTarget = targetScale(index, start.lambda, start.gamma);
  }

  /** Number of the item's row. */
  row(item: number): number {
    const known = this.rowOf[item] ?? -1;
    if (known >= 0) return known;
    const row = this.offsets.length - 1;
    this.rowOf[item] = row;
    this.count(item);
    return row;
  }

  /** Entries of the item's row. */
  entries(item: number): Int32Array {
    const row = this.row(item);
    return this.targets.subarray(this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0);
  }

  /** Counts of all rows so far, the backward direction weighted. */
  merged(back: number): Float32Array {
    const size = this.offsets.at(-1) ?? 0;
    const values = new Float32Array(size);
    for (let at = 0; at < size; at++) values[at] = (this.after[at] ?? 0) + back * (this.before[at] ?? 0);
    return values;
  }

  private count(item: number): void {
    const { counter, scores, start, toTarget } = this;
    counter.load(item);
    for (let slot = 0; slot < counter.count; slot++) {
      const other = counter.touched[slot] ?? 0;
      scores[slot] =
        ((counter.after[other] ?? 0) + start.back * (counter.before[other] ?? 0)) * (toTarget[other] ?? 0);
    }
    const candidates = { items: counter.touched, scores, count: counter.count, slotOf: counter.touched };
    const slots = this.selector.selectSlots(candidates, start.neighbours);
    let at = this.offsets.at(-1) ?? 0;
    while (at + slots.length > this.targets.length) this.grow();
    for (const slot of slots) {
      const other = counter.touched[slot] ?? 0;
      this.targets[at] = other;
      this.after[at] = counter.after[other] ?? 0;
      this.before[at] = counter.before[other] ?? 0;
      at++;
    }
    this.offsets.push(at);
  }

  private grow(): void {
    const length = this.targets.length * 2;
    const grown = <A extends Int32Array | Float32Array>(old: A, fresh: A): A => {
      fresh.set(old);
      return fresh;
    };
    this.targets = grown(this.targets, new Int32Array(length));
    this.after = grown(this.after, new Float32Array(length));
    this.before = grown(this.before, new Float32Array(length));
  }
}
