/** What the columns of the order and the time are read as, by all rows; the one place where roles are checked by values. */
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { Column } from '../column.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { quoteName } from '../sql-text.ts';
import type { Reading } from './reading.ts';
import { settleReading } from './settle-reading.ts';

export interface Rows {
  /** The rows, as SQL. */
  readonly relation: string;
  /** What tells their order in the files, as SQL. */
  readonly rowPlace: string;
  readonly columns: readonly Column[];
  /** The data, as a person calls them. */
  readonly place: string;
}

/** Columns that order rows or sequences, each once. */
export function orderingColumns(spec: DatasetSpec): string[] {
  return [...new Set([...spec.order, ...(spec.time === undefined ? [] : [spec.time])])];
}

/**
 * How each column of text that orders is read.
 * @throws UserError where a column cannot be read as an order, or where the format given reads none
 */
export async function readRoles(
  session: DuckDBSession,
  rows: Rows,
  spec: DatasetSpec,
): Promise<Map<string, Reading>> {
  const readings = new Map<string, Reading>();
  for (const name of orderingColumns(spec)) {
    const type = rows.columns.find((column) => column.name === name)?.type ?? '';
    if (!isText(type) && !(await endsInYears(session, rows, name, type))) continue;
    const reading = await settleReading(
      session,
      {
        ...{ relation: rows.relation, rowPlace: rows.rowPlace, place: rows.place, name },
        text: textSql(name, type),
        sequence: spec.sequence.map(quoteName),
      },
      spec.timeFormat,
    );
    if (reading !== undefined) readings.set(name, reading);
  }
  checkFormat(readings, spec.timeFormat, rows.place);
  return readings;
}

function checkFormat(readings: Map<string, Reading>, given: string | undefined, place: string): void {
  if (given === undefined) return;
  if ([...readings.values()].some(({ formats = [] }) => formats.includes(given))) return;
  throw new UserError(
    `The time format ${given} reads no column of ${place} that orders rows.`,
    'Give a format as strptime has it that fits every row, such as "%d/%m/%Y %H:%M", or leave it out: common forms are found by themselves.',
    { remedy: 'specFile' },
  );
}

/** Types whose order is that of letters, which is not what orders rows. */
export function isText(type: string): boolean {
  return /^(VARCHAR|JSON|UUID|ENUM\b)/.test(type);
}

const WHOLE = /^U?(INTEGER|BIGINT)$/;

/** Whether whole numbers are days with the year last (31122024, 1012024), which do not order as the days do. */
async function endsInYears(
  session: DuckDBSession,
  { relation }: Rows,
  name: string,
  type: string,
): Promise<boolean> {
  if (!WHOLE.test(type)) return false;
  const day = quoteName(name);
  const first = await session.row(
    `SELECT coalesce(min(${day}) >= 1011900 AND max(${day}) <= 31129999, false) AS likely FROM ${relation}`,
    z.object({ likely: z.boolean() }),
  );
  if (!first.likely) return false;
  const isYear = (sql: string): string => `${sql} BETWEEN 1900 AND 2099`;
  const { last, begins } = await session.row(
    `SELECT bool_and(${isYear(`${day} % 10000`)}) AS last, bool_and(${isYear(`${day} // 10000`)} AND ${day} // 100 % 100 <= 12) AS begins FROM ${relation}`,
    z.object({ last: z.boolean(), begins: z.boolean() }),
  );
  return last && !begins;
}

/** The text of a column that is read as text, as SQL; of days as whole numbers with the zero that numbers lose. */
export function textSql(name: string, type: string): string {
  const column = quoteName(name);
  if (type === 'VARCHAR') return column;
  if (WHOLE.test(type)) return `lpad(${column}::VARCHAR, 8, '0')`;
  return type === 'JSON' ? `(${column} ->> '$')` : `${column}::VARCHAR`;
}
