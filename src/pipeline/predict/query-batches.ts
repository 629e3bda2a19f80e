/** Queries that are ranked together, from rows that lie query by query. */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { integersOf } from '../data/duckdb-chunk.ts';

export interface QueryBatch {
  readonly count: number;
  /** Codes of all queries' items, one query after the other, the oldest first. */
  readonly codes: Int32Array<ArrayBuffer>;
  /** Where each query begins in `codes`, and where the last ends. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** Items of each query that have no code. */
  readonly unknown: Int32Array<ArrayBuffer>;
}

/** Queries of a batch, and items after which it ends though it has fewer. */
const QUERIES = 256;
const ITEMS = 1 << 16;

/**
 * @param chunks of two INTEGER columns: the query, in rising order from 0 without gaps, and the item's code, or −1
 * @param limits for tests
 */
export async function* queryBatches(
  chunks: AsyncIterable<DuckDBDataChunk>,
  limits = { queries: QUERIES, items: ITEMS },
): AsyncGenerator<QueryBatch, void, void> {
  const batch = new Gathered();
  let current = -1;
  for await (const chunk of chunks) {
    const [queries, items] = [integersOf(chunk, 0), integersOf(chunk, 1)];
    for (const [row, query] of queries.entries()) {
      if (query !== current) {
        if (batch.isFull(limits)) yield batch.take();
        batch.begin();
        current = query;
      }
      batch.add(items[row] ?? -1);
    }
  }
  if (batch.count > 0) yield batch.take();
}

class Gathered {
  #codes: number[] = [];
  #starts: number[] = [];
  #unknown: number[] = [];

  get count(): number {
    return this.#starts.length;
  }

  isFull({ queries, items }: { queries: number; items: number }): boolean {
    return this.count >= queries || this.#codes.length >= items;
  }

  begin(): void {
    this.#starts.push(this.#codes.length);
    this.#unknown.push(0);
  }

  add(code: number): void {
    const last = this.#unknown.length - 1;
    if (code < 0) this.#unknown[last] = (this.#unknown[last] ?? 0) + 1;
    else this.#codes.push(code);
  }

  take(): QueryBatch {
    const taken = {
      count: this.count,
      codes: Int32Array.from(this.#codes),
      starts: Int32Array.from([...this.#starts, this.#codes.length]),
      unknown: Int32Array.from(this.#unknown),
    };
    [this.#codes, this.#starts, this.#unknown] = [[], [], []];
    return taken;
  }
}
