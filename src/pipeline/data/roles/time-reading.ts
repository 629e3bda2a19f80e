/** Reading text as times: by strptime formats alone where these suffice, else with fraction and zone taken off first. */
import { quoteList, quoteText } from '../sql-text.ts';
import type { Reading } from './reading.ts';
import { DATE_ORDERS, PARTS, timeShapeOf } from './time-shape.ts';
import type { DateOrder, TimeShape } from './time-shape.ts';

interface TimeReading extends Reading {
  readonly formats: readonly string[];
}

/** More formats in one column are a muddle, not a mixture. */
const MOST_FORMATS = 8;
/** A year before is one written with two digits, or nonsense. */
const FIRST_YEAR = "TIMESTAMP '1000-01-01'";

/** Minutes by which the clocks of a zone are ahead, by the abbreviations that mean one thing in most data. */
const AHEAD: Readonly<Record<string, number>> = {
  ...{ EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 },
  ...{ AKST: -540, AKDT: -480, HST: -600, WET: 0, WEST: 60, CET: 60, CEST: 120, EET: 120, EEST: 180 },
  ...{ MSK: 180, BST: 60, JST: 540, KST: 540, AEST: 600, AEDT: 660, NZST: 720, NZDT: 780 },
};

/**
 * Ways of reading these texts as times, one for each order of day and month that fits them all; none when one text is
 * no time. They come in tiers, likely before unlikely: two digits of a year in front, day and month in front of a year
 * without anything between.
 */
export function timeReadings(texts: readonly string[]): readonly (readonly Reading[])[] {
  const shapes = new Map<string, TimeShape>();
  for (const text of texts) {
    const shape = timeShapeOf(text);
    if (shape === undefined) return [];
    shapes.set(JSON.stringify(shape), shape);
  }
  const all = [...shapes.values()];
  const readings = DATE_ORDERS.map((order) => readingBy(all, order)).filter(
    (reading) => reading !== undefined,
  );
  const different = [...new Map(readings.map((reading) => [reading.formats.join('\n'), reading])).values()];
  const unlikely = different.filter(({ formats }) => formats.some((format) => /%y.%m.%d/.test(format)));
  const compact = different.filter(({ formats }) => formats.some((format) => /%d%m%Y|%m%d%Y/.test(format)));
  const rest = different.filter((reading) => !unlikely.includes(reading) && !compact.includes(reading));
  return [rest, unlikely, compact].filter((some) => some.length > 0);
}

function readingBy(shapes: readonly TimeShape[], order: DateOrder): TimeReading | undefined {
  const formats: string[] = [];
  for (const shape of shapes) {
    const format = shape.formats[order];
    if (format === undefined) return undefined;
    formats.push(format);
  }
  // `%Y` would read two digits too.
  const distinct = [...new Set(formats)].sort((a, b) => Number(a.includes('%Y')) - Number(b.includes('%Y')));
  if (distinct.length > MOST_FORMATS) return undefined;
  return shapes.some(({ dressed }) => dressed) ? dressedReading(distinct, shapes) : formatReading(distinct);
}

/** Reads by strptime formats, as a person may give one too. */
export function formatReading(formats: readonly string[]): TimeReading {
  const hasYear = formats.some((format) => format.includes('%Y'));
  const [list, only] = [quoteList(formats), quoteText(formats[0] ?? '')];
  return {
    kind: 'time',
    type: 'TIMESTAMP',
    formats,
    how: `is read as ${formats.join(' or ')}`,
    value: (text) => {
      const parsed = `try_strptime(trim(${text}), ${formats.length === 1 ? only : list})::TIMESTAMP`;
      return hasYear ? `CASE WHEN ${parsed} >= ${FIRST_YEAR} THEN ${parsed} END` : parsed;
    },
  };
}

const NANOSECONDS = 9;
const MICROSECONDS = 6;

/** Reads texts with fractions of a second and zones. Instants are compared, and where no zone is written it is UTC. */
function dressedReading(formats: readonly string[], shapes: readonly TimeShape[]): TimeReading {
  const precise = shapes.some(({ fraction }) => fraction > MICROSECONDS);
  const places = shapes.flatMap(({ zone }) => (zone.includes('/') ? [zone] : []));
  const zones = shapes.some(({ zone }) => zone !== '');
  const [unit, digits] = precise ? [1000, NANOSECONDS] : [1, MICROSECONDS];
  const make = precise ? 'make_timestamp_ns' : 'make_timestamp';
  return {
    kind: 'time',
    type: precise ? 'TIMESTAMP_NS' : 'TIMESTAMP',
    formats,
    how: `is read as ${formats.join(' or ')}${shapes.some(({ fraction }) => fraction > 0) ? ', with fractions of a second' : ''}${zones ? ', in the zones written with it' : ''}`,
    value: (text) => {
      const t = partsSql(text);
      const plain = `CASE WHEN ${t}.before = '' THEN trim(${text}) ELSE trim(${t}.before || ${t}.half || ' ' || ${t}.after) END`;
      const base = formatReading(formats).value(plain);
      const inZone = places.map(
        (zone) => `WHEN ${quoteText(zone)} THEN epoch_us(timezone(${quoteText(zone)}, ${base}))`,
      );
      const ahead = `epoch_us(${base}) - ${aheadSql(`${t}.zone`)} * 60000000::BIGINT`;
      const instant = inZone.length === 0 ? ahead : `CASE ${t}.zone ${inZone.join(' ')} ELSE ${ahead} END`;
      const fraction = `rpad(substr(${t}.fraction, 2), ${digits}, '0')::BIGINT`;
      return `CASE WHEN strlen(${t}.fraction) <= ${digits + 1} THEN ${make}((${instant}) * ${unit} + ${fraction}) END`;
    },
  };
}

function partsSql(text: string): string {
  return `regexp_extract(trim(${text}), ${quoteText(PARTS)}, ['before', 'fraction', 'half', 'zone', 'after'])`;
}

/** Minutes ahead of UTC, NULL for a zone that is not known. */
function aheadSql(zone: string): string {
  const names = Object.entries(AHEAD).map(([name, minutes]) => `WHEN '${name}' THEN ${minutes}`);
  const digits = `regexp_extract(${zone}, '([+-])([0-9]{1,2}):?([0-9]{2})?$', ['sign', 'hours', 'minutes'])`;
  const offset = `CASE WHEN ${digits}.sign = '' THEN NULL ELSE TRY_CAST(${digits}.sign || '1' AS INTEGER) * (TRY_CAST(${digits}.hours AS INTEGER) * 60 + TRY_CAST('0' || ${digits}.minutes AS INTEGER)) END`;
  return `CASE ${zone} WHEN '' THEN 0 WHEN 'Z' THEN 0 WHEN 'UTC' THEN 0 WHEN 'GMT' THEN 0 ${names.join(' ')} ELSE ${offset} END`;
}
