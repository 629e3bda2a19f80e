/** From lines of JSON to the format that was asked for. */
import type { DuckDBSession, OnFraction } from '../data/duckdb-session.ts';
import { freeName } from '../data/free-name.ts';
import { escapeGlob, quoteName, quoteText } from '../data/sql-text.ts';
import type { OutputFormat } from './output-format.ts';
import { ANSWER_COLUMNS, type AnswerNames } from './prediction-lines.ts';
import type { KeyColumn } from './query-rows.ts';

/** Columns of a table, which has a row a recommended item. */
const ITEM_COLUMNS = ['rank', 'item', 'score', 'answered_by'] as const;

/** How the answer's columns are called in the lines: as in the output, where that is lines; none is called as a key is. */
export function answerNames(keys: readonly KeyColumn[], format: OutputFormat): AnswerNames {
  const taken = keys.map(({ name, column }) => (format === 'ndjson' ? name : column));
  const entries = Object.keys(ANSWER_COLUMNS).map((column) => [column, freeName(column, taken)]);
  return Object.fromEntries(entries) as AnswerNames;
}

export interface Conversion {
  readonly lines: string;
  readonly output: string;
  readonly keys: readonly KeyColumn[];
  readonly names: AnswerNames;
}

/** Writes a parquet file with a row a query, or a table in text with a row a recommended item. */
export async function convertLines(
  session: DuckDBSession,
  format: Exclude<OutputFormat, 'ndjson'>,
  conversion: Conversion,
  onFraction: OnFraction,
): Promise<void> {
  const { sql, options } = format === 'parquet' ? rowsOfQueries(conversion) : rowsOfItems(conversion);
  await session.run(`COPY (${sql}) TO ${quoteText(conversion.output)} (${options})`, onFraction);
}

function fromLines({ lines, keys, names }: Conversion): string {
  const columns = [
    ...keys.map(({ column }) => [column, 'VARCHAR'] as const),
    ...Object.entries(ANSWER_COLUMNS).map(
      ([column, type]) => [names[column as keyof AnswerNames], type] as const,
    ),
  ].map(([column, type]) => `${quoteText(column)}: ${quoteText(type)}`);
  return `read_json(${quoteText(escapeGlob(lines))}, format = 'newline_delimited', maximum_object_size = 268435456, columns = {${columns.join(', ')}})`;
}

function keyValues(keys: readonly KeyColumn[]): string[] {
  return keys.map(({ column, type, name }) => `CAST(${quoteName(column)} AS ${type}) AS ${quoteName(name)}`);
}

function rowsOfQueries(conversion: Conversion): { sql: string; options: string } {
  const { keys, names } = conversion;
  const taken = keys.map(({ name }) => name);
  const answers = Object.keys(ANSWER_COLUMNS).map(
    (column) => `${quoteName(names[column as keyof AnswerNames])} AS ${quoteName(freeName(column, taken))}`,
  );
  return {
    sql: `SELECT ${[...keyValues(keys), ...answers].join(', ')} FROM ${fromLines(conversion)}`,
    options: 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1',
  };
}

function rowsOfItems(conversion: Conversion): { sql: string; options: string } {
  const { keys, names } = conversion;
  const taken = keys.map(({ name }) => name);
  const places = `SELECT *, unnest(range(1, len(${quoteName(names.items)}) + 1)) AS place FROM ${fromLines(conversion)}`;
  const values: Record<(typeof ITEM_COLUMNS)[number], string> = {
    rank: 'place',
    item: `${quoteName(names.items)}[place]`,
    score: `${quoteName(names.scores)}[place]`,
    answered_by: `CASE WHEN place <= ${quoteName(names.from_model)} THEN 'model' ELSE 'popularity' END`,
  };
  const answers = ITEM_COLUMNS.map((column) => `${values[column]} AS ${quoteName(freeName(column, taken))}`);
  return {
    sql: `SELECT ${[...keyValues(keys), ...answers].join(', ')} FROM (${places})`,
    options: 'FORMAT csv, HEADER',
  };
}
