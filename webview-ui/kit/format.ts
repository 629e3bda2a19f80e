/** Figures, times and names as views write them. */
import { GAP, MINUS, count, rate, signed, significant } from '../../src/protocol/text/number-form.ts';

export {
  GAP,
  bytes,
  count,
  duration,
  percent,
  rate,
  significant,
} from '../../src/protocol/text/number-form.ts';

/** A difference of rates, always with its sign: `+.0123`, `−.0004`. */
export function difference(value: number): string {
  const text = rate(value);
  return text.startsWith(MINUS) || !Number.isFinite(value) || Number(text) === 0 ? text : `+${text}`;
}

/** An interval of rates: `.0941–.1040`. */
export function interval(low: number, high: number): string {
  return `${rate(low)}${GAP}–${GAP}${rate(high)}`;
}

/** A figure with exactly so many significant digits, for columns: `1.590`. */
export function precise(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toPrecision(digits);
  return text.includes('e') ? significant(value, digits) : signed(text, value);
}

const compactly = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** A large figure in short: `2.31M`. */
export function compact(value: number): string {
  return Number.isFinite(value) ? compactly.format(value) : '–';
}

/** A p-value: `.032`, `< .001`. */
export function pValue(p: number): string {
  if (!Number.isFinite(p)) return '–';
  return p < 0.001 ? `<${GAP}.001` : rate(Math.min(p, 1), 3);
}

/** An ISO time in the reader's own time zone: `22 Nov 2026, 11:54`. Anything else is returned as it is. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** The time of day of an ISO time, in the reader's own time zone: `11:54:12`. */
export function clock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleTimeString('en-GB');
}

/** `1 query`, `7,556 queries`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Marks that turn the order of the text around them, with which a name could look like another. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from the data, made safe to lay out: control characters become visible, and what is longer than `limit`
 * characters is cut (an identifier of 10 MB must not reach the page).
 */
export function cut(text: string, limit = 120): string {
  const head = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const characters = Array.from(head.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '␣').replace(BIDI_CONTROLS, '�'));
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('');
}
