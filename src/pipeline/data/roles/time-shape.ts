/** How a text writes a time: the strptime formats that may read it, by the order of day, month and year. */

/** Day, month and year in the order in which they are written. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';
export const DATE_ORDERS: readonly DateOrder[] = ['dmy', 'mdy', 'ymd'];

export interface TimeShape {
  /** The format by each order that is possible; the same by all where the text leaves no choice. */
  readonly formats: Readonly<Partial<Record<DateOrder, string>>>;
  /** Digits of the second's fraction. */
  readonly fraction: number;
  /** The zone as it is written: `Z`, `+02:00`, `PDT`, `Europe/Berlin`; empty where none is. */
  readonly zone: string;
  /** Something that strptime cannot read stands in it: a fraction, a zone, or a remark in brackets. */
  readonly dressed: boolean;
}

const ZONE =
  '(?:Z|(?:UTC|GMT)?[+-][0-9]{1,2}:?[0-9]{2}|(?:UTC|GMT)?[+-][0-9]{1,2}|[A-Z]{2,5}|[A-Z][A-Za-z_]+/[A-Za-z_/]+)';
/**
 * Parts a text into what stands up to the clock, fraction, half of the day, zone, and what comes after. JavaScript and
 * RE2 read it alike.
 */
export const PARTS = `^(.*?(?:(?:^|[^0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|T[0-9]{6}))([.,][0-9]{1,9})?( ?[AaPp][Mm])?(?: *(${ZONE})(?:$|[^A-Za-z0-9]))?(?: *[(][^)]*[)])?(.*)$`;

const PATTERN = new RegExp(PARTS);
const CLOCK = /(?:(\d{1,2}:\d{2})(:\d{2})?|T\d{6})$/;

/** The shape of a text, undefined when it writes no time. */
export function timeShapeOf(text: string): TimeShape | undefined {
  const value = text.trim().replaceAll(/\s+/g, ' ');
  const [whole, before = value, fraction = '', half = '', zone = '', after = ''] = PATTERN.exec(value) ?? [];
  const clock = whole === undefined ? '' : clockFormat(before, half);
  const date = whole === undefined ? before : before.replace(CLOCK, '');
  const formats = joined(
    dateFormats(date, { leads: false, follows: clock !== '' }),
    clock,
    dateFormats(after.trim(), { leads: true, follows: false }),
  );
  if (formats === undefined) return undefined;
  const dressed = fraction !== '' || zone !== '' || (whole !== undefined && value.includes('('));
  return { formats, fraction: Math.max(0, fraction.length - 1), zone, dressed };
}

function clockFormat(before: string, half: string): string {
  const [found = '', , seconds] = CLOCK.exec(before) ?? [];
  if (found.startsWith('T')) return 'T%H%M%S';
  const hour = half === '' ? '%H' : '%I';
  return `${hour}:%M${seconds === undefined ? '' : ':%S'}${half.replace(/[AaPp][Mm]/, '%p')}`;
}

type Formats = Readonly<Partial<Record<DateOrder, string>>>;

