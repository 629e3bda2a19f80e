import * as z from 'zod/mini';
import type { HeldOut } from '../../../../protocol/held-out.ts';
import type { DataProfile } from '../../../../protocol/profile.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { nameOf } from '../../../data/sql-text.ts';
import type { Findings } from './findings.ts';
import { countValues, geometricBins, headShare, quantile } from './histogram.ts';
import { fitPowerLaw } from './power-law.ts';
import type { ValueCount } from './power-law.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import { shorten } from './shorten.ts';
import type { SequenceLengths } from './write-sequences.ts';

const TOP = 20;
const Figure = z.object({ n: z.number() });
const Count = z.object({ name: z.string(), rows: z.number() });

/** The part of a profile that does not wait for the order of the rows. */
export type TablesProfile = Omit<DataProfile, 'repeatedItems' | 'duplicateRows' | 'warnings'>;

/** Profiles the tables `items`, `sequences` and `item_groups`. */
export async function profileTables(session: DuckDBSession, findings: Findings): Promise<TablesProfile> {
  const { view, sizes, groups } = findings;
  const popularity = await itemCounts(session);
  const powerLaw = fitPowerLaw(popularity);
  return {
    rows: view.rows,
    sequencesTotal: sizes.total + droppedWhole(findings.heldOut),
    heldOut: findings.heldOut,
    sequencesLongEnough: sizes.longEnough,
    sequences: sizes.kept,
    split: { train: sizes.train, validation: sizes.validation, test: sizes.test },
    ...(view.user === undefined ? {} : { users: await countUsers(session, view.user) }),
    items: findings.items.withRows,
    ...(findings.catalogue === undefined ? {} : { catalogue: findings.catalogue }),
    ...(view.group === undefined ? {} : { groups: groups?.count ?? 0 }),
    nulls: await countNulls(session, view),
    missing: { item: view.missing.item, sequence: view.missing.sequence },
    notes: view.readings.map(({ column, how }) => `‘${column}’ ${how}.`),
    length: lengthProfile(findings.lengths),
    topItems: await topOf(
      session,
      `SELECT ${nameOf(view.item)} AS name, item_rows::DOUBLE AS rows FROM items WHERE item_rows > 0 ORDER BY rowid LIMIT ${TOP}`,
    ),
    ...(view.group === undefined
      ? {}
      : {
          topGroups: await topOf(
            session,
            `SELECT group_value::VARCHAR AS name, group_rows::DOUBLE AS rows FROM item_groups WHERE group_rows > 0 ORDER BY rowid LIMIT ${TOP}`,
          ),
        }),
    popularity: geometricBins(popularity, 2),
    headShare: {
      '1%': headShare(popularity, 0.01),
      '5%': headShare(popularity, 0.05),
      '10%': headShare(popularity, 0.1),
    },
    ...(powerLaw === undefined ? {} : { powerLaw }),
  };
}

/** Sequences of the data that are no longer among the rows. */
function droppedWhole({ boundaries }: HeldOut): number {
  return boundaries?.straddling === 'drop' ? boundaries.sequences : 0;
}

/** How many items have each number of rows. */
async function itemCounts(session: DuckDBSession): Promise<ValueCount[]> {
  const schema = z.object({ value: z.number(), count: z.number() });
  return await session.rows(
    'SELECT item_rows::DOUBLE AS value, count(*)::DOUBLE AS count FROM items WHERE item_rows > 0 GROUP BY item_rows ORDER BY item_rows',
    schema,
  );
}

async function topOf(session: DuckDBSession, sql: string): Promise<{ name: string; rows: number }[]> {
  return (await session.rows(sql, Count)).map(({ name, rows }) => ({ name: shorten(name), rows }));
}

async function countUsers(session: DuckDBSession, user: string): Promise<number> {
  const { n: several } = await session.row(
    'SELECT count(*) FILTER (several_users)::DOUBLE AS n FROM sequences',
    Figure,
  );
  const sql =
    several > 0
      ? `SELECT count(DISTINCT ${user})::DOUBLE AS n FROM source_rows`
      : 'SELECT count(DISTINCT user_value)::DOUBLE AS n FROM sequences';
  return (await session.row(sql, Figure)).n;
}

/** Rows in which each column of the spec is null, from the tables that already have it. */
async function countNulls(session: DuckDBSession, view: RowView): Promise<Record<string, number>> {
  const nulls: Record<string, number> = {};
  for (const [column, name] of view.original)
    nulls[name] = (await session.row(nullsSql(view, column), Figure)).n;
  for (const [columns, rows] of [
    [view.item, view.missing.item],
    [view.sequence, view.missing.sequence],
  ] as const) {
    const name = view.original.get(columns.length === 1 ? (columns[0] ?? '') : '');
    if (name !== undefined) nulls[name] = (nulls[name] ?? 0) + rows;
  }
  return nulls;
}

function nullsSql(view: RowView, column: string): string {
  if (view.item.includes(column))
    return `SELECT coalesce(sum(item_rows) FILTER (${column} IS NULL), 0)::DOUBLE AS n FROM items`;
  if (view.sequence.includes(column))
    return `SELECT coalesce(sum(sequence_rows) FILTER (${column} IS NULL), 0)::DOUBLE AS n FROM sequences`;
  const collected = [...view.order, view.time, view.user].includes(column);
  return collected
    ? `SELECT (sum(sequence_rows) - sum(filled_${column}))::DOUBLE AS n FROM sequences`
    : `SELECT (count(*) - count(${column}))::DOUBLE AS n FROM source_rows`;
}

/** Lengths of the kept sequences. */
function lengthProfile({ lengths, kept }: SequenceLengths): DataProfile['length'] {
  const own = lengths.subarray(0, kept);
  const counts = countValues(own);
  return {
    min: counts[0]?.value ?? 0,
    median: quantile(counts, 0.5),
    mean: kept === 0 ? 0 : own.reduce((sum, length) => sum + length, 0) / kept,
    p90: quantile(counts, 0.9),
    max: counts.at(-1)?.value ?? 0,
    histogram: geometricBins(counts, 1.3),
  };
}
