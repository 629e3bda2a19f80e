import type { BestItems } from '../ranking/scorer.ts';
import type { VectorSearch } from '../ranking/vector-search.ts';
import { bestItems } from './best-items.ts';

/** Bytes of lists that are kept, at most. */
export const LIST_BYTES = 64 << 20;
const BYTES_AN_ITEM = 8;

interface List {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/**
 * The best items after one item, searched once for all queries that end with it: those of validation and test share
 * many. The lists are views of what was found, in the order it was asked for.
 */
export class LastItemLists {
  readonly #search: VectorSearch;
  readonly #lists = new Map<number, List>();
  #depth = 0;

  constructor(search: VectorSearch) {
    this.#search = search;
  }

  best(queries: readonly Int32Array[], depth: number): BestItems {
    const last = Int32Array.from(queries, (query) => query.at(-1) ?? -1);
    this.#searchMissing(last, depth);
    let known = 0;
    const rowOf = last.map((item) => (this.#lists.has(item) ? known++ : -1));
    const items = new Int32Array(known * depth);
    const scores = new Float32Array(known * depth);
    last.forEach((item, q) => {
      const list = this.#lists.get(item);
      if (list === undefined) return;
      items.set(list.items, (rowOf[q] ?? 0) * depth);
      scores.set(list.scores, (rowOf[q] ?? 0) * depth);
    });
    return { rowOf, depth, items, scores };
  }

  /** Finds the lists of the items that have a vector and no list. */
  #searchMissing(last: Int32Array, depth: number): void {
    const { rowOf } = this.#search;
    if (this.#depth !== depth) this.#lists.clear();
    this.#depth = depth;
    const wanted = [...new Set(last)].filter((item) => (rowOf[item] ?? -1) >= 0);
    const isMissing = (item: number): boolean => !this.#lists.has(item);
    const missing = wanted.filter(isMissing);
    if ((this.#lists.size + missing.length) * depth * BYTES_AN_ITEM > LIST_BYTES) this.#lists.clear();
    const asked = this.#lists.size === 0 ? wanted : missing;
    const found = bestItems(
      this.#search,
      asked.map((item) => Int32Array.of(item)),
      'last-item',
      depth,
    );
    asked.forEach((item, at) => {
      const [from, to] = [at * depth, (at + 1) * depth];
      this.#lists.set(item, {
        items: found.items.subarray(from, to),
        scores: found.scores.subarray(from, to),
      });
    });
  }
}
