import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { DataFormat, DatasetSpec, Reading } from '../../../protocol/dataset-spec.ts';
import type { Column, DescribedColumn } from '../column.ts';
import type { DataSource } from '../data-source.ts';
import { withDuckDB } from '../duckdb-session.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { readError } from '../read-error.ts';
import { openSource } from '../reading/open-source.ts';
import type { OpenedSource, Roles } from '../reading/open-source.ts';
import { sourceOf } from '../reading/source-of.ts';
import { typeOfTexts } from '../reading/values.ts';
import { quoteList, escapeGlob } from '../sql-text.ts';
import { sampleRows } from './sample-rows.ts';

export interface DataDescription {
  readonly format: DataFormat;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly columns: readonly DescribedColumn[];
  /** How the files were read, where that is worth saying: parts of a sentence. */
  readonly seen: readonly string[];
  /** What of the reading was told. */
  readonly reading?: Reading;
  /** Where it is known without reading everything. */
  readonly rows?: number;
}

/** What is known of the data before they are looked at. */
export type Known = Partial<Pick<DatasetSpec, 'format' | 'reading' | 'item' | 'order'>>;

const HEAD_ROWS = 2000;
const SAMPLES = 5;
const SAMPLE_CHARACTERS = 80;
/** Enough for a look at the first rows of anything. */
const LOOK = { memoryLimit: 1024, threads: 2 };

/**
 * Columns with types and sample values of the data at a path, folder or glob, and the number of rows where that is cheap.
 * @throws UserError when there are no such files, or when they cannot be read
 */
export async function describeData(given: string, known: Known = {}): Promise<DataDescription> {
  const source = await sourceOf(given, known);
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-look-'));
  const roles: Roles | undefined =
    known.item === undefined
      ? undefined
      : { item: known.item, ...(known.order === undefined ? {} : { order: known.order }) };
  try {
    return await withDuckDB(LOOK, (session) => look(session, source, scratch, roles));
  } catch (error) {
    throw readError(error, given);
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/** Names and types of the columns alone. */
export async function describeColumns(given: string, spec: DatasetSpec): Promise<Column[]> {
  const { columns } = await describeData(given, spec);
  return columns.map(({ name, type }) => ({ name, type }));
}

async function look(
  session: DuckDBSession,
  source: DataSource,
  scratch: string,
  roles: Roles | undefined,
): Promise<DataDescription> {
  const opened = await openSource(session, source, { scratch, whole: false }, roles);
  const { format, files, reading } = source;
  const rows = opened.inPlace && format === 'parquet' ? await parquetRows(session, files) : undefined;
  const columns = await columnsWithValues(session, opened, files.length, rows);
  return {
    ...{ format, files, columns, seen: opened.seen },
    ...(reading === undefined ? {} : { reading }),
    ...(rows === undefined ? {} : { rows }),
  };
}

async function columnsWithValues(
  session: DuckDBSession,
  opened: OpenedSource,
  files: number,
  rows: number | undefined,
): Promise<DescribedColumn[]> {
  const columns = [...opened.columns].map(([name, column]) => ({ name, ...column }));
  const all = [...columns, ...opened.folded.map((column) => ({ ...column, inList: false }))];
  const selected = all.map(({ sql }, index) => `(${sql})::VARCHAR AS c${index}`).join(', ');
  const schema = z.record(z.string(), z.nullable(z.string()));
  const head = await session.rows(`SELECT ${selected} FROM ${opened.from} LIMIT ${HEAD_ROWS}`, schema);
  const described = all.map(({ name, type, inList }, index) => {
    const values = head.map((row) => row[`c${index}`] ?? null);
    const seen = opened.asText && type === 'VARCHAR' ? typeOfTexts(values) : type;
    return { name, type: seen, text: type === 'VARCHAR', inList, values, samples: samplesOf(values) };
  });
  if (head.length < HEAD_ROWS) return described;
  const sampled = await sampleRows(session, {
    ...{ opened, files, columns: described, values: all.map(({ sql }) => sql) },
    ...(rows === undefined ? {} : { rows }),
  });
  return described.map((column, index) => ({ ...column, sampled: sampled[index] ?? column.values }));
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
