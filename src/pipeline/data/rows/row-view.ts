import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import type { DataSource } from '../data-source.ts';
import type { DuckDBSession, OnFraction } from '../duckdb-session.ts';
import { quoteName } from '../sql-text.ts';
import { columnsOf } from '../check-spec.ts';
import { findUsedRows, presentIn } from './missing-rows.ts';
import type { MissingRows } from './missing-rows.ts';
import { placeSql, readRows } from './read-rows.ts';
import type { ReadRows } from './read-rows.ts';
import { storeRows } from './store-rows.ts';

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
  /** Rows that have an item and a key, and how many have none. */
  readonly rows: number;
  readonly missing: MissingRows;
  /** How columns of text that order are read. */
  readonly readings: readonly { readonly column: string; readonly how: string; readonly kind: string }[];
  /** How many files hold them. */
  readonly files: number;
  /** A BIGINT that orders as the order column does, as SQL; only where that is a single number or instant. */
  readonly orderKey?: string;
  /** Columns of the order and the time that hold numbers. */
  readonly orderNumbers: readonly string[];
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
  const read = await readRows(session, stored, spec, dataName, scratch, onFraction);
  const used = await findUsedRows(session, spec, read, dataName);
  const named = namedColumns(spec, read);
  const selected = [...named.values()].map(({ alias, sql }) => `${sql} AS ${alias}`);
  await session.run(
    `CREATE VIEW source_rows AS SELECT ${[...selected, `${placeSql(read)} AS ${PLACE}`].join(', ')} FROM ${read.relation} ${used.where}`,
  );
  return {
    ...viewOf(spec, named),
    ...{ rows: used.rows, missing: used.missing, files: read.files },
    readings: [...read.readings].map(([column, { how, kind }]) => ({ column, how, kind })),
  };
}

/** A column of the view. */
interface Named {
  readonly name: string;
  readonly alias: string;
  readonly sql: string;
  /** Of a column that orders: the type of its values. */
  readonly type?: string;
}

/** By `order/<name>` or `value/<name>`: a column may both identify and order, as the text it is and as what it is read as. */
function namedColumns(spec: DatasetSpec, read: ReadRows): Map<string, Named> {
  const named = new Map<string, Named>();
  const identity = [...spec.sequence, ...spec.item];
  for (const name of columnsOf({ ...spec, order: [], time: undefined })) {
    const isPart = identity.includes(name) || name === spec.split.column;
    const sql = isPart ? quoteName(name) : presentIn(spec, name, read);
    named.set(`value/${name}`, { name, alias: `c${named.size}`, sql });
  }
  for (const [name, { sql, type }] of read.ordering) {
    const own = named.get(`value/${name}`);
    const alias = own !== undefined && sql === quoteName(name) ? own.alias : `c${named.size}`;
    named.set(`order/${name}`, { name, alias, sql, type });
  }
  return named;
}

function viewOf(
  spec: DatasetSpec,
  named: ReadonlyMap<string, Named>,
): Omit<RowView, 'rows' | 'files' | 'missing' | 'readings'> {
  const value = (name: string): string => named.get(`value/${name}`)?.alias ?? '';
  const order = (name: string): string => named.get(`order/${name}`)?.alias ?? '';
  return {
    sequence: spec.sequence.map(value),
    item: spec.item.map(value),
    order: spec.order.map(order),
    ...(spec.user === undefined ? {} : { user: value(spec.user) }),
    ...(spec.group === undefined ? {} : { group: value(spec.group) }),
    ...(spec.time === undefined ? {} : { time: order(spec.time) }),
    ...(spec.split.by === 'column' && spec.split.column !== undefined
      ? { split: value(spec.split.column) }
      : {}),
    original: new Map([...named.values()].map(({ alias, name }) => [alias, name])),
    orderNumbers: [...named]
      .filter(
        ([key, { type = '' }]) =>
          key.startsWith('order/') && /(INT|INTEGER|FLOAT|DOUBLE)$|^DECIMAL/.test(type),
      )
      .map(([, { alias }]) => alias),
    ...orderKeyOf(spec, named),
  };
}

/** Types that are BIGINT or are cast to it without loss. */
const WHOLE_NUMBERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'];
/** Types of microseconds, and of nanoseconds. */
const INSTANTS: Readonly<Record<string, string>> = {
  ...{ TIMESTAMP: 'epoch_us', 'TIMESTAMP WITH TIME ZONE': 'epoch_us', TIMESTAMP_NS: 'epoch_ns' },
};

function orderKeyOf(spec: DatasetSpec, named: ReadonlyMap<string, Named>): { orderKey?: string } {
  const [name = '', ...more] = spec.order;
  const { alias, type = '' } = named.get(`order/${name}`) ?? {};
  if (alias === undefined || more.length > 0) return {};
  if (WHOLE_NUMBERS.includes(type)) return { orderKey: `${alias}::BIGINT` };
  const instant = INSTANTS[type];
  return instant === undefined ? {} : { orderKey: `${instant}(${alias})` };
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
