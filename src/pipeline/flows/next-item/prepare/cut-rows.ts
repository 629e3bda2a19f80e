/** Rows that a split in time leaves out: those of a sequence that are not before the part after its own. */
import * as z from 'zod/mini';
import { DEFAULT_STRADDLING } from '../../../../protocol/dataset-spec.ts';
import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import { formatPercent, oneOrMany } from '../../../../protocol/text/format.ts';
import type { HeldOut, TimeBoundaries } from '../../../../protocol/held-out.ts';
import type { DuckDBSession, OnFraction } from '../../../data/duckdb-session.ts';
import { findBoundaries, hasBoundaries } from './boundaries.ts';
import { collectSequences, hashSequences, splitSequences } from './code-sequences.ts';
import type { PartSizes } from './code-sequences.ts';
import type { Lookup } from '../../../data/rows/lookup.ts';
import { PART } from './part.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

/** What is known of a split in time when its rows are cut. */
export interface Cut {
  readonly found: Omit<TimeBoundaries, 'sequencesDropped'>;
  /** Sequences in the parts before. */
  readonly kept: number;
  /** At how many times sequences begin. */
  readonly begins: number;
}

export interface RowsToCut {
  readonly view: RowView;
  readonly spec: DatasetSpec;
  readonly seed: number;
  /** Where the data are from, for messages. */
  readonly place: string;
}

/**
 * Decides the boundaries of a split in time (the table `boundaries`) and takes away from the view `source_rows` what is
 * not before them: rows of a training sequence at or after the first time of the validation part, and of a validation
 * sequence at or after that of the test part, or these sequences as a whole. By shares, rows without a time go with
 * them, since nobody can say that they came before; a given split keeps those.
 * @returns the view with the rows that are left
 */
export async function cutRows(
  session: DuckDBSession,
  { view, spec, seed, place }: RowsToCut,
  onFraction: OnFraction,
): Promise<{ view: RowView; cut?: Cut }> {
  if (view.time === undefined || !hasBoundaries(spec)) return { view };
  await collectSequences(session, view, spec, place, onFraction);
  await hashSequences(session, view, spec, seed);
  const begins = await findBoundaries(session, spec);
  const { sizes, lookup } = await splitSequences(session, view, spec, seed);
  await makeLimits(session, lookup, spec.split.by === 'time');
  const found = await countLimits(session);
  const rows = found.limited > 0 ? await narrowView(session, lookup, lateSql(view.time, spec)) : view.rows;
  await session.run(`DROP TABLE sequences; DROP TABLE ${lookup.table}`);
  return {
    view: { ...view, rows },
    cut: { found: countsOf(found, spec, rows, view.rows), kept: sizes.kept, begins },
  };
}

/** The table `limits`: sequences of train and validation that have rows to leave out, and from when on. */
async function makeLimits(session: DuckDBSession, lookup: Lookup, needsTime: boolean): Promise<void> {
  const until = `CASE part WHEN ${PART.train} THEN validation_from WHEN ${PART.validation} THEN test_from END`;
  await session.run(
    `CREATE TABLE limits AS SELECT key, until, coalesce(last_time >= until, false) AS straddles, sequence_rows - timed_rows AS untimed
     FROM (SELECT sequences.rowid AS code, *, ${until} AS until FROM sequences, boundaries) JOIN ${lookup.table} USING (code)
     WHERE until IS NOT NULL AND (last_time >= until OR (${needsTime} AND timed_rows < sequence_rows))`,
  );
}

const Limits = z.object({
  limited: z.number(),
  straddling: z.number(),
  untimedRows: z.number(),
  untimedSequences: z.number(),
  validationFrom: z.nullable(z.string()),
  testFrom: z.nullable(z.string()),
});

