/** Parquet files as a table: where they lie when all are of one kind, and else with columns of one type each. */
import * as z from 'zod/mini';
import type { DuckDBSession } from '../duckdb-session.ts';
import { escapeGlob, quoteList, quoteName, wholeNumberText } from '../sql-text.ts';
import { asTexts } from '../value-shape.ts';
import type { Shape } from '../value-shape.ts';
import type { HiveColumns } from './hive-folders.ts';
import type { RawTable, RawColumn } from './raw-table.ts';

interface Group {
  readonly files: readonly string[];
  readonly columns: readonly RawColumn[];
}

export async function parquetTable(
  session: DuckDBSession,
  files: readonly string[],
  hive: HiveColumns,
): Promise<RawTable> {
  const groups = await groupsOf(session, files, hive);
  const [first] = groups;
  if (first === undefined) throw new Error('a source has no files');
  if (groups.length === 1)
    return {
      from: readParquet(first.files, hive),
      columns: first.columns.map(decoded),
      inPlace: true,
      asText: false,
      seen: [],
    };
  const columns = unitedColumns(groups);
  const parts = groups.map(
    (group) =>
      `SELECT ${columns.map((column) => partOf(group, column)).join(', ')} FROM ${readParquet(group.files, hive)}`,
  );
  const changed = columns
    .filter(({ name, shape }) => groups.some((group) => isOtherwise(group, name, shape)))
    .map(({ name }) => `‘${name}’`);
  return {
    from: `(${parts.join(' UNION ALL ')})`,
    columns,
    inPlace: false,
    asText: false,
    seen:
      changed.length === 0
        ? []
        : [`the files have different types of ${changed.join(', ')}, which are put together without loss`],
  };
}

export function readParquet(files: readonly string[], hive: HiveColumns): string {
  return `read_parquet(${quoteList(files.map(escapeGlob))}, ${hive.option})`;
}

const Schemas = z.object({ file: z.string(), schema: z.string() });
const Counts = z.object({ file: z.string(), rows: z.number() });

/** Files in a row that have equal columns; files without rows say nothing of the columns and are left out. */
async function groupsOf(
  session: DuckDBSession,
  files: readonly string[],
  hive: HiveColumns,
): Promise<Group[]> {
  const filled = await filledFiles(session, files);
  const runs = filled.length === 1 ? [filled] : await runsOfOneSchema(session, filled);
  return await Promise.all(
    runs.map(async (run) => ({ files: run, columns: await columnsOf(session, run, hive) })),
  );
}

async function columnsOf(
  session: DuckDBSession,
  files: readonly string[],
  hive: HiveColumns,
): Promise<RawColumn[]> {
  const columns = await session.columns(`SELECT * FROM ${readParquet(files, hive)}`);
  return columns.map(({ name, shape }) => ({ name, shape, sql: quoteName(name) }));
}

async function filledFiles(session: DuckDBSession, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 1) return files;
  const list = quoteList(files.map(escapeGlob));
  const counts = await session.rows(
    `SELECT file_name AS file, num_rows::DOUBLE AS rows FROM parquet_file_metadata(${list})`,
    Counts,
  );
  const empty = new Set(counts.filter(({ rows }) => rows === 0).map(({ file }) => file));
  const filled = files.filter((file) => !empty.has(file));
  return filled.length === 0 ? files.slice(0, 1) : filled;
}

async function runsOfOneSchema(session: DuckDBSession, files: readonly string[]): Promise<string[][]> {
  const list = quoteList(files.map(escapeGlob));
  const rows = await session.rows(
    `SELECT file_name AS file, to_json(list({n: name, t: "type", c: converted_type, l: logical_type, k: num_children, s: scale, p: precision}))::VARCHAR AS schema FROM parquet_schema(${list}) GROUP BY file_name`,
    Schemas,
  );
  const schemas = new Map(rows.map(({ file, schema }) => [file, schema]));
  const runs: string[][] = [];
  for (const [at, file] of files.entries()) {
    const before = files[at - 1];
    const goesOn = before !== undefined && schemas.get(before) === schemas.get(file);
    if (goesOn) runs.at(-1)?.push(file);
    else runs.push([file]);
  }
  return runs;
}

function unitedColumns(groups: readonly Group[]): RawColumn[] {
  const names = [
    ...new Map(
      groups.flatMap(({ columns }) => columns.map(({ name }) => [name.toLowerCase(), name] as const)),
    ),
  ];
  return names.map(([key, name]) => {
    const shapes = groups.flatMap(({ columns }) =>
      columns.filter((column) => column.name.toLowerCase() === key).map(({ shape }) => shape),
    );
    return { name, sql: quoteName(name), shape: shapes.reduce(united) };
  });
}

const INTEGERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'];
const TEXT: Shape = { kind: 'value', type: 'VARCHAR' };

/** A shape that keeps the values of both as they are; numbers of different kinds, and anything with text, are text. */
function united(one: Shape, other: Shape): Shape {
  const [a, b] = [typeOf(one), typeOf(other)];
  if (a === b) return one;
  if (INTEGERS.includes(a) && INTEGERS.includes(b)) return { kind: 'value', type: 'BIGINT' };
  if ([a, b].every((type) => type === 'DATE' || type === 'TIMESTAMP' || type.startsWith('TIMESTAMP_')))
    return { kind: 'value', type: [a, b].includes('TIMESTAMP_NS') ? 'TIMESTAMP_NS' : 'TIMESTAMP' };
  if (one.kind === 'list' && other.kind === 'list') {
    const element = united(one.element, other.element);
    return { kind: 'list', element, type: `${typeOf(element)}[]` };
  }
  return TEXT;
}

function typeOf(shape: Shape): string {
  return shape.type;
}

function isOtherwise({ columns }: Group, name: string, shape: Shape): boolean {
  const own = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  return own !== undefined && typeOf(own.shape) !== typeOf(shape);
}

function partOf(group: Group, { name, shape }: RawColumn): string {
  const own = group.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  const value = own === undefined ? `NULL::${typeOf(shape)}` : converted(own, shape);
  return `${value} AS ${quoteName(name)}`;
}

function converted(own: RawColumn, shape: Shape): string {
  const type = typeOf(own.shape);
  if (type === typeOf(shape)) return decoded(own).sql;
  if (typeOf(shape) !== 'VARCHAR')
    return `${own.sql}::${shape.kind === 'list' ? asTypes(shape) : typeOf(shape)}`;
  if (type === 'DOUBLE' || type === 'FLOAT') return wholeNumberText(own.sql);
  return `${decoded(own).sql}::VARCHAR`;
}

function asTypes(shape: Shape): string {
  return shape.kind === 'list' && shape.element.kind === 'value' ? `${shape.element.type}[]` : asTexts(shape);
}

/** Text that a tool wrote as bytes without saying that it is text; other bytes are shown by their digits. */
function decoded(column: RawColumn): RawColumn {
  if (column.shape.kind !== 'value' || column.shape.type !== 'BLOB') return column;
  return { ...column, shape: TEXT, sql: `coalesce(TRY(decode(${column.sql})), lower(hex(${column.sql})))` };
}
