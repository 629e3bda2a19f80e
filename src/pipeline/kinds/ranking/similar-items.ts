import { ExactIndex } from '../../neighbours/exact-index.ts';
import { normalise } from '../../neighbours/normalise.ts';
import type { ItemVectors } from './scorer.ts';
import type { TopList } from './ranker.ts';

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

  /** The `k` nearest, itself left out; its own vector counts with length 1. None where it has no vector. */
  nearest(item: number, k: number): TopList {
    const row = this.rowOf.get(item);
    if (row === undefined) return { items: new Int32Array(0), scores: new Float64Array(0) };
    const { dimension, items, values } = this.vectors;
    const query = values.slice(row * dimension, (row + 1) * dimension);
    normalise(query, dimension);
    const wanted = Math.min(k, items.length - 1);
    if (wanted < 1) return { items: new Int32Array(0), scores: new Float64Array(0) };
    const found = this.index.search(query, wanted, { exclude: [Int32Array.of(row)] });
    return {
      items: found.rows.map((other) => items[other] ?? -1),
      scores: Float64Array.from(found.scores),
    };
  }
}
