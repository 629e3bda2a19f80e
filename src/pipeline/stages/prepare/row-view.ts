import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { Column } from '../../data/describe-data.ts';
import type { DataSource } from '../../data/data-source.ts';
import type { DuckDBSession, OnFraction } from '../../data/duckdb-session.ts';
import { quoteName } from '../../data/sql-text.ts';
import { columnsOf } from '../../data/check-spec.ts';
import { storeRows } from './store-rows.ts';
import type { StoredRows } from './store-rows.ts';

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
  const stored = await storeRows(session, { source, spec, scratch, place: dataName }, onFraction);
  const { relation, files } = stored;
  const names = columnsOf(spec);
  const ordering = await orderingTypes(session, stored, spec);
  const columns = stored.columns.map(({ name, type }) => ({ name, type: ordering.get(name) ?? type }));
  const rows = (
    await session.row(`SELECT count(*)::DOUBLE AS n FROM ${relation}`, z.object({ n: z.number() }))
  ).n;
  if (rows === 0)
    throw new UserError(`${dataName} has columns but no rows.`, 'Check the query or the tool that wrote it.');
  const short = new Map(names.map((name, index) => [name, `c${index}`]));
  const selected = [...short].map(([name, alias]) => {
    const type = ordering.get(name);
    return `${quoteName(name)}${type === undefined ? '' : `::${type}`} AS ${alias}`;
  });
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

/** Types that order, the narrowest first. */
const ORDERING = ['BIGINT', 'HUGEINT', 'DOUBLE', 'TIMESTAMP', 'TIME'];

/** Of columns of text that order rows: the type that every value has. */
async function orderingTypes(
  session: DuckDBSession,
  { relation, columns }: StoredRows,
  spec: DatasetSpec,
): Promise<Map<string, string>> {
  const identity = [...spec.sequence, ...spec.item];
  const texts = [...spec.order, spec.time].filter(
    (name) =>
      name !== undefined &&
      !identity.includes(name) &&
      columns.some((column) => column.name === name && column.type === 'VARCHAR'),
  );
  const types = new Map<string, string>();
  for (const name of texts) {
    if (name === undefined) continue;
    const column = quoteName(name);
    const fits = ORDERING.map((type, at) => {
      // A cast to whole numbers would round.
      const digits = type.endsWith('INT')
        ? ` AND coalesce(bool_and(NOT contains(${column}, '.')), true)`
        : '';
      return `count(${column}) = count(TRY_CAST(${column} AS ${type}))${digits} AS t${at}`;
    });
    const row = await session.row(
      `SELECT ${fits.join(', ')} FROM ${relation}`,
      z.record(z.string(), z.boolean()),
    );
    const type = ORDERING.find((_, at) => row[`t${at}`] === true);
    if (type !== undefined) types.set(name, type);
  }
  return types;
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
