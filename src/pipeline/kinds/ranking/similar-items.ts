import { ExactIndex } from '../../neighbours/exact-index.ts';
import { normalise } from '../../neighbours/normalise.ts';
import { allowedCandidates, type AllowedItems } from './allowed-candidates.ts';
import type { ItemVectors } from './scorer.ts';
import type { TopList } from './ranker.ts';
import { TopSelector } from './top-selector.ts';

/** The items nearest to an item by the products of their vectors. */
export class SimilarItems {
  private readonly vectors: ItemVectors;
  private readonly index: ExactIndex;
  private readonly rowOf = new Map<number, number>();

  constructor(vectors: ItemVectors) {
    this.vectors = vectors;
    this.index = new ExactIndex(vectors.values, vectors.dimension);
    vectors.items.forEach((item, row) => this.rowOf.set(item, row));
  }

  /**
   * The `k` nearest, itself left out; its own vector counts with length 1. None where it has no vector.
   * @param allowed items that may be listed; absent: all
   */
  nearest(item: number, k: number, allowed?: AllowedItems): TopList {
    const row = this.rowOf.get(item);
    if (row === undefined) return { items: new Int32Array(0), scores: new Float64Array(0) };
    const { dimension, items, values } = this.vectors;
    const query = values.slice(row * dimension, (row + 1) * dimension);
    normalise(query, dimension);
    const wanted = Math.min(k, items.length - 1);
    if (wanted < 1) return { items: new Int32Array(0), scores: new Float64Array(0) };
    if (allowed !== undefined) return this.amongAllowed(query, item, wanted, allowed);
    const found = this.index.search(query, wanted, { exclude: [Int32Array.of(row)] });
    return {
      items: found.rows.map((other) => items[other] ?? -1),
      scores: Float64Array.from(found.scores),
    };
  }
  /** The index cannot search among some rows: all are scored, with the same bits, and ties stay in the rows' order. */
  private amongAllowed(query: Float32Array, item: number, k: number, allowed: AllowedItems): TopList {
    const { items } = this.vectors;
    const scores = new Float32Array(items.length);
    this.index.scoreBlock(query, scores);
    scores[this.rowOf.get(item) ?? 0] = -Infinity;
    const order = new Uint32Array(allowed.length);
    items.forEach((other, row) => (order[other] = row));
    const all = { items, scores, count: items.length, slotOf: new Int32Array(0) };
    return new TopSelector(order).select(allowedCandidates(all, allowed), k);
  }
}
