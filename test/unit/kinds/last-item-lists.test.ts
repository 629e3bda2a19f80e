import { describe, expect, test } from 'vitest';
import { bestItems } from '../../../src/pipeline/kinds/prod2vec/best-items.ts';
import { LastItemLists } from '../../../src/pipeline/kinds/prod2vec/last-item-lists.ts';
import { QueryVectors } from '../../../src/pipeline/kinds/prod2vec/query-vectors.ts';
import type { VectorSearch } from '../../../src/pipeline/kinds/ranking/vector-search.ts';
import { ExactIndex } from '../../../src/pipeline/neighbours/exact-index.ts';
import { normalise } from '../../../src/pipeline/neighbours/normalise.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const DIMENSION = 8;
const ITEMS = 60;

/** Vectors of the even items of a catalogue; every vector search is counted. */
function searchOfEvenItems(): { search: VectorSearch; searched: number[] } {
  const next = randomStream(3);
  const items = Int32Array.from({ length: ITEMS / 2 }, (_, row) => 2 * row);
  const units = Float32Array.from({ length: items.length * DIMENSION }, () => below(2001, next()) - 1000);
  normalise(units, DIMENSION);
  const rowOf = new Int32Array(ITEMS).fill(-1);
  items.forEach((item, row) => (rowOf[item] = row));
  const index = new ExactIndex(units, DIMENSION, { deterministic: true });
  const searched: number[] = [];
  const search = index.search.bind(index);
  index.search = (queries, k, options) => {
    searched.push(queries.length / DIMENSION);
    return search(queries, k, options);
  };
  const maker = new QueryVectors(units, DIMENSION, rowOf);
  const fill: VectorSearch['fill'] = (query, rule, out) => maker.fill(query, rule, out);
  return { search: { index, items, rowOf, fill }, searched };
}

const listOf = (best: ReturnType<typeof bestItems>, query: number): unknown => {
  const row = best.rowOf[query] ?? -1;
  const [from, to] = [row * best.depth, (row + 1) * best.depth];
  return row < 0 ? undefined : [[...best.items.slice(from, to)], [...best.scores.slice(from, to)]];
};

describe('lists after the last item', () => {
  const { search, searched } = searchOfEvenItems();
  const lists = new LastItemLists(search);
  const check = (lastItems: readonly number[], depth: number): void => {
    const queries = lastItems.map((item) => Int32Array.of(1, 4, item));
    const best = lists.best(queries, depth);
    const direct = bestItems(search, queries, 'last-item', depth);
    queries.forEach((_, q) => expect(listOf(best, q)).toEqual(listOf(direct, q)));
    searched.pop();
  };

  test('are those of a search, also when some are known, and none for items without a vector', () => {
    check([2, 8, 3, 40], 10);
    check([8, 58, 2, 2, 5, 6], 10);
    expect(searched).toEqual([3, 2]);
  });

  test('of another depth are searched anew', () => {
    check([8, 2], 12);
    check([], 12);
    expect(searched.slice(2)).toEqual([2, 0]);
  });
});
