/** What kind of values a column holds, told by the values themselves where they are text. */
import { saysMissing } from '../roles/missing.ts';
import { INTEGER, numberReading, skeletonOf } from '../roles/reading.ts';
import { timeReadings } from '../roles/time-reading.ts';
import { mostAreTimes } from './plausible-times.ts';

export type Kind = 'text' | 'numbered' | 'integer' | 'decimal' | 'time' | 'time of day' | 'other';

/** Values looked at to tell a kind. */
const LOOK = 300;

/** @param values null where there is none; words for a missing value count as none */
export function kindOf(type: string, values: readonly (string | null)[]): Kind {
  const typed = kindOfType(type);
  // What pandas makes of whole numbers beside missing ones.
  if (typed === 'decimal' && values.every((value) => value === null || /^[+-]?\d+(\.0+)?$/.test(value)))
    return 'integer';
  if (typed !== 'text') return typed;
  const texts = [
    ...new Set(values.filter((value) => value !== null && !saysMissing(value)).slice(0, LOOK)),
  ].filter((value) => value !== null);
  return texts.length === 0 ? 'text' : kindOfTexts(texts);
}

function kindOfTexts(texts: readonly string[]): Kind {
  if (numberReading(texts) !== undefined)
    return texts.every((text) => INTEGER.test(text.trim()) || /^[+-]?\d+\.0+$/.test(text.trim()))
      ? 'integer'
      : 'decimal';
  const times = timeReadings(texts)
    .flat()
    .filter(({ formats = [] }) => mostAreTimes(texts, formats));
  if (times.length > 0)
    return times.every(({ formats = [] }) => formats.every((format) => !/%[YymbBd]/.test(format)))
      ? 'time of day'
      : 'time';
  const [skeleton = '', ...others] = new Set(texts.map(skeletonOf));
  return others.length === 0 && skeleton.includes('#') ? 'numbered' : 'text';
}

function kindOfType(type: string): Kind {
  if (/\[\d*\]$|^(STRUCT|MAP|UNION|LIST|VARIANT|BLOB)/.test(type)) return 'other';
  if (/^(VARCHAR|UUID|ENUM)/.test(type)) return 'text';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'integer';
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'time';
  if (type.startsWith('TIME')) return 'time of day';
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return 'decimal';
  return 'other';
}
