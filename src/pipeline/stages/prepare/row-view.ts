import * as path from 'node:path';
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { Column } from '../../data/describe-data.ts';
import { relationOf } from '../../data/data-source.ts';
import type { DataSource } from '../../data/data-source.ts';
import { columnTypes } from '../../data/describe-data.ts';
import type { DuckDBSession, OnFraction } from '../../data/duckdb-session.ts';
import { quoteName, quoteText } from '../../data/sql-text.ts';
import { checkSpec, columnsOf } from '../../data/check-spec.ts';

/**
 * The view `source_rows` over the data: the spec's columns under short names, and each row's place in the files
 * (`PLACE`), by which rows that nothing else orders are ordered.
 * Each list holds column names of the view.
 */
export interface RowView {
  readonly sequence: readonly string[];
  readonly item: readonly string[];
  readonly order: readonly string[];
  readonly user?: string;
  readonly group?: string;
  readonly time?: string;
  /** Says the part of each sequence; only of a split by column. */
  readonly split?: string;
  /** From the view's names back to the data's. */
  readonly original: ReadonlyMap<string, string>;
  readonly rows: number;
  /** How many files hold them. */
  readonly files: number;
  /** A BIGINT that orders as the order column does, as SQL; only where that is a single number or instant. */
  readonly orderKey?: string;
}

/** A row's file and its place in it, as DuckDB gives them for parquet. */
const ROW_PLACE = ['file_index', 'file_row_number'] as const;

/** The column of the view that holds each row's place in the files. */
export const PLACE = 'place';

/**
 * Makes the view. Parquet is read where it lies, as often as needed; other formats are first written once, with the
 * needed columns only, to a parquet file in `scratch`.
 * @throws UserError where the data do not fit the spec, or hold no rows
 */
export async function createRowView(
  session: DuckDBSession,
  source: DataSource,
  spec: DatasetSpec,
  scratch: string,
  dataName: string,
  onFraction: OnFraction,
): Promise<RowView> {
  const columns = await columnTypes(session, source);
  checkSpec(spec, columns, dataName);
  const names = columnsOf(spec);
  const inPlace = canReadInPlace(source, columns);
  const relation = inPlace ? relationOf(source) : await convert(session, source, spec, scratch, onFraction);
  const files = inPlace ? source.files.length : 1;
  const rows = (
    await session.row(`SELECT count(*)::DOUBLE AS n FROM ${relation}`, z.object({ n: z.number() }))
  ).n;
  if (rows === 0)
    throw new UserError(`${dataName} has columns but no rows.`, 'Check the query or the tool that wrote it.');
  const short = new Map(names.map((name, index) => [name, `c${index}`]));
  const selected = [...short].map(([name, alias]) => `${quoteName(name)} AS ${alias}`);
  // One narrow sort key; a parquet file has far fewer than 2^40 rows.
  const place = files === 1 ? 'file_row_number' : '((file_index::BIGINT << 40) + file_row_number)';
  await session.run(
    `CREATE VIEW source_rows AS SELECT ${[...selected, `${place} AS ${PLACE}`].join(', ')} FROM ${relation}`,
  );
  return { ...viewOf(spec, short, columns), rows, files };
}

function viewOf(
  spec: DatasetSpec,
  short: ReadonlyMap<string, string>,
  columns: readonly Column[],
): Omit<RowView, 'rows' | 'files'> {
  const one = (name: string): string => short.get(name) ?? '';
  return {
    sequence: spec.sequence.map(one),
    item: spec.item.map(one),
    order: spec.order.map(one),
    ...(spec.user === undefined ? {} : { user: one(spec.user) }),
    ...(spec.group === undefined ? {} : { group: one(spec.group) }),
    ...(spec.time === undefined ? {} : { time: one(spec.time) }),
    ...(spec.split.by === 'column' && spec.split.column !== undefined
      ? { split: one(spec.split.column) }
      : {}),
    original: new Map([...short].map(([name, alias]) => [alias, name])),
    ...orderKeyOf(spec, short, columns),
  };
}

/** Types that are BIGINT or are cast to it without loss. */
const WHOLE_NUMBERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'];
/** Types of microseconds; those of nanoseconds have more. */
const INSTANTS = ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'];

function orderKeyOf(
  spec: DatasetSpec,
  short: ReadonlyMap<string, string>,
  columns: readonly Column[],
): { orderKey?: string } {
  const [name = '', ...more] = spec.order;
  const [alias, type] = [short.get(name), columns.find((column) => column.name === name)?.type ?? ''];
  if (alias === undefined || more.length > 0) return {};
  if (WHOLE_NUMBERS.includes(type)) return { orderKey: `${alias}::BIGINT` };
  return INSTANTS.includes(type) ? { orderKey: `epoch_us(${alias})` } : {};
}

function canReadInPlace(source: DataSource, columns: readonly Column[]): boolean {
  const taken = new Set<string>(ROW_PLACE);
  return source.format === 'parquet' && !columns.some((column) => taken.has(column.name.toLowerCase()));
}

async function convert(
  session: DuckDBSession,
  source: DataSource,
  spec: DatasetSpec,
  scratch: string,
  onFraction: OnFraction,
): Promise<string> {
  const file = path.join(scratch, 'rows.parquet');
  const identifiers = [
    ...new Set([
      ...spec.sequence,
      ...spec.item,
      ...(spec.user === undefined ? [] : [spec.user]),
      ...(spec.group === undefined ? [] : [spec.group]),
    ]),
  ];
  const columns = columnsOf(spec).map(quoteName).join(', ');
  const asText = identifiers.filter((name) => !spec.order.includes(name) && name !== spec.time);
  const relation = relationOf(source, { asText });
  await session.run(
    `COPY (SELECT ${columns} FROM ${relation}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
    onFraction,
  );
  return relationOf({ format: 'parquet', files: [file] });
}

/** A tuple of columns as text that no other tuple has: null apart from '', and no separator to be mistaken. */
export function keyText(columns: readonly string[]): string {
  const parts = columns.map(
    (column) =>
      `CASE WHEN ${column} IS NULL THEN 'n' ELSE 's' || strlen(${column}::VARCHAR) || ':' || ${column}::VARCHAR END`,
  );
  return parts.join(' || ');
}

/** The mark of a row: 31 bits of a hash of the columns that may tell two rows with the same sequence and item apart. */
export function orderMark(view: RowView): string | undefined {
  const own = new Set([...view.sequence, ...view.item]);
  const columns = [...new Set([...view.order, view.time, view.user, view.group])].filter(
    (column) => column !== undefined && !own.has(column),
  );
  return columns.length === 0 ? undefined : `(hash(${columns.join(', ')}) >> 33)::INTEGER`;
}
