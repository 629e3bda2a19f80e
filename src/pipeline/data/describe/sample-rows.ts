/** Rows for a guess to be tested on: whole sequences from all over the data, without reading all of it. */
import type { DescribedColumn } from '../column.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { Columns } from '../guess/columns.ts';
import type { OpenedSource } from '../reading/open-source.ts';

/** Rows taken, and rows of text and of parquet among which they are sought. */
const [TAKEN, TEXT_ROWS, PARQUET_ROWS] = [20_000, 200_000, 500_000];
const STRETCHES = 8;
/** Fewer rows, and more sequences are taken. */
const ENOUGH = 5000;
const CHARACTERS = 200;

export interface SampledData {
  readonly opened: OpenedSource;
  readonly columns: readonly DescribedColumn[];
  /** SQL of the values of each column. */
  readonly values: readonly string[];
  /** Rows of the data, where that is known. */
  readonly rows?: number;
  readonly files: number;
}

/**
 * Each column's values in rows of whole sequences, in file order: those of a share of the users or, where there are none,
 * of the sessions, baskets or playlists, chosen by a hash. Of large parquet files, stretches from the beginning to the end
 * are looked through; of text, the beginning.
 */
export async function sampleRows(session: DuckDBSession, data: SampledData): Promise<(string | null)[][]> {
  const looked = data.rows === undefined ? TEXT_ROWS : Math.min(data.rows, PARQUET_ROWS);
  const share = Math.max(1, Math.floor(looked / TAKEN));
  const rows = await taken(session, data, share);
  return share > 1 && (rows[0]?.length ?? 0) < ENOUGH ? await taken(session, data, 1) : rows;
}

async function taken(session: DuckDBSession, data: SampledData, share: number): Promise<(string | null)[][]> {
  const selected = data.values.map((sql, at) => `left((${sql})::VARCHAR, ${CHARACTERS}) AS c${at}`);
  const key = data.values[keyOf(data.columns) ?? -1];
  const condition = key === undefined || share === 1 ? undefined : `hash((${key})::VARCHAR) % ${share} = 0`;
  const parts = stretchesOf(data).map((stretch) => {
    const wanted = [stretch, condition].filter((part) => part !== undefined).join(' AND ');
    return `SELECT ${selected.join(', ')} FROM ${fromOf(data)}${wanted === '' ? '' : ` WHERE ${wanted}`}`;
  });
  const found = await session.texts(`SELECT * FROM (${parts.join(' UNION ALL ')}) LIMIT ${TAKEN}`);
  return data.values.map((_, at) => found[at] ?? []);
}

function fromOf({ opened, rows }: SampledData): string {
  return rows === undefined ? `(SELECT * FROM ${opened.from} LIMIT ${TEXT_ROWS})` : opened.from;
}

/** Conditions for rows in stretches of a file, or in some of many files; none where all rows are looked through. */
function stretchesOf({ rows, files }: SampledData): (string | undefined)[] {
  if (rows === undefined || rows <= PARQUET_ROWS) return [undefined];
  const length = PARQUET_ROWS / STRETCHES;
  return Array.from({ length: Math.min(STRETCHES, files === 1 ? STRETCHES : files) }, (_, n) => {
    const from = files === 1 ? Math.floor(((rows - length) * n) / (STRETCHES - 1)) : 0;
    const inRows = `file_row_number BETWEEN ${from} AND ${from + length - 1}`;
    return files === 1 ? inRows : `file_index = ${Math.floor((files * n) / STRETCHES)} AND ${inRows}`;
  });
}

/** The column by which sequences are kept whole: the user's, whose sessions then are whole too. */
function keyOf(described: readonly DescribedColumn[]): number | undefined {
  const columns = new Columns(described);
  for (const role of ['user', 'session', 'playlist', 'basket'] as const) {
    const column = columns.identifies(role, ({ unique }) => !unique);
    if (column !== undefined) return described.findIndex(({ name }) => name === column.name);
  }
  return undefined;
}
