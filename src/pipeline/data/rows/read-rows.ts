import * as path from 'node:path';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import type { DuckDBSession, OnFraction } from '../duckdb-session.ts';
import { relationOf } from '../data-source.ts';
import type { Reading } from '../roles/reading.ts';
import { isText, readRoles, textSql } from '../roles/read-roles.ts';
import { columnsOf } from '../check-spec.ts';
import { quoteName, quoteText } from '../sql-text.ts';
import { SCRATCH_FILES } from './scratch-files.ts';
import type { StoredRows } from './store-rows.ts';

/** Rows with the values of the columns that order them. */
export interface ReadRows extends StoredRows {
  /** By the name of a column that orders: its values as SQL, and their type. */
  readonly ordering: ReadonlyMap<string, { readonly sql: string; readonly type: string }>;
  /** How the columns of text among these are read. */
  readonly readings: ReadonlyMap<string, Reading>;
}

/** What tells the rows' order in the files: one narrow sort key, since a parquet file has far fewer than 2^40 rows. */
export function placeSql({ files }: StoredRows): string {
  return files === 1 ? 'file_row_number' : '((file_index::BIGINT << 40) + file_row_number)';
}

/**
 * Reads the columns that order rows: text as numbers or times, no number as null. What takes more than a cast is done
 * once, into a file in `scratch`.
 * @throws UserError where a column of text cannot be read as an order
 */
export async function readRows(
  session: DuckDBSession,
  stored: StoredRows,
  spec: DatasetSpec,
  place: string,
  scratch: string,
  onFraction: OnFraction,
): Promise<ReadRows> {
  const readings = await readRoles(session, { ...stored, rowPlace: placeSql(stored), place }, spec);
  const typeOf = new Map(stored.columns.map(({ name, type }) => [name, type]));
  const slow = [...readings].filter(([, { type }]) => type !== 'BIGINT');
  const plain = (name: string): { sql: string; type: string } => {
    const type = typeOf.get(name) ?? '';
    const reading = readings.get(name);
    if (reading !== undefined) return { sql: reading.value(textSql(name, type)), type: reading.type };
    return { sql: orderedSql(name, type), type };
  };
  const names = [...new Set([...spec.order, ...(spec.time === undefined ? [] : [spec.time])])];
  const ordering = new Map(names.map((name) => [name, plain(name)]));
  if (slow.length === 0) return { ...stored, ordering, readings };
  const file = path.join(scratch, SCRATCH_FILES.ordered);
  const values = slow.map(([name], index) => [name, `${ADDED}${index}`] as const);
  const added = values.map(([name, alias]) => `${plain(name).sql} AS ${alias}`);
  await session.run(
    `COPY (SELECT ${[...columnsOf(spec).map(quoteName), ...added].join(', ')} FROM ${stored.relation}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
    onFraction,
  );
  for (const [name, alias] of values) ordering.set(name, { sql: alias, type: plain(name).type });
  return {
    ...{ relation: relationOf({ format: 'parquet', files: [file] }), columns: stored.columns, files: 1 },
    ...{ ordering, readings },
  };
}

/** Begins the names of the columns with read values; no tool writes such names. */
const ADDED = '__recsys_read_';

/** No number is no place in an order; text that is missing in all rows is not one either. */
function orderedSql(name: string, type: string): string {
  const column = quoteName(name);
  if (isText(type)) return 'NULL::BIGINT';
  return /^(FLOAT|DOUBLE)$/.test(type) ? `CASE WHEN NOT isnan(${column}) THEN ${column} END` : column;
}
