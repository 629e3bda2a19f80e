/**
 * How numbers are written, on cards and in their text: as many digits as mean something, real minus signs, and no thousands
 * of zeroes.
 */
import type { NumberForm } from '../panels/section.ts';

export const MINUS = '−';
/** Between a figure and its unit. */
export const GAP = ' ';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function signed(text: string, value: number): string {
  return value < 0 ? `${MINUS}${text}` : text;
}

/** A rate in [0, 1] with four decimals and without the leading zero, as the field prints them: `.0990`. */
export function rate(value: number, decimals = 4): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(decimals);
  return signed(text.replace(/^0(?=\.)/, ''), Number(text) === 0 ? 0 : value);
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

/** A figure of any size with so many significant digits, trailing zeroes dropped. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude >= digits - 1) return count(value);
  if (magnitude < -5) return signed(Math.abs(value).toExponential(digits - 1), value);
  return signed(String(Number(Math.abs(value).toPrecision(digits))), value);
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

const WRITE: Readonly<Record<NumberForm, (value: number) => string>> = {
  number: (value) => significant(value, 3),
  rate,
  share: percent,
  count,
  seconds: duration,
  bytes,
};

/** What writes numbers in a form. */
export function writer(form: NumberForm = 'number'): (value: number) => string {
  return WRITE[form];
}
