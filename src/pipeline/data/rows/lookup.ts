import * as z from 'zod/mini';
import type { DuckDBSession } from '../duckdb-session.ts';
import { quoteText } from '../sql-text.ts';
import { keyText } from './row-view.ts';

/** How rows find the code of a tuple of columns. */
export interface Lookup {
  /** Table with the columns `key` (UBIGINT) and `code` (INTEGER). */
  readonly table: string;
  /** The key of a source row, as SQL. */
  readonly key: string;
}

export interface LookupOptions {
  /** Table of distinct tuples. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Its code, as SQL. */
  readonly code: string;
  /** Hash of a tuple with a salt, as SQL; for tests. */
  readonly hash?: (columns: readonly string[], salt: number) => string;
}

const ATTEMPTS = 8;

/**
 * Makes a table from the tuples' 64-bit hashes to their codes, after checking that no two tuples share a hash (else
 * with another salt). So the join of all rows compares integers, not strings, and is still exact: every row's tuple
 * is among those checked.
 */
export async function createLookup(session: DuckDBSession, options: LookupOptions): Promise<Lookup> {
  const hash = options.hash ?? saltedHash;
  const table = `${options.table}_lookup`;
  const check = z.object({ clashes: z.number() });
  for (let salt = 0; salt < ATTEMPTS; salt++) {
    const key = hash(options.columns, salt);
    await session.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT ${key} AS key, ${options.code} AS code FROM ${options.table}`,
    );
    const { clashes } = await session.row(
      `SELECT (count(*) - count(DISTINCT key))::DOUBLE AS clashes FROM ${table}`,
      check,
    );
    if (clashes === 0) return { table, key };
  }
  throw new Error(`no hash without clashes for ${options.table} in ${ATTEMPTS} attempts`);
}

/** DuckDB's hash is quick but weak: some long texts share it whatever is hashed beside them. Then half of an MD5. */
function saltedHash(columns: readonly string[], salt: number): string {
  return salt === 0
    ? `hash(${columns.join(', ')})`
    : `md5_number_lower(${quoteText(`${salt}/`)} || ${keyText(columns)})`;
}
