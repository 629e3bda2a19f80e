/** Whether the first record of a table names its columns, and what the columns are called. */
import type { TextRecord } from './records.ts';
import type { TextDialect } from './text-dialect.ts';
import { isValue } from './values.ts';

export interface TableColumns {
  readonly names: readonly string[];
  /** Whether the names stand in the file, as the first record that is no comment. */
  readonly header: boolean;
  /** The names stand in the last line of the comments. */
  readonly headerInComments: boolean;
  /** Every line ends with a delimiter more than there are names. */
  readonly trailing: boolean;
}

/** Rows looked at to tell a header. */
const ROWS = 200;
/** RecBole's headers say the type of each column. */
const TYPED_NAME = /^[^:\s]+:(?:token|token_seq|float|float_seq)$/;

/** @param told whether there is a header, where that is known */
export function columnsOfTable(dialect: TextDialect, told: boolean | undefined): TableColumns {
  const [first, ...rest] = dialect.records;
  const rows = rest.slice(0, ROWS);
  const header = told ?? isHeader(first, rows);
  const width = widthOf(header ? rows : dialect.records.slice(0, ROWS), first);
  const inComments = header ? undefined : namesInComments(dialect, width);
  const given = header ? (first?.fields ?? []) : (inComments ?? []);
  const trailing =
    header &&
    given.length === width - 1 &&
    rows.every(({ fields }) => fields.length !== width || fields.at(-1) === '');
  // What R writes: the first column, of row names, has no name.
  const named = given.length === width - 1 && !trailing ? ['', ...given] : given;
  return {
    names: uniqueNames(Array.from({ length: Math.max(width, named.length) }, (_, at) => named[at] ?? '')),
    header,
    headerInComments: inComments !== undefined,
    trailing,
  };
}

/** The number of fields most rows have. */
function widthOf(rows: readonly TextRecord[], first: TextRecord | undefined): number {
  const counts = new Map<number, number>();
  for (const { fields } of rows) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? first?.fields.length ?? 0;
}

/**
 * The first record names the columns unless it looks like the rows below it: a number where numbers stand, a value that
 * comes again in its column, or nowhere another shape than below.
 */
export function isHeader(first: TextRecord | undefined, rows: readonly TextRecord[]): boolean {
  const names = first?.fields ?? [];
  if (names.every((name) => TYPED_NAME.test(name))) return true;
  if (names.some(isValue)) return false;
  if (rows.length === 0) return true;
  const columns = names
    .map((name, at) => ({ name, values: valuesAt(rows, at) }))
    .filter(({ values }) => values.length > 0);
  if (first !== undefined && namesNumbers([first, ...rows])) return true;
  if (new Set(names).size < names.length && names.some((name) => name !== '')) return false;
  if (columns.some(({ name, values }) => name !== '' && values.includes(name))) return false;
  const unlike = columns.some(
    ({ name, values }) => !values.some((value) => shapeOf(value) === shapeOf(name)),
  );
  // Words alone are names as often as values; names seldom have numbers in them.
  return unlike || !names.some((name) => /\d/.test(name));
}

/** The first record has a word above a column of numbers or times. */
export function namesNumbers([first, ...rest]: readonly TextRecord[]): boolean {
  const rows = rest.slice(0, ROWS);
  const names = first?.fields ?? [];
  return names.some((name, at) => {
    const values = valuesAt(rows, at);
    return values.length > 0 && !isValue(name) && values.every(isValue);
  });
}

function valuesAt(rows: readonly TextRecord[], at: number): string[] {
  return rows.map(({ fields }) => fields[at] ?? '').filter((value) => value !== '');
}

/** `user 17` and `user 4` have the shape `a 9`. */
function shapeOf(text: string): string {
  return text
    .replaceAll(/\p{Lu}+/gu, 'A')
    .replaceAll(/\p{Ll}+/gu, 'a')
    .replaceAll(/\d+/g, '9');
}

/** `# user item time` as the last of the comments, with as many names as there are columns. */
function namesInComments(dialect: TextDialect, width: number): string[] | undefined {
  const last = dialect.comments
    .at(-1)
    ?.replace(/^[#%]+[ \t]*/, '')
    .trimEnd();
  if (last === undefined || width < 2) return undefined;
  const names = dialect.delimiter === ' ' ? last.split(/[ \t]+/) : last.split(dialect.delimiter);
  const unlike = names.every((name) => name !== '' && !isValue(name)) && new Set(names).size === names.length;
  return names.length === width && unlike ? names : undefined;
}

/** Names that differ in more than case, as SQL needs them; those without one are column0, column1, … by their place. */
export function uniqueNames(names: readonly string[]): string[] {
  const digits = String(Math.max(0, names.length - 1)).length;
  const taken = new Set<string>();
  return names.map((name, at) => {
    const wanted = name.trim() === '' ? `column${String(at).padStart(digits, '0')}` : name.trim();
    let unique = wanted;
    for (let count = 1; taken.has(unique.toLowerCase()); count++) unique = `${wanted}_${count}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
