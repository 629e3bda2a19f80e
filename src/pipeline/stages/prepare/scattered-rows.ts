import type { DuckDBDataChunk } from '@duckdb/node-api';
import * as z from 'zod/mini';
import { integersOf } from '../../data/duckdb-chunk.ts';
import type { DuckDBSession } from '../../data/duckdb-session.ts';
import { codedFrom } from './coded-rows.ts';
import type { Lookup } from './lookup.ts';
import { orderMark, PLACE } from './row-view.ts';
import type { RowView } from './row-view.ts';

/** Bytes a row takes: item, place, both halves of the order key, mark. */
export const ROW_BYTES = 20;
/** Share of the memory that the rows may take. */
const SHARE = 1 / 16;

/**
 * Whether the rows can be put in order in memory: there are few enough of them, in one file, and they are ordered by
 * one number or instant that none lacks, or by their place alone.
 */
export async function canScatter(
  session: DuckDBSession,
  view: RowView,
  memoryMegabytes: number,
): Promise<boolean> {
  if (view.files > 1 || view.rows * ROW_BYTES > memoryMegabytes * 2 ** 20 * SHARE) return false;
  if (view.order.length === 0) return true;
  if (view.orderKey === undefined) return false;
  const { n } = await session.row(
    `SELECT count(${view.orderKey})::DOUBLE AS n FROM source_rows`,
    z.object({ n: z.number() }),
  );
  return n === view.rows;
}

/** Every row as integers, in any order: sequence, item, the order key's halves where there is one, place, mark if any. */
export function scatteredSql(view: RowView, items: Lookup, sequences: Lookup): string {
  const key = view.orderKey;
  const mark = orderMark(view);
  const columns = [
    's.code AS sequence',
    'i.code AS item',
    ...(key === undefined
      ? []
      : [`(${key} >> 32)::INTEGER AS high`, `((${key} & 4294967295) - 2147483648)::INTEGER AS low`]),
    `source_rows.${PLACE}::INTEGER AS place`,
    ...(mark === undefined ? [] : [`${mark} AS mark`]),
  ];
  return `SELECT ${columns.join(', ')} ${codedFrom(items, sequences)}`;
}

/**
 * Rows dealt to their sequences as they come, since it is known where each begins, and then ordered within each: by
 * the order key, for equals by place.
 */
export class ScatteredRows {
  /** Item of each row, sequence by sequence. */
  readonly items: Int32Array;
  /** What tells rows apart that have sequence and item in common; none where nothing does. */
  readonly marks?: Int32Array;
  readonly #lengths: Int32Array;
  /** By what rows are ordered: both halves of the order key where there is one, last the place. */
  readonly #keys: readonly Int32Array[];
  /** Where the columns of `scatteredSql` go, from the second on. */
  readonly #targets: readonly Int32Array[];
  /** Where the next row of each sequence goes. */
  readonly #next: Int32Array;
  rows = 0;

  /** @param lengths rows of each sequence */
  constructor(lengths: Int32Array, view: RowView) {
    this.#lengths = lengths;
    this.#next = startsOf(lengths);
    const column = (): Int32Array => new Int32Array(view.rows);
    this.items = column();
    this.#keys = view.orderKey === undefined ? [column()] : [column(), column(), column()];
    if (orderMark(view) !== undefined) this.marks = column();
    this.#targets = [this.items, ...this.#keys, ...(this.marks === undefined ? [] : [this.marks])];
  }

  /** Takes rows with the columns of `scatteredSql`. */
  take(chunk: DuckDBDataChunk): void {
    const sequences = integersOf(chunk, 0);
    const at = new Int32Array(sequences.length);
    for (let row = 0; row < at.length; row++) {
      const sequence = sequences[row] ?? 0;
      const next = this.#next[sequence] ?? 0;
      at[row] = next;
      this.#next[sequence] = next + 1;
    }
    for (const [index, target] of this.#targets.entries()) scatter(integersOf(chunk, index + 1), at, target);
    this.rows += at.length;
  }

  /** Orders the rows of every sequence, once all are taken. */
  order(): void {
    let start = 0;
    for (const length of this.#lengths) {
      const end = start + length;
      if (!this.#isOrdered(start, end)) this.#sort(start, end);
      start = end;
    }
  }

  #isOrdered(start: number, end: number): boolean {
    for (let row = start + 1; row < end; row++) if (this.#compare(row - 1, row) > 0) return false;
    return true;
  }

  readonly #compare = (a: number, b: number): number => {
    for (const key of this.#keys) {
      const difference = (key[a] ?? 0) - (key[b] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };

  #sort(start: number, end: number): void {
    const order = new Int32Array(end - start).map((_, index) => start + index).sort(this.#compare);
    for (const column of this.marks === undefined ? [this.items] : [this.items, this.marks]) {
      const sorted = order.map((row) => column[row] ?? 0);
      column.set(sorted, start);
    }
  }
}

function startsOf(lengths: Int32Array): Int32Array {
  const starts = new Int32Array(lengths.length);
  for (let s = 1; s < lengths.length; s++) starts[s] = (starts[s - 1] ?? 0) + (lengths[s - 1] ?? 0);
  return starts;
}

function scatter(values: Int32Array, at: Int32Array, target: Int32Array): void {
  for (let row = 0; row < values.length; row++) target[at[row] ?? 0] = values[row] ?? 0;
}
