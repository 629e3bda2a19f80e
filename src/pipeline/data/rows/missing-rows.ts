import * as z from 'zod/mini';
import type { DataFormat, DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { oneOrMany } from '../../../protocol/text/format.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { missingSql } from '../roles/missing.ts';
import { quoteName } from '../sql-text.ts';
import type { ReadRows } from './read-rows.ts';

/** Formats without a null of their own: words stand for it. */
export const WRITTEN: ReadonlySet<DataFormat> = new Set(['csv', 'excel']);

/** Rows that were left out, since they have no item or belong to no sequence. */
export interface MissingRows {
  readonly item: number;
  readonly sequence: number;
  /** Of so many rows in all. */
  readonly of: number;
}

export interface UsedRows {
  readonly rows: number;
  readonly missing: MissingRows;
  /** Keeps the used rows only, as SQL: a WHERE clause, or nothing. */
  readonly where: string;
}

/**
 * Counts the rows that have an item and a key. Of one column each, a null is none, and in CSV and Excel so are the words
 * that tools write for it; of several, a tuple with nulls is a tuple like others (the tutorial's CONCAT).
 * @throws UserError when no row is left
 */
export async function findUsedRows(
  session: DuckDBSession,
  spec: DatasetSpec,
  read: ReadRows,
  place: string,
): Promise<UsedRows> {
  const item = missingOf(spec, spec.item, read);
  const sequence = missingOf(spec, spec.sequence, read);
  const counted = (condition: string | undefined): string =>
    condition === undefined ? '0' : `count(*) FILTER (${condition})`;
  const either = [item, sequence].filter((condition) => condition !== undefined).join(' OR ') || 'false';
  const found = await session.row(
    `SELECT count(*)::DOUBLE AS "all", (${counted(item)})::DOUBLE AS item, (${counted(sequence)})::DOUBLE AS sequence, count(*) FILTER (${either})::DOUBLE AS missing FROM ${read.relation}`,
    z.object({ all: z.number(), item: z.number(), sequence: z.number(), missing: z.number() }),
  );
  if (found.all === 0)
    throw new UserError(`${place} has columns but no rows.`, 'Check the query or the tool that wrote it.');
  if (found.missing === found.all) {
    const [role, columns] = found.item === found.all ? ['item', spec.item] : ['sequence', spec.sequence];
    throw new UserError(
      `No row of ${place} has both an item and a sequence: ${columns.join()} is empty, or says NULL, NA or the like, in ${found.item === found.all || found.sequence === found.all ? 'all of them' : 'many'}.`,
      `Choose another ${role} column.`,
      { remedy: 'columns' },
    );
  }
  return {
    rows: found.all - found.missing,
    missing: { item: found.item, sequence: found.sequence, of: found.all },
    where: found.missing === 0 ? '' : `WHERE NOT (${either})`,
  };
}

function missingOf(spec: DatasetSpec, columns: readonly string[], read: ReadRows): string | undefined {
  const [name, ...more] = columns;
  return name === undefined || more.length > 0 ? undefined : missingIn(spec, name, read);
}

/** Whether a column's value is missing, as SQL. */
function missingIn({ format }: DatasetSpec, name: string, { columns }: ReadRows): string {
  const type = columns.find((column) => column.name === name)?.type ?? '';
  return missingSql(quoteName(name), type, WRITTEN.has(format));
}

/** A column's values with null for those that are missing, as SQL. */
export function presentIn(spec: DatasetSpec, name: string, read: ReadRows): string {
  const column = quoteName(name);
  const missing = missingIn(spec, name, read);
  return missing === `${column} IS NULL` ? column : `CASE WHEN ${missing} THEN NULL ELSE ${column} END`;
}

/** What a person should know of the rows left out. */
export function missingWarnings({ item, sequence, of }: MissingRows, spec: DatasetSpec): string[] {
  return (
    [
      [item, 'item', spec.item],
      [sequence, 'sequence', spec.sequence],
    ] as const
  ).flatMap(([count, role, columns]) =>
    count === 0
      ? []
      : [
          `${oneOrMany(count, `1 row has no ${role} and was`, (figure) => `${figure} rows (${share(count, of)}) have no ${role} and were`)} left out: ‘${columns.join()}’ is null${WRITTEN.has(spec.format) ? ', empty, or says NULL, NA, nan or the like' : ''}.`,
        ],
  );
}

/** 12 %, 0.3 %, 99.97 %: as many digits as tell it from none and all. */
export function share(count: number, all: number): string {
  const percent = (100 * count) / Math.max(1, all);
  const rest = Math.min(percent, 100 - percent);
  const digits = rest >= 1 || rest === 0 ? 0 : rest >= 0.1 ? 1 : 2;
  return `${percent.toFixed(digits)} %`;
}