/** A time has a clock, a date, or both; the date stands before the clock, after it, or around it. */
function joined(before: Formats | undefined, clock: string, after: Formats | undefined): Formats | undefined {
  if (before === undefined || after === undefined) return undefined;
  const all = DATE_ORDERS.flatMap((order) => {
    const [first, last] = [before[order], after[order]];
    if (first === undefined || last === undefined) return [];
    const format = last === '' ? `${first}${clock}` : `${first}${clock} ${last}`;
    return [[order, format.trim()] as const];
  });
  const formats: Formats = Object.fromEntries(all);
  // The name of a day alone orders nothing.
  return Object.values(formats).some((format) => /%[YymbBdHI]/.test(format)) ? formats : undefined;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const BETWEEN = /^[\s,./:_-]+$/;
const WORDS_BETWEEN = new Set(['t', 'at', 'of']);

function nameFormat(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (WORDS_BETWEEN.has(lower)) return word;
  for (const [names, short, long] of [
    [MONTHS, '%b', '%B'],
    [DAYS, '%a', '%A'],
  ] as const) {
    if (names.some((name) => name.slice(0, 3) === lower)) return short;
    if (names.includes(lower)) return long;
  }
  return undefined;
}

/** What words between may be next to: they say nothing at an end, where `T1001` is a name. */
interface Ends {
  /** Something stands before the text. */
  readonly leads: boolean;
  /** Something stands after it. */
  readonly follows: boolean;
}

/** Formats of a date, or of a part of one; undefined when it is none. */
function dateFormats(text: string, { leads, follows }: Ends): Formats | undefined {
  const tokens = text.match(/\d+|[A-Za-z]+|[^A-Za-z\d]+/g) ?? [];
  const named = tokens.map((token) =>
    /^\d/.test(token) ? token : BETWEEN.test(token) ? token : nameFormat(token),
  );
  if (!named.every((token) => token !== undefined)) return undefined;
  const numbers = named.filter((token) => /^\d/.test(token));
  const [first = '', last = ''] = [named[0], named.at(-1)];
  if (numbers.length > 0 && !leads && !isDated(first)) return undefined;
  if (numbers.length > 0 && !follows && WORDS_BETWEEN.has(last.toLowerCase())) return undefined;
  const hasMonth = named.some((token) => token === '%b' || token === '%B');
  const fills = hasMonth ? besideMonth(numbers) : withoutMonth(numbers);
  return fills === undefined
    ? undefined
    : Object.fromEntries(Object.entries(fills).map(([order, fill]) => [order, filled(named, fill)]));
}

/** A number, or the name of a month or a day. */
function isDated(token: string): boolean {
  return /^[\d%]/.test(token);
}

function filled(tokens: readonly string[], numbers: readonly string[]): string {
  let next = 0;
  return tokens.map((token) => (/^\d/.test(token) ? (numbers[next++] ?? '') : token)).join('');
}

type Fills = Readonly<Partial<Record<DateOrder, readonly string[]>>>;
const unambiguous = (...fill: string[]): Fills => ({ dmy: fill, mdy: fill, ymd: fill });

/** What the numbers beside the name of a month are: day and year, in either order. */
function besideMonth(numbers: readonly string[]): Fills | undefined {
  const lengths = numbers.map((number) => number.length);
  if (lengths.some((length) => length > 2 && length !== 4)) return undefined;
  const [first = 0, second = 0] = lengths;
  if (lengths.length === 0) return unambiguous();
  if (lengths.length === 1) return unambiguous(first === 4 ? '%Y' : '%d');
  if (lengths.length !== 2 || (first === 4 && second === 4)) return undefined;
  if (first === 4) return unambiguous('%Y', '%d');
  if (second === 4) return unambiguous('%d', '%Y');
  return second === 2 ? unambiguous('%d', '%y') : undefined;
}

const COMPACT: Readonly<Record<string, Fills>> = {
  '': unambiguous(),
  '4': unambiguous('%Y'),
  '8': { ymd: ['%Y%m%d'], dmy: ['%d%m%Y'], mdy: ['%m%d%Y'] },
  '8 6': unambiguous('%Y%m%d', '%H%M%S'),
  '8 4': unambiguous('%Y%m%d', '%H%M'),
};

function withoutMonth(numbers: readonly string[]): Fills | undefined {
  const lengths = numbers.map((number) => number.length);
  const compact = COMPACT[lengths.join(' ')];
  if (compact !== undefined) return compact;
  const [first = 0, second = 0, third = 0] = lengths;
  if (lengths.length === 2) return first === 4 && second <= 2 ? unambiguous('%Y', '%m') : undefined;
  return lengths.length === 3 && second <= 2 ? threeNumbers(first, third) : undefined;
}

/** By the digits of the first and the last number. */
function threeNumbers(first: number, third: number): Fills | undefined {
  if (first === 4 && third <= 2) return unambiguous('%Y', '%m', '%d');
  if (first > 2) return undefined;
  if (third === 4) return { dmy: ['%d', '%m', '%Y'], mdy: ['%m', '%d', '%Y'] };
  return {
    ...(third === 2 ? { dmy: ['%d', '%m', '%y'], mdy: ['%m', '%d', '%y'] } : {}),
    ...(first === 2 && third <= 2 ? { ymd: ['%y', '%m', '%d'] } : {}),
  };
}
