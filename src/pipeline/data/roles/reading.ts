/** How the text of a column that orders rows is read: as numbers, as times, or part by part. */

export interface Reading {
  readonly kind: 'number' | 'time' | 'natural';
  /** Its values, as SQL, from the SQL of the text; NULL where it cannot read one. */
  value(text: string): string;
  /** DuckDB's type of the values. */
  readonly type:
    'BIGINT' | 'DECIMAL(38,0)' | 'DECIMAL(38,18)' | 'DOUBLE' | 'TIMESTAMP' | 'TIMESTAMP_NS' | 'VARCHAR';
  /** Of times: the strptime formats, without fraction and zone. */
  readonly formats?: readonly string[];
  /** What a person reads behind the column's name: `is read as %d/%m/%Y`. */
  readonly how: string;
}

export const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?inf(inity)?$/i;
/** Digits that every integer of the type holds; parquet has no type for larger integers. */
const [BIGINT_DIGITS, DECIMAL_DIGITS] = [18, 38];
const [BEFORE_POINT, AFTER_POINT] = [20, 18];

function whole(type: 'BIGINT' | 'DECIMAL(38,0)'): Reading {
  // A cast would round decimals.
  const value = (text: string): string =>
    `CASE WHEN contains(${text}, '.') OR contains(lower(${text}), 'e') THEN NULL ELSE TRY_CAST(${text} AS ${type}) END`;
  return { kind: 'number', type, how: 'is text and is read as whole numbers', value };
}

function fractional(type: 'DECIMAL(38,18)' | 'DOUBLE'): Reading {
  const cast = (text: string): string => `TRY_CAST(${text} AS ${type})`;
  return {
    kind: 'number',
    type,
    how: 'is text and is read as numbers',
    value: (text) =>
      type === 'DOUBLE' ? `CASE WHEN isnan(${cast(text)}) THEN NULL ELSE ${cast(text)} END` : cast(text),
  };
}

/** The narrowest way of reading these texts as numbers without loss, undefined when one is none. */
export function numberReading(texts: readonly string[]): Reading | undefined {
  const values = texts.map((text) => text.trim());
  if (values.every((value) => INTEGER.test(value))) {
    const digits = Math.max(0, ...values.map((value) => value.replace(/^[+-]?0*/, '').length));
    // Longer ones are read digit by digit, as the parts of names are.
    return digits > DECIMAL_DIGITS ? undefined : whole(digits > BIGINT_DIGITS ? 'DECIMAL(38,0)' : 'BIGINT');
  }
  if (values.every((value) => DECIMAL.test(value) && fits(value))) return fractional('DECIMAL(38,18)');
  return values.every((value) => FLOAT.test(value)) ? fractional('DOUBLE') : undefined;
}

function fits(decimal: string): boolean {
  const [before = '', after = ''] = decimal.replace(/^[+-]?0*/, '').split('.');
  return before.length <= BEFORE_POINT && after.length <= AFTER_POINT;
}

/** Single letters of one case, in the order of the alphabet; undefined where a text is another. */
export function letterReading(texts: readonly string[]): Reading | undefined {
  const letters = ['[a-z]', '[A-Z]'].find((one) => texts.every((text) => new RegExp(`^${one}$`).test(text)));
  if (letters === undefined) return undefined;
  return {
    ...{ kind: 'natural', type: 'VARCHAR', how: 'is read in the order of the alphabet' },
    value: (text) => `CASE WHEN regexp_full_match(${text}, '${letters}') THEN ${text} END`,
  };
}

/** A text with a mark in place of each number: `p10` is `p#`. */
export function skeletonOf(text: string): string {
  return text.trim().replaceAll(/[0-9]+/g, '#');
}

/**
 * Reads texts that differ in their numbers only, number by number: `p2` comes before `p10`.
 * @param width digits of the longest number
 */
export function naturalReading(skeleton: string, width: number, literal: string): Reading {
  return {
    kind: 'natural',
    type: 'VARCHAR',
    how: `is text that is read number by number (${skeleton.replaceAll('#', '2')} comes before ${skeleton.replaceAll('#', '10')})`,
    value: (text) =>
      `CASE WHEN regexp_replace(trim(${text}), '[0-9]+', '#', 'g') = ${literal} THEN array_to_string(list_transform(regexp_extract_all(${text}, '[0-9]+'), lambda n: lpad(ltrim(n, '0'), ${width}, '0')), ' ') END`,
  };
}
