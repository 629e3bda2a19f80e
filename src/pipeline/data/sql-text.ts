/** Pieces of SQL text. Names and values come from files and people, so they are always quoted. */
import { ITEM_SEPARATOR } from '../../protocol/dataset-spec.ts';

/** A column or table name. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of string literals. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(', ')}]`;
}

/** A literal path in place of a glob pattern: the characters a pattern gives meaning to are bracketed. */
export function escapeGlob(file: string): string {
  return file.replaceAll(/[[*?]/g, (character) => `[${character}]`);
}

/** Floating-point numbers as text, whole ones without a point: tools write whole numbers so beside a missing value. */
export function wholeNumberText(column: string): string {
  return `CASE WHEN isnan(${column}) THEN NULL WHEN ${column} = trunc(${column}) AND abs(${column}) < 1e18 THEN ${column}::BIGINT::VARCHAR ELSE ${column}::VARCHAR END`;
}

/** A tuple of columns, as SQL, as people see and type it: joined by `|||`, null as nothing (A.6's CONCAT). */
export function nameOf(columns: readonly string[]): string {
  return `concat(${columns.join(`, ${quoteText(ITEM_SEPARATOR)}, `)})`;
}
