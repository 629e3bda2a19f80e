import * as z from 'zod/mini';
import { withDuckDB, type DuckDBSession } from '../data/duckdb-session.ts';
import { SEQUENCE_TABLE } from '../data/prepared-data.ts';
import { escapeGlob, quoteName, quoteText } from '../data/sql-text.ts';

const Row = z.object({ sequence: z.int(), name: z.string() });
const Found = z.object({ sequence: z.int() });
/** For the few rows of one file. */
const SMALL = { memoryLimit: 128, threads: 1 } as const;
/** For all rows of it. */
const WHOLE = { memoryLimit: 512, threads: 1 } as const;

/** Sequences with their names: the values of their own columns, joined. */
async function namedSequences(session: DuckDBSession, file: string): Promise<string> {
  const table = `SELECT * FROM read_parquet(${quoteText(escapeGlob(file))})`;
  const columns = (await session.columns(table)).map(({ name }) => name);
  const own = columns.filter((name) => !SEQUENCE_TABLE.includes(name)).map(quoteName);
  const name =
    own.length === 0 ? "''" : `concat_ws(' · ', ${own.map((column) => `${column}::VARCHAR`).join(', ')})`;
  return `SELECT sequence::INTEGER AS sequence, ${name} AS name FROM (${table})`;
}

/**
 * Names of some sequences, by index: the values of their columns.
 * @param file prepare's table of sequences
 * @throws UserError or Error where it cannot be read
 */
export async function sequenceNames(
  file: string,
  indices: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  if (indices.length === 0) return new Map();
  return withDuckDB({ ...SMALL, signal }, async (session) => {
    const named = await namedSequences(session, file);
    const rows = await session.rows(
      `SELECT * FROM (${named}) WHERE sequence IN (${indices.join(', ')})`,
      Row,
    );
    return new Map(rows.map((row) => [row.sequence, row.name]));
  });
}

/**
 * Indices of the sequences whose name holds a word, whatever its case and accents.
 * @param file prepare's table of sequences
 * @throws UserError or Error where it cannot be read
 */
export async function sequencesNamed(file: string, word: string, signal: AbortSignal): Promise<number[]> {
  return withDuckDB({ ...WHOLE, signal }, async (session) => {
    const named = await namedSequences(session, file);
    const plain = (text: string): string => `lower(strip_accents(${text}))`;
    const sql = `SELECT sequence FROM (${named}) WHERE contains(${plain('name')}, ${plain(quoteText(word))})`;
    return (await session.rows(sql, Found)).map(({ sequence }) => sequence);
  });
}
