/** How figures are written: as many digits as mean something, real minus signs, and no thousands of zeroes. */

const MINUS = '−';
/** Between a figure and its unit. */
export const GAP = ' ';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function signed(text: string, value: number): string {
  return value < 0 ? `${MINUS}${text}` : text;
}

/** A rate in [0, 1] with four decimals and without the leading zero, as the field prints them: `.0990`. */
export function rate(value: number, decimals = 4): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(decimals);
  return signed(text.replace(/^0(?=\.)/, ''), Number(text) === 0 ? 0 : value);
}

/** A difference of rates, always with its sign: `+.0123`, `−.0004`. */
export function difference(value: number): string {
  const text = rate(value);
  return text.startsWith(MINUS) || !Number.isFinite(value) || Number(text) === 0 ? text : `+${text}`;
}

/** An interval of rates: `.0941–.1040`. */
export function interval(low: number, high: number): string {
  return `${rate(low)}${GAP}–${GAP}${rate(high)}`;
}

/** A whole number in groups of three: `382,168`. */
export function count(value: number): string {
  return Number.isFinite(value) ? signed(grouped.format(Math.abs(value)), value) : '–';
}

/** A share of one as percent, trailing zeroes kept so that columns line up: `53.9 %`, `5.8 %`, `0.10 %`, `0.0094 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const value = Math.abs(share * 100);
  const text =
    value === 0 || value >= 99.95
      ? value.toFixed(0)
      : value >= 0.995
        ? value.toFixed(1)
        : value.toPrecision(2);
  return `${signed(text.includes('e') ? significant(value, 2) : text, share)}${GAP}%`;
}

/** A figure with exactly so many significant digits, for columns: `1.590`. */
export function precise(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toPrecision(digits);
  return text.includes('e') ? significant(value, digits) : signed(text, value);
}

/** A figure of any size with so many significant digits, trailing zeroes dropped. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude >= digits - 1) return count(value);
  if (magnitude < -5) return signed(Math.abs(value).toExponential(digits - 1), value);
  return signed(String(Number(Math.abs(value).toPrecision(digits))), value);
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

/** Seconds as people say them: `0.84 s`, `12 s`, `2 min 41 s`, `1 h 03 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 9.95) return `${significant(seconds, 2)}${GAP}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${GAP}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${GAP}min ${String(whole % 60).padStart(2, '0')}${GAP}s`;
  return `${Math.floor(minutes / 60)}${GAP}h ${String(minutes % 60).padStart(2, '0')}${GAP}min`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units: `3.2 MB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return '–';
  let unit = 0;
  let amount = value;
  while (amount >= 999.5 && unit < BYTE_UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? count(amount) : significant(amount, 3)}${GAP}${BYTE_UNITS[unit] ?? ''}`;
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
