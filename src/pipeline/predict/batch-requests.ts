/** Queries as lines of requests of TensorFlow Serving, each of several queries. */
import type { ItemNames } from '../model/item-names.ts';
import type { LineFile } from './line-file.ts';
import type { QueryBatch } from './query-batches.ts';
import type { AskedLists } from './rank-lists.ts';

/** Queries of a request at most, and places of their lists filled up to equal lengths. */
const QUERIES = 100;
const PLACES = 20_000;
/** The newest items of a query that are sent. More would make one request too large. */
export const MOST_ITEMS = 10_000;

/** Writes a line a request. @throws Error where a query is not to be sent whole */
export async function writeRequests(
  file: LineFile,
  { names, k, seen, batches }: Pick<AskedLists, 'names' | 'k' | 'seen' | 'batches'>,
): Promise<void> {
  const open = new OpenRequest(names, k, seen === 'removed');
  for await (const batch of batches()) {
    for (let at = 0; at < batch.count; at++) {
      const line = open.add(itemsOf(batch, at));
      if (line !== undefined) await file.add(line);
    }
  }
  const last = open.take();
  if (last !== undefined) await file.add(last);
}

export function itemsOf({ codes, starts }: QueryBatch, at: number): Int32Array {
  return codes.subarray(starts[at], starts[at + 1]);
}

class OpenRequest {
  readonly #names: ItemNames;
  readonly #k: number;
  readonly #excludes: boolean;
  #queries: string[][] = [];
  #width = 1;

  constructor(names: ItemNames, k: number, excludes: boolean) {
    this.#names = names;
    this.#k = k;
    this.#excludes = excludes;
  }

  /** @returns the request before it, where this one has no room in it */
  add(codes: Int32Array): string | undefined {
    const width = Math.max(this.#width, codes.length);
    const isFull = this.#queries.length >= QUERIES || width * (this.#queries.length + 1) > PLACES;
    const line = isFull ? this.take() : undefined;
    this.#queries.push(Array.from(codes, (code) => this.#names.name(code)));
    this.#width = Math.max(this.#width, codes.length);
    return line;
  }

  /** A tensor has rows of equal lengths. */
  take(): string | undefined {
    if (this.#queries.length === 0) return undefined;
    const instances = this.#queries.map((items) => ({
      items: [...items, ...Array.from({ length: this.#width - items.length }, () => '')],
      ...{ k: this.#k, exclude_query: this.#excludes },
    }));
    [this.#queries, this.#width] = [[], 1];
    return `${JSON.stringify({ signature_name: 'recommend', instances })}\n`;
  }
}
