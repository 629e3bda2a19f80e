import { ExactIndex } from '../../neighbours/exact-index.ts';
import { normalise } from '../../neighbours/normalise.ts';
import type { DenseScorer, ItemVectors } from '../ranking/scorer.ts';
import type { VectorSearch } from '../ranking/vector-search.ts';
import { bestItems } from './best-items.ts';
import { LastItemLists } from './last-item-lists.ts';
import { QueryVectors } from './query-vectors.ts';

/**
 * Cosine of the query vector with each item vector. As in gensim's `most_similar`, under `last-item` the query item
 * itself is never recommended, also where seen items are kept.
 */
export function cosineScorer(vectors: ItemVectors, itemCount: number, deterministic: boolean): DenseScorer {
  const { items, dimension } = vectors;
  const units = vectors.values.slice();
  normalise(units, dimension);
  const rowOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, row) => (rowOf[item] = row));
  const index = new ExactIndex(units, dimension, { deterministic });
  const maker = new QueryVectors(units, dimension, rowOf);
  const fill: VectorSearch['fill'] = (query, rule, out) => maker.fill(query, rule, out);
  const search = { index, items, rowOf, fill };
  const lists = new LastItemLists(search);
  const knows = (item: number): boolean => (rowOf[item] ?? -1) >= 0;
  return {
    shape: 'dense',
    items,
    vocabulary: items.length,
    knows,
    recommends: knows,
    queryRules: ['last-item', 'whole-list', 'decayed-list'],
    vectors,
    score(queries, rule, out) {
      const block = new Float32Array(queries.length * dimension);
      const answered = Uint8Array.from(queries, (query, q) =>
        fill(query, rule, block.subarray(q * dimension, (q + 1) * dimension)) ? 1 : 0,
      );
      index.scoreBlock(block, out);
      if (rule === 'last-item') {
        queries.forEach((query, q) => {
          if (answered[q] === 1) out[q * items.length + (rowOf[query.at(-1) ?? -1] ?? 0)] = -Infinity;
        });
      }
      return answered;
    },
    best: (queries, rule, depth, targets) =>
      rule === 'last-item' ? lists.best(queries, depth) : bestItems(search, queries, rule, depth, targets),
  };
}
