import type { DuckDBDataChunk } from '@duckdb/node-api';
import * as z from 'zod/mini';
import { halvesOf } from '../../../data/duckdb-chunk.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { codedFrom } from './coded-rows.ts';
import type { Lookup } from '../../../data/rows/lookup.ts';
import { orderMark, PLACE } from '../../../data/rows/row-view.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

/**
 * Bytes a row takes beside DuckDB's limit: as a result, as a record of item, mark, place and order key, and as item and mark
 * in order.
 */
const ROW_BYTES = 24 + 20 + 8;
/** Share of the memory that the rows may take; the copies of chunks not yet collected come on top. */
const SHARE = 1 / 6;

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

/**
 * Every row as BIGINTs, in any order: sequence and item, place and mark (0 where nothing marks rows), and the order key
 * where there is one. What is first in a pair is its high half.
 */
export function scatteredSql(view: RowView, items: Lookup, sequences: Lookup): string {
  const columns = [
    '(s.code::BIGINT << 32) | i.code AS coded',
    `(source_rows.${PLACE}::BIGINT << 32) | ${orderMark(view) ?? 0} AS placed`,
    ...(view.orderKey === undefined ? [] : [`${view.orderKey} AS key`]),
  ];
  return `SELECT ${columns.join(', ')} ${codedFrom(items, sequences)}`;
}

/** Rows ordered between two pauses. */
const STRETCH = 1 << 19;

/** Places in a record. */
const [ITEM, MARK, ROW, LOW, HIGH] = [0, 1, 2, 3, 4];
const [WITHOUT_KEY, WITH_KEY] = [3, 5];

/**
 * Rows dealt to their sequences as they come, since it is known where each begins, and then ordered within each: by
 * the order key, for equals by place. A row is one record, for the sake of the memory caches.
 */
export class ScatteredRows {
  /** Item of each row, sequence by sequence; once ordered. */
  items = new Int32Array(0);
  /** What tells rows apart that have sequence and item in common; equal everywhere where nothing does. */
  marks = new Int32Array(0);
  readonly #lengths: Int32Array;
  /** Integers of a record: item, mark, place, and the halves of the order key where there is one. */
  readonly #width: number;
  #records: Int32Array;
  /** Where the next row of each sequence goes. */
  readonly #next: Int32Array;
  rows = 0;

  /** @param lengths rows of each sequence */
  constructor(lengths: Int32Array, view: RowView) {
    this.#lengths = lengths;
    this.#next = startsOf(lengths);
    this.#width = view.orderKey === undefined ? WITHOUT_KEY : WITH_KEY;
    this.#records = new Int32Array(view.rows * this.#width);
  }

  /** Takes rows with the columns of `scatteredSql`. */
  take(chunk: DuckDBDataChunk): void {
    const coded = halvesOf(chunk, 0);
    const placed = halvesOf(chunk, 1);
    const keys = this.#width === WITH_KEY ? halvesOf(chunk, 2) : undefined;
    const [records, next, width] = [this.#records, this.#next, this.#width];
    for (let half = 0; half < coded.length; half += 2) {
      const sequence = coded[half + 1] ?? 0;
      const row = next[sequence] ?? 0;
      next[sequence] = row + 1;
      const at = row * width;
      records[at + ITEM] = coded[half] ?? 0;
      records[at + MARK] = placed[half] ?? 0;
      records[at + ROW] = placed[half + 1] ?? 0;
      if (keys === undefined) continue;
      records[at + LOW] = keys[half] ?? 0;
      records[at + HIGH] = keys[half + 1] ?? 0;
    }
    this.rows += coded.length / 2;
  }

  /** How many rows of the first sequences each item has; before they are ordered. */
  countItems(sequences: number, itemCount: number): Uint32Array {
    const counts = new Uint32Array(itemCount);
    let rows = 0;
    for (const length of this.#lengths.subarray(0, sequences)) rows += length;
    const end = rows * this.#width;
    for (let at = ITEM; at < end; at += this.#width) {
      const item = this.#records[at] ?? 0;
      counts[item] = (counts[item] ?? 0) + 1;
    }
    return counts;
  }

  /** Orders the rows of every sequence, once all are taken. @param pause called between stretches of work */
  async order(pause: () => Promise<void>): Promise<void> {
    this.items = new Int32Array(this.rows);
    this.marks = new Int32Array(this.rows);
    let [start, paused] = [0, 0];
    for (const length of this.#lengths) {
      if (start >= paused + STRETCH) {
        await pause();
        paused = start;
      }
      const end = start + length;
      this.#orderSequence(start, end);
      start = end;
    }
    this.#records = new Int32Array(0);
  }

  #orderSequence(start: number, end: number): void {
    if (this.#isOrdered(start, end)) for (let row = start; row < end; row++) this.#place(row, row);
    else {
      const order = new Int32Array(end - start).map((_, index) => start + index).sort(this.#compare);
      order.forEach((row, index) => this.#place(row, start + index));
    }
  }

  #isOrdered(start: number, end: number): boolean {
    for (let row = start + 1; row < end; row++) if (this.#compare(row - 1, row) > 0) return false;
    return true;
  }

  readonly #compare = (a: number, b: number): number => {
    const [records, width] = [this.#records, this.#width];
    const [one, other] = [a * width, b * width];
    if (width === WITH_KEY) {
      const high = (records[one + HIGH] ?? 0) - (records[other + HIGH] ?? 0);
      if (high !== 0) return high;
      const low = ((records[one + LOW] ?? 0) >>> 0) - ((records[other + LOW] ?? 0) >>> 0);
      if (low !== 0) return low;
    }
    return (records[one + ROW] ?? 0) - (records[other + ROW] ?? 0);
  };

  /** Puts what is kept of a record at its place in the order. */
  #place(record: number, row: number): void {
    const at = record * this.#width;
    this.items[row] = this.#records[at + ITEM] ?? 0;
    this.marks[row] = this.#records[at + MARK] ?? 0;
  }
}

function startsOf(lengths: Int32Array): Int32Array {
  const starts = new Int32Array(lengths.length);
  for (let s = 1; s < lengths.length; s++) starts[s] = (starts[s - 1] ?? 0) + (lengths[s - 1] ?? 0);
  return starts;
}
