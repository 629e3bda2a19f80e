/** Measures how far the held-out parts are held out, apart from boundaries in time (`cut-rows.ts`). */
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import type { LaterRows, NearCopies, SharedUsers } from '../../../../protocol/held-out.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { measureNearCopies } from '../../../data/near-copies.ts';
import type { PartedSequences } from '../../../data/near-copies.ts';
import { NpyReader } from '../../../data/npy-reader.ts';
import type { PartSizes } from './code-sequences.ts';
import type { Lookup } from '../../../data/rows/lookup.ts';
import { PART } from './part.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import { offsetsOf } from './write-sequences.ts';
import type { SequenceLengths } from './write-sequences.ts';

/** The items of all kept sequences. */
export interface OrderedItems {
  /** In memory, or the artifact that holds them. */
  readonly items: Int32Array | string;
  /** Training rows of each item. */
  readonly trainCounts: Uint32Array;
}

interface Kept extends OrderedItems {
  readonly lengths: SequenceLengths;
  readonly sizes: PartSizes;
  readonly itemCount: number;
  readonly seed: number;
  readonly pause: () => Promise<void>;
}

/** Looks for near copies of held-out sequences in training. */
export async function nearCopiesIn(kept: Kept): Promise<NearCopies> {
  const { items, trainCounts, lengths, sizes, itemCount, seed, pause } = kept;
  const parted = { offsets: offsetsOf(lengths), itemCount, parts: sizes, trainCounts };
  const measure = (read: PartedSequences['read']): Promise<NearCopies> =>
    measureNearCopies({ ...parted, read }, seed, pause);
  return typeof items === 'string'
    ? await NpyReader.with(items, (reader) => measure((from, to) => reader.read(from, to)))
    : await measure((from, to) => items.subarray(from, to));
}

/** How many users of the held-out parts have sequences in training too; undefined where that is none of the split's. */
export async function countSharedUsers(
  session: DuckDBSession,
  view: RowView,
  { split }: DatasetSpec,
): Promise<SharedUsers | undefined> {
  if (view.user === undefined || split.by === 'leave-one-out') return undefined;
  const within = (part: number): string => `bool_or(part = ${part})`;
  const found = await session.row(
    `SELECT count(*) FILTER (validates)::DOUBLE AS validation, count(*) FILTER (validates AND trains)::DOUBLE AS "validationShared",
     count(*) FILTER (tests)::DOUBLE AS test, count(*) FILTER (tests AND trains)::DOUBLE AS "testShared" FROM
     (SELECT ${within(PART.train)} AS trains, ${within(PART.validation)} AS validates, ${within(PART.test)} AS tests FROM sequences WHERE user_value IS NOT NULL GROUP BY user_value)`,
    z.object({
      ...{ validation: z.number(), validationShared: z.number() },
      ...{ test: z.number(), testShared: z.number() },
    }),
  );
  return {
    validation: { users: found.validation, inTraining: found.validationShared },
    test: { users: found.test, inTraining: found.testShared },
  };
}

const Later = z.object({ rows: z.number(), of: z.number() });

/**
 * How many training rows are as late as held-out ones, where a protocol that others set has it so: by leave-one-out and
 * by a given split, of data with a time.
 */
export async function countLaterRows(
  session: DuckDBSession,
  view: RowView,
  { format, split }: DatasetSpec,
  { table, key }: Lookup,
): Promise<LaterRows | undefined> {
  if (view.time === undefined || (split.by !== 'leave-one-out' && split.by !== 'column')) return undefined;
  // Lines are numbered within their file, so those of training and test files are no times to compare.
  if (format === 'sequences') return undefined;
  const leaveOneOut = split.by === 'leave-one-out';
  const part = leaveOneOut ? PART.all : PART.train;
  // The last two rows of a sequence that is in all parts are its targets.
  const targets = leaveOneOut ? 2 : 0;
  const late = leaveOneOut
    ? `${view.time} > (SELECT quantile_disc(last_time, 0.5) FROM sequences WHERE part = ${part})`
    : `${view.time} >= (SELECT min(first_time) FROM sequences WHERE part = ${PART.test})`;
  const lateRows = `SELECT code, count(*) AS n FROM source_rows JOIN ${table} AS s ON s.key = ${key} WHERE ${late} GROUP BY code`;
  const found = await session.row(
    `SELECT coalesce(sum(greatest(n - ${targets}, 0)), 0)::DOUBLE AS rows, (SELECT sum(sequence_rows - ${targets}) FROM sequences WHERE part = ${part})::DOUBLE AS of
     FROM (${lateRows}) JOIN sequences ON sequences.rowid = code WHERE part = ${part}`,
    Later,
  );
  return { than: leaveOneOut ? 'half-the-targets' : 'first-test-row', ...found };
}
