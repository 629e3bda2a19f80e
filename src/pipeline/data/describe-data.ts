import * as z from 'zod/mini';
import type { DataFormat } from '../../protocol/dataset-spec.ts';
import { checkParquetFile, relationOf } from './data-source.ts';
import type { DataSource } from './data-source.ts';
import { formatOf } from './data-format.ts';
import { withDuckDB } from './duckdb-session.ts';
import type { DuckDBSession } from './duckdb-session.ts';
import { locateFiles } from './locate-files.ts';
import { readError } from './read-error.ts';
import { quoteList, escapeGlob, quoteName } from './sql-text.ts';

export interface Column {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
}

/** A column with the values of the first rows, null where there is none. */
export interface DescribedColumn extends Column {
  readonly values: readonly (string | null)[];
  /** Some distinct values, cut short for display. */
  readonly samples: readonly string[];
}

export interface DataDescription {
  readonly format: DataFormat;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly columns: readonly DescribedColumn[];
  /** Where it is known without reading everything. */
  readonly rows?: number;
}

const HEAD_ROWS = 2000;
const SAMPLES = 5;
const SAMPLE_CHARACTERS = 80;
/** Enough for a look at the first rows of anything. */
const LOOK = { memoryLimit: 1024, threads: 2 };

/**
 * Columns with types and sample values of the data at a path or glob, and the number of rows where that is cheap.
 * @throws UserError when there are no such files, or when they cannot be read
 */
export async function describeData(given: string, format?: DataFormat): Promise<DataDescription> {
  const files = (await locateFiles(given)).filter((file) => file.bytes > 0).map((file) => file.path);
  const source: DataSource = { format: format ?? (await formatOf(files[0] ?? given)), files };
  return await look(source, given, async (session) => {
    const columns = await columnsWithValues(session, source);
    const rows = source.format === 'parquet' ? await parquetRows(session, files) : undefined;
    return { ...source, columns, ...(rows === undefined ? {} : { rows }) };
  });
}

/** Names and types of the columns alone. */
export async function describeColumns(source: DataSource, place: string): Promise<Column[]> {
  return await look(source, place, (session) => columnTypes(session, source));
}

async function look<T>(
  source: DataSource,
  place: string,
  use: (session: DuckDBSession) => Promise<T>,
): Promise<T> {
  if (source.format === 'parquet') for (const file of source.files) await checkParquetFile(file);
  try {
    return await withDuckDB(LOOK, use);
  } catch (error) {
    throw readError(error, place);
  }
}

/** Names and types of a source's columns. */
export async function columnTypes(session: DuckDBSession, source: DataSource): Promise<Column[]> {
  const schema = z.object({ column_name: z.string(), column_type: z.string() });
  const rows = await session.rows(`DESCRIBE SELECT * FROM ${relationOf(source)}`, schema);
  return rows.map((row) => ({ name: row.column_name, type: row.column_type }));
}

async function columnsWithValues(session: DuckDBSession, source: DataSource): Promise<DescribedColumn[]> {
  const columns = await columnTypes(session, source);
  const selected = columns
    .map((column, index) => `${quoteName(column.name)}::VARCHAR AS c${index}`)
    .join(', ');
  const schema = z.record(z.string(), z.nullable(z.string()));
  const head = await session.rows(`SELECT ${selected} FROM ${relationOf(source)} LIMIT ${HEAD_ROWS}`, schema);
  return columns.map((column, index) => {
    const values = head.map((row) => row[`c${index}`] ?? null);
    return { ...column, values, samples: samplesOf(values) };
  });
}

function samplesOf(values: readonly (string | null)[]): string[] {
  const distinct = [...new Set(values.filter((value) => value !== null))].slice(0, SAMPLES);
  return distinct.map((value) =>
    value.length > SAMPLE_CHARACTERS ? `${value.slice(0, SAMPLE_CHARACTERS)}…` : value,
  );
}

async function parquetRows(session: DuckDBSession, files: readonly string[]): Promise<number> {
  const sql = `SELECT sum(num_rows)::DOUBLE AS n FROM parquet_file_metadata(${quoteList(files.map(escapeGlob))})`;
  return (await session.row(sql, z.object({ n: z.number() }))).n;
}
