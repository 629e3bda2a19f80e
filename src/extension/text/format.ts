/** Figures as people read them. */

/** `45 %` of a fraction between 0 and 1. */
export function formatPercent(fraction: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}

/** A rate between 0 and 1, with four decimals. */
export function formatRate(value: number): string {
  return value.toFixed(4);
}

/** Up to four significant digits: `0.1234`, `12.3`, `1234`. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
