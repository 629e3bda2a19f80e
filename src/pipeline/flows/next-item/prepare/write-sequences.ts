import type { DuckDBDataChunk } from '@duckdb/node-api';
import { integersOf } from '../../../data/duckdb-chunk.ts';
import type { DuckDBSession, OnFraction } from '../../../data/duckdb-session.ts';
import { NpyWriter } from '../../../data/npy-writer.ts';
import { PART } from './part.ts';
import { RepeatCounter } from './repeat-counter.ts';

/** Lengths of all sequences by index, the dropped ones last, and how many are kept. */
export interface SequenceLengths {
  readonly lengths: Int32Array;
  readonly kept: number;
}

/** Reads the lengths of all sequences in the order of their indices. */
export async function readLengths(
  session: DuckDBSession,
  total: number,
  kept: number,
): Promise<SequenceLengths> {
  const lengths = new Int32Array(total);
  let at = 0;
  await session.stream('SELECT sequence_rows::INTEGER FROM sequences ORDER BY rowid', (chunk) => {
    lengths.set(integersOf(chunk, 0), at);
    at += chunk.rowCount;
  });
  return { lengths, kept };
}

/** By user, what was split is users: which of them each kept sequence belongs to, by a number of its own. */
export async function readUsers(session: DuckDBSession, kept: number): Promise<Uint32Array> {
  const users = new Uint32Array(kept);
  let at = 0;
  await session.stream(
    `SELECT user_place::INTEGER FROM sequences WHERE part <> ${PART.dropped} ORDER BY rowid`,
    (chunk) => {
      users.set(integersOf(chunk, 0), at);
      at += chunk.rowCount;
    },
  );
  return users;
}

/** Start of each kept sequence among the items, and the end of the last. */
export function offsetsOf({ lengths, kept }: SequenceLengths): Uint32Array {
  const offsets = new Uint32Array(kept + 1);
  for (let s = 0; s < kept; s++) offsets[s + 1] = (offsets[s] ?? 0) + (lengths[s] ?? 0);
  return offsets;
}

export interface RepeatCounts {
  readonly repeatedItems: number;
  readonly duplicateRows: number;
}

export interface SequenceCounts extends RepeatCounts {
  /** Training rows of each item. */
  readonly trainCounts: Uint32Array;
}

const BUFFER_ITEMS = 1 << 18;

/** Streams the coded rows into `file` (kept sequences only) and counts what the profile asks on the way. */
export class SequenceWriter {
  readonly #lengths: SequenceLengths;
  readonly #leaveOneOut: boolean;
  readonly #train: number;
  readonly #trainCounts: Uint32Array;
  readonly #repeats: RepeatCounter;
  readonly #buffer = new Int32Array(BUFFER_ITEMS);
  #filled = 0;
  #sequence = -1;
  /** Rows left of the current sequence. */
  #left = 0;
  #mark = 0;
  rows = 0;

  /** @param train sequences of the train part; by leave-one-out all that are kept */
  constructor(lengths: SequenceLengths, itemCount: number, train: number, leaveOneOut: boolean) {
    this.#lengths = lengths;
    this.#leaveOneOut = leaveOneOut;
    this.#train = train;
    this.#trainCounts = new Uint32Array(itemCount);
    this.#repeats = new RepeatCounter(itemCount);
  }

  async write(
    session: DuckDBSession,
    sql: string,
    file: string,
    onFraction: OnFraction,
    onRows: (rows: number) => void,
  ): Promise<SequenceCounts> {
    const out = await NpyWriter.create(file, this.#buffer, offsetsOf(this.#lengths).at(-1) ?? 0);
    try {
      await session.stream(
        sql,
        async (chunk) => {
          if (this.#filled + chunk.rowCount > BUFFER_ITEMS) await this.#flush(out);
          this.#take(chunk);
          onRows(this.rows);
        },
        onFraction,
      );
      await this.#flush(out);
    } finally {
      await out.close();
    }
    out.check();
    this.#repeats.finish();
    return {
      trainCounts: this.#trainCounts,
      repeatedItems: this.#repeats.repeated,
      duplicateRows: this.#repeats.duplicates,
    };
  }

  async #flush(out: NpyWriter<Int32Array>): Promise<void> {
    await out.append(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #take(chunk: DuckDBDataChunk): void {
    const items = integersOf(chunk, 0);
    const marks = chunk.columnCount > 1 ? integersOf(chunk, 1) : undefined;
    const count = items.length;
    for (let row = 0; row < count; row++) this.#takeRow(items[row] ?? 0, marks?.[row] ?? 0);
    this.rows += count;
  }

  #takeRow(item: number, mark: number): void {
    const starts = this.#left === 0;
    if (starts) this.#left = this.#lengths.lengths[++this.#sequence] ?? 0;
    this.#repeats.add(this.#sequence, item, starts || mark !== this.#mark);
    this.#mark = mark;
    if (this.#sequence < this.#lengths.kept) this.#buffer[this.#filled++] = item;
    const trains = this.#sequence < this.#train && (!this.#leaveOneOut || this.#left > 2);
    if (trains) this.#trainCounts[item] = (this.#trainCounts[item] ?? 0) + 1;
    this.#left--;
  }
}
