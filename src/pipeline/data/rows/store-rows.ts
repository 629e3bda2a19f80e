import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { checkSpec, columnsOf } from '../check-spec.ts';
import type { Column } from '../column.ts';
import { relationOf } from '../data-source.ts';
import type { DataSource } from '../data-source.ts';
import type { DuckDBSession, OnFraction } from '../duckdb-session.ts';
import { readError } from '../read-error.ts';
import { openSource } from '../reading/open-source.ts';
import type { OpenedSource } from '../reading/open-source.ts';
import { quoteName, quoteText, wholeNumberText } from '../sql-text.ts';
import { SCRATCH_FILES } from './scratch-files.ts';

/** Rows in parquet files: the data's own, or those they were first written to. */
export interface StoredRows {
  /** As SQL; each row also has its `file_index` and `file_row_number`. */
  readonly relation: string;
  readonly columns: readonly Column[];
  readonly files: number;
}

/** A row's file and its place in it, as DuckDB gives them for parquet. */
const ROW_PLACE = ['file_index', 'file_row_number'];

export interface ToStore {
  readonly source: DataSource;
  readonly spec: DatasetSpec;
  /** Folder for the copies that are made. */
  readonly scratch: string;
  /** The data as a person calls them. */
  readonly place: string;
}

/**
 * The rows in parquet: parquet of one kind is read where it lies, as often as needed; everything else is first written
 * once, with the needed columns only, to a file in `scratch`.
 * @throws UserError where the data cannot be read, or do not fit the spec
 */
export async function storeRows(
  session: DuckDBSession,
  { source, spec, scratch, place }: ToStore,
  onFraction: OnFraction,
): Promise<StoredRows> {
  const opened = withWholeNumbers(await openSource(session, source, { scratch, whole: true }, spec), spec);
  const columns = [...opened.columns].map(([name, { type }]) => ({ name, type }));
  checkSpec(spec, [...columns, ...opened.folded], place);
  if (opened.inPlace && !columns.some(({ name }) => ROW_PLACE.includes(name.toLowerCase())))
    return { relation: inPlace(opened), columns, files: source.files.length };
  try {
    return await written(session, opened, spec, scratch, onFraction);
  } catch (error) {
    throw readError(error, place, opened.originals);
  } finally {
    for (const [copy, file] of opened.originals) if (copy !== file) await fs.rm(copy, { force: true });
  }
}

/** Columns that identify and do not order are text, also where a tool made floating-point numbers of whole ones. */
function withWholeNumbers(opened: OpenedSource, spec: DatasetSpec): OpenedSource {
  const identity = [...spec.sequence, ...spec.item, spec.user, spec.group].filter(
    (name) => name !== undefined && !spec.order.includes(name) && name !== spec.time,
  );
  const columns = [...opened.columns].map(([name, column]) => {
    const floating = /^(FLOAT|DOUBLE)$/.test(column.type) && identity.includes(name);
    return [
      name,
      floating ? { ...column, sql: wholeNumberText(column.sql), type: 'VARCHAR' } : column,
    ] as const;
  });
  return { ...opened, columns: new Map(columns) };
}

function inPlace({ from, columns }: OpenedSource): string {
  const named = [...columns];
  if (named.every(([name, { sql }]) => sql === quoteName(name))) return from;
  const selected = named.map(([name, { sql }]) => `${sql} AS ${quoteName(name)}`);
  return `(SELECT ${[...selected, ...ROW_PLACE].join(', ')} FROM ${from})`;
}

async function written(
  session: DuckDBSession,
  opened: OpenedSource,
  spec: DatasetSpec,
  scratch: string,
  onFraction: OnFraction,
): Promise<StoredRows> {
  const file = path.join(scratch, SCRATCH_FILES.rows);
  const folded = new Map(opened.folded.map((column) => [column.name, column] as const));
  const selected = columnsOf(spec).map(
    (name) => `${opened.columns.get(name)?.sql ?? folded.get(name)?.sql ?? 'NULL'} AS ${quoteName(name)}`,
  );
  await session.run(
    `COPY (SELECT ${selected.join(', ')} FROM ${opened.from}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
    onFraction,
  );
  const relation = relationOf({ format: 'parquet', files: [file] });
  const schema = z.object({ column_name: z.string(), column_type: z.string() });
  const columns = await session.rows(`DESCRIBE SELECT * FROM ${relation}`, schema);
  return {
    relation,
    columns: columns.map((column) => ({ name: column.column_name, type: column.column_type })),
    files: 1,
  };
}
