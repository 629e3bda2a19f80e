/** Values that say there is none: real nulls, and the words that tools write for them into text. */
import { quoteText } from '../sql-text.ts';

/** What pandas, R, Spark, PostgreSQL, MySQL and spreadsheets write for a missing value. */
const WORDS = [
  '',
  'NULL',
  'null',
  'Null',
  'NA',
  '<NA>',
  'N/A',
  'n/a',
  '#N/A',
  'NaN',
  'nan',
  'NAN',
  'NaT',
  'None',
  'none',
  'nil',
  '\\N',
];
const MISSING: ReadonlySet<string> = new Set(WORDS);

/** Whether a value, or a text that stands for one, says that there is none. */
export function saysMissing(value: string | null): boolean {
  return value === null || MISSING.has(value.trim());
}

/** The same as SQL, of a VARCHAR column. */
export function missingTextSql(column: string): string {
  return `(${column} IS NULL OR trim(${column}) IN (${WORDS.map(quoteText).join(', ')}))`;
}

/** Whether a value of a column is missing, as SQL: no number is one too. */
export function missingSql(column: string, type: string, wordsCount: boolean): string {
  if (wordsCount && type === 'VARCHAR') return missingTextSql(column);
  return /^(FLOAT|DOUBLE)$/.test(type) ? `(${column} IS NULL OR isnan(${column}))` : `${column} IS NULL`;
}
