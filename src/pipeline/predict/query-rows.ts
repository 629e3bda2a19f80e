/** The rows of an input as queries: whose items they are, and in which order. */
import * as z from 'zod/mini';
import type { OutputFormat } from './output-format.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { DuckDBSession, OnFraction } from '../data/duckdb-session.ts';
import { createLookup, type Lookup } from '../data/rows/lookup.ts';
import { PLACE, type RowView } from '../data/rows/row-view.ts';
import { escapeGlob, nameOf, quoteName, quoteText } from '../data/sql-text.ts';
import { nameSql } from '../model/item-names.ts';

/** A column that names queries. */
export interface KeyColumn {
  /** In the input. */
  readonly name: string;
  /** In the table of the queries. */
  readonly column: string;
  readonly type: string;
}

export interface QueryRows {
  readonly queries: number;
  readonly rows: number;
  /** Rows of items that the model's data never had. */
  readonly unknownRows: number;
  /** Some of these. */
  readonly unknownNames: readonly string[];
  readonly keys: readonly KeyColumn[];
  /** Rows of two integers, query by query: its number, from 0, and the item's code, or −1. */
  readonly codesSql: string;
}

const KEYS = 'query_keys';
const NAMES = 'item_codes';
/** Unknown names that are shown. */
const SHOWN = 3;

/**
 * Makes the tables of queries and of names. Queries are in the order in which they begin in the input.
 * @param itemsFile table of the model's items
 * @throws UserError where no row is of an item that the model's data had
 */
export async function queryRows(
  session: DuckDBSession,
  view: RowView,
  itemsFile: string,
  place: string,
  onFraction: OnFraction,
): Promise<QueryRows> {
  await createNames(session, itemsFile);
  const joined = `LEFT JOIN ${NAMES} AS i ON i.name = ${nameOf(view.item.map((column) => `source_rows.${column}`))}`;
  const unknown = await unknownRows(session, view, joined, place);
  await session.run(
    `CREATE TABLE ${KEYS} AS SELECT ${view.sequence.join(', ')}, min(${PLACE}) AS begins FROM source_rows GROUP BY ${view.sequence.join(', ')} ORDER BY begins`,
    onFraction,
  );
  const lookup = await createLookup(session, {
    table: KEYS,
    columns: view.sequence,
    code: 'rowid::INTEGER',
  });
  const { n } = await session.row(`SELECT count(*)::DOUBLE AS n FROM ${KEYS}`, z.object({ n: z.number() }));
  return {
    ...{ queries: n, rows: view.rows, ...unknown },
    keys: await keyColumns(session, view),
    codesSql: codesSql(view, lookup, joined),
  };
}

/** Of items of one name the last is meant, as when a single query is asked. */
async function createNames(session: DuckDBSession, itemsFile: string): Promise<void> {
  const table = `read_parquet(${quoteText(escapeGlob(itemsFile))})`;
  const columns = await session.columns(`SELECT * FROM ${table}`);
  const name = nameSql(columns.map((column) => column.name));
  await session.run(
    `CREATE TABLE ${NAMES} AS SELECT ${name} AS name, max(item)::INTEGER AS code FROM ${table} GROUP BY 1`,
  );
}

async function unknownRows(
  session: DuckDBSession,
  { item, rows }: RowView,
  joined: string,
  place: string,
): Promise<Pick<QueryRows, 'unknownRows' | 'unknownNames'>> {
  const { known } = await session.row(
    `SELECT count(i.code)::DOUBLE AS known FROM source_rows ${joined}`,
    z.object({ known: z.number() }),
  );
  if (known === rows) return { unknownRows: 0, unknownNames: [] };
  const found = await session.rows(
    `SELECT DISTINCT name FROM (SELECT ${nameOf(item)} AS name FROM source_rows ${joined} WHERE i.code IS NULL LIMIT 1000) LIMIT ${SHOWN}`,
    z.object({ name: z.string() }),
  );
  const unknownNames = found.map(({ name }) => name);
  if (known > 0) return { unknownRows: rows - known, unknownNames };
  throw new UserError(
    `No row of ${place} is of an item that the model knows: it has ${unknownNames.map((name) => `‘${name}’`).join(', ')}.`,
    'Name the columns of the item with --item, in the order in which names are joined by |||; recsys neighbours tells whether an item is known.',
    {
      remedy: 'columns',
      inWindow:
        'Choose the columns of the item; “RecSys: Find Neighbours” tells whether an item is known to the model.',
    },
  );
}

async function keyColumns(session: DuckDBSession, view: RowView): Promise<KeyColumn[]> {
  const columns = await session.rows(
    `DESCRIBE SELECT ${view.sequence.join(', ')} FROM ${KEYS}`,
    z.object({ column_name: z.string(), column_type: z.string() }),
  );
  return columns.map(({ column_name: column, column_type: type }) => ({
    name: view.original.get(column) ?? column,
    ...{ column, type },
  }));
}

function codesSql(view: RowView, keys: Lookup, joined: string): string {
  const places = [...view.order, PLACE].map((column) => `source_rows.${column}`);
  return `SELECT s.code AS query, coalesce(i.code, -1) AS item FROM source_rows
    JOIN ${keys.table} AS s ON s.key = ${keys.key} ${joined}
    ORDER BY s.code, ${places.join(', ')}`;
}

/**
 * The values that name each query, as a JSON object, in the order of the queries. For other formats than JSON values are
 * texts, called by the columns of the table, which lose nothing when they are read again.
 */
export function keysSql(keys: readonly KeyColumn[], format: OutputFormat): string {
  const fields = keys.map(({ name, column }) =>
    format === 'ndjson'
      ? `${quoteText(name)}: ${quoteName(column)}`
      : `${quoteText(column)}: ${quoteName(column)}::VARCHAR`,
  );
  return `SELECT to_json({${fields.join(', ')}})::VARCHAR AS keys FROM ${KEYS} ORDER BY rowid`;
}
