import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { writeNpy } from '../../../data/npy.ts';
import { settled } from '../../../data/settled.ts';
import type { Reporter } from '../../../reporter.ts';
import type { CodedItems } from './code-items.ts';
import { codedRowsSql } from './coded-rows.ts';
import type { Lookup } from '../../../data/rows/lookup.ts';
import { percentOf } from '../../../data/rows/percent.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import { countAllButTwo, countRepeats } from './count-rows.ts';
import type { OrderedItems } from './held-out.ts';
import { canScatter, ScatteredRows, scatteredSql } from './scattered-rows.ts';
import { offsetsOf, SequenceWriter } from './write-sequences.ts';
import type { NearCopies } from '../../../../protocol/held-out.ts';
import type { RepeatCounts, SequenceCounts, SequenceLengths } from './write-sequences.ts';

export interface RowsToOrder {
  readonly view: RowView;
  readonly items: CodedItems;
  readonly sequences: Lookup;
  readonly lengths: SequenceLengths;
  /** Sequences of the train part; by leave-one-out all that are kept. */
  readonly train: number;
  readonly leaveOneOut: boolean;
  /** Megabytes that the process may use beyond what it always takes. */
  readonly memoryMegabytes: number;
  readonly reporter: Reporter;
  /** Lets others go on, between stretches of synchronous work. */
  readonly pause: () => Promise<void>;
  /** Told from the first row on, again and again: then rows are joined and sorted, and DuckDB has less to do. */
  readonly onJoined: () => void;
  /** Writes the artifact of the sequences' items. */
  readonly write: (fill: (file: string) => Promise<void>) => Promise<void>;
  /** Looks for near copies where that says something. */
  readonly look: (ordered: OrderedItems) => Promise<NearCopies | undefined>;
}

export interface OrderedRows {
  /** Training rows of each item. */
  readonly trainCounts: Uint32Array;
  /** Writes what is not written yet, and counts repeats; DuckDB is free meanwhile. */
  readonly finish: () => Promise<RowFindings>;
}

/** What is known once all rows are in order. */
export interface RowFindings {
  readonly repeats: RepeatCounts;
  readonly nearCopies: NearCopies | undefined;
}

/** Puts all rows in the order of the sequences, as item codes: in memory where they are few enough, else by DuckDB's sort. */
export async function orderRows(session: DuckDBSession, rows: RowsToOrder): Promise<OrderedRows> {
  return (await canScatter(session, rows.view, rows.memoryMegabytes))
    ? await scatterRows(session, rows)
    : await sortRows(session, rows);
}

async function scatterRows(session: DuckDBSession, rows: RowsToOrder): Promise<OrderedRows> {
  const { view, lengths, items } = rows;
  const scattered = new ScatteredRows(lengths.lengths, view);
  await session.collect(
    scatteredSql(view, items.lookup, rows.sequences),
    (chunk) => {
      rows.onJoined();
      scattered.take(chunk);
      rows.reporter.progress('ordering rows', scattered.rows, view.rows, 'rows');
    },
    rows.pause,
    percentOf(rows.reporter, 'coding rows'),
  );
  if (scattered.rows !== view.rows) throw new Error(`${scattered.rows} of ${view.rows} rows have codes`);
  if (rows.leaveOneOut) await scattered.order(rows.pause);
  const trainCounts = rows.leaveOneOut
    ? countAllButTwo(scattered.items, lengths.lengths.subarray(0, rows.train), items.count)
    : scattered.countItems(rows.train, items.count);
  return {
    trainCounts,
    finish: async () => {
      if (!rows.leaveOneOut) await scattered.order(rows.pause);
      const kept = scattered.items.subarray(0, offsetsOf(lengths).at(-1) ?? 0);
      const [, nearCopies] = await settled([
        rows.write((file) => writeNpy(file, kept)),
        rows.look({ items: kept, trainCounts }),
      ]);
      return { repeats: countRepeats(scattered, lengths.lengths, items.count), nearCopies };
    },
  };
}

async function sortRows(session: DuckDBSession, rows: RowsToOrder): Promise<OrderedRows> {
  const { view, lengths, items, reporter } = rows;
  const writer = new SequenceWriter(lengths, items.count, rows.train, rows.leaveOneOut);
  const sql = codedRowsSql(view, items.lookup, rows.sequences);
  const ordering = percentOf(reporter, 'ordering rows');
  let counts: SequenceCounts | undefined;
  let nearCopies: NearCopies | undefined;
  await rows.write(async (file) => {
    counts = await writer.write(session, sql, file, ordering, (done) => {
      rows.onJoined();
      reporter.progress('writing sequences', done, view.rows, 'rows');
    });
    nearCopies = await rows.look({ items: file, trainCounts: counts.trainCounts });
  });
  if (counts === undefined) throw new Error('the sequences were not written');
  const { trainCounts, ...repeats } = counts;
  return { trainCounts, finish: () => Promise.resolve({ repeats, nearCopies }) };
}
