/** What kind of values a text column holds, told by the text alone. */

const INTEGER = /^[+-]?(?:0|[1-9]\d{0,18})$/;
const HUGE_INTEGER = /^[+-]?[1-9]\d{18,37}$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
const TIMESTAMP_TZ = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$/;
const TIME = /^\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$/;
const BOOLEAN = /^(?:true|false)$/i;

/** DuckDB's types, the narrowest first. */
const TYPES: readonly (readonly [string, (value: string) => boolean])[] = [
  ['BIGINT', (value) => INTEGER.test(value) && fitsBigint(value)],
  ['HUGEINT', (value) => INTEGER.test(value) || HUGE_INTEGER.test(value)],
  ['DOUBLE', (value) => DECIMAL.test(value) && !/^[+-]?0\d/.test(value)],
  ['DATE', (value) => DATE.test(value)],
  ['TIMESTAMP', (value) => TIMESTAMP.test(value) || DATE.test(value)],
  ['TIMESTAMP WITH TIME ZONE', (value) => TIMESTAMP_TZ.test(value)],
  ['TIME', (value) => TIME.test(value)],
  ['BOOLEAN', (value) => BOOLEAN.test(value)],
];

function fitsBigint(value: string): boolean {
  return value.length < 19 || BigInt.asIntN(64, BigInt(value)) === BigInt(value);
}

/** DuckDB's name of the narrowest type that keeps every value as it is written; VARCHAR where there is none, or no value. */
export function typeOfTexts(values: readonly (string | null)[]): string {
  const present = values.filter((value) => value !== null && value !== '');
  if (present.length === 0) return 'VARCHAR';
  return (
    TYPES.find(([, fits]) => present.every((value) => value !== null && fits(value.trim())))?.[0] ?? 'VARCHAR'
  );
}

/** Whether a text is a number or a time, as names of columns are not. */
export function isValue(text: string): boolean {
  const value = text.trim();
  return (
    DECIMAL.test(value.replace(',', '.')) ||
    /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(value) ||
    TIME.test(value)
  );
}