async function countLimits(session: DuckDBSession): Promise<z.infer<typeof Limits>> {
  return await session.row(
    `SELECT (SELECT count(*) FROM limits)::DOUBLE AS limited, (SELECT count(*) FILTER (straddles) FROM limits)::DOUBLE AS straddling,
     coalesce((SELECT sum(untimed) FROM limits), 0)::DOUBLE AS "untimedRows",
     (SELECT count(*) FILTER (long_enough AND first_time IS NULL) FROM sequences)::DOUBLE AS "untimedSequences",
     validation_from::VARCHAR AS "validationFrom", test_from::VARCHAR AS "testFrom" FROM boundaries`,
    Limits,
  );
}

/** Whether a row of a limited sequence is left out. */
function lateSql(time: string, { split }: DatasetSpec): string {
  const late = `coalesce(all_rows.${time} >= limits.until, ${split.by === 'time'})`;
  return split.straddling === 'drop' ? `(limits.straddles OR ${late})` : late;
}

/**
 * Takes the rows away from the view. By a LEFT JOIN, as each key has one limit at most: DuckDB compares every row with
 * every limit in an ANTI JOIN that has more conditions than equal keys.
 * @returns how many are left
 */
async function narrowView(session: DuckDBSession, { key }: Lookup, late: string): Promise<number> {
  await session.run(
    `ALTER VIEW source_rows RENAME TO all_rows;
     CREATE VIEW source_rows AS SELECT all_rows.* FROM all_rows LEFT JOIN limits ON limits.key = ${key}
     WHERE limits.key IS NULL OR NOT ${late}`,
  );
  const sql = 'SELECT count(*)::DOUBLE AS n FROM source_rows';
  return (await session.row(sql, z.object({ n: z.number() }))).n;
}

function countsOf(
  found: z.infer<typeof Limits>,
  { split }: DatasetSpec,
  rows: number,
  allRows: number,
): Cut['found'] {
  const { straddling, untimedRows, untimedSequences, validationFrom, testFrom } = found;
  const cutsUntimed = split.by === 'time';
  return {
    ...(validationFrom === null ? {} : { validationFrom }),
    ...(testFrom === null ? {} : { testFrom }),
    straddling: split.straddling ?? DEFAULT_STRADDLING,
    sequences: straddling,
    rowsCut: allRows - rows,
    of: allRows,
    rowsWithoutTime: cutsUntimed ? untimedRows : 0,
    sequencesWithoutTime: cutsUntimed ? untimedSequences : 0,
  };
}

/** What is known once the sequences that are left are counted. */
export function boundariesOf({ found, kept }: Cut, sizes: PartSizes): TimeBoundaries {
  return { ...found, sequencesDropped: kept - sizes.kept };
}

/** More than this share of the rows cut is worth a warning. */
const MUCH = 0.1;

/** What a person should know of the rows that a split in time left out. */
export function cutWarnings(
  { boundaries }: HeldOut,
  { split, time = '' }: DatasetSpec,
): (string | undefined)[] {
  if (boundaries === undefined) return [];
  const { rowsCut, of, rowsWithoutTime, sequencesWithoutTime, straddling } = boundaries;
  const much = `The split by ${split.by} leaves out ${rowsCut.toLocaleString('en')} rows (${formatPercent(rowsCut / of)}), since they are not before the part after their own (--straddling ${straddling}): sequences are long beside the time the data cover. Shorter sequences, such as sessions, or leave-one-out lose fewer.`;
  return [
    rowsCut > MUCH * of ? much : undefined,
    rowsWithoutTime === 0
      ? undefined
      : oneOrMany(
          rowsWithoutTime,
          `1 row of a sequence before a boundary has no ${time}; it is left out, as nobody can say that it came before.`,
          (count) =>
            `${count} rows of sequences before a boundary have no ${time}; they are left out, as nobody can say that they came before it.`,
        ),
    sequencesWithoutTime === 0
      ? undefined
      : oneOrMany(
          sequencesWithoutTime,
          `1 sequence has no ${time}; a split by time leaves it out, as it has no place in it.`,
          (count) =>
            `${count} sequences have no ${time}; a split by time leaves them out, as they have no place in it.`,
        ),
  ];
}
