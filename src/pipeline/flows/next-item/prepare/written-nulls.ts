import * as z from 'zod/mini';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { missingTextSql } from '../../../data/roles/missing.ts';
import type { Findings } from './findings.ts';
import { share, WRITTEN } from '../../../data/rows/missing-rows.ts';

/** The share of rows from which on such a name is worth a warning. */
const WORTH = 0.001;

/**
 * Formats with a null of their own hold words such as `nan` where a tool made text of a null: then one item is all
 * rows without one, or one sequence is. A song may bear such a name, so they are kept, and said.
 */
export async function writtenNulls(session: DuckDBSession, { view, spec }: Findings): Promise<string[]> {
  if (WRITTEN.has(spec.format)) return [];
  const warnings: string[] = [];
  for (const [role, table, columns] of [
    ['item', 'items', view.item],
    ['sequence', 'sequences', view.sequence],
  ] as const) {
    const [column, ...more] = columns;
    if (column === undefined || more.length > 0) continue;
    const found = await session.row(
      `SELECT coalesce(sum(${role}_rows), 0)::DOUBLE AS n, arg_max(${column}::VARCHAR, ${role}_rows) AS word FROM ${table} WHERE ${missingTextSql(`${column}::VARCHAR`)}`,
      z.object({ n: z.number(), word: z.nullable(z.string()) }),
    );
    if (found.n === 0 || found.n < WORTH * view.rows) continue;
    const says = `the ${role} ‘${found.word ?? ''}’ in ‘${view.original.get(column) ?? column}’. If that says that there is none, write null: such rows are left out.`;
    warnings.push(
      oneOrMany(
        found.n,
        `1 row has ${says}`,
        (count) => `${count} rows (${share(found.n, view.rows)}) have ${says}`,
      ),
    );
  }
  return warnings;
}
