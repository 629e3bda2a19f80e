/** Figures as people read them, the same in the terminal and in the editor. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `512 B`, `3.4 MB` (powers of 1000, as disks are sold). */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `7.5`, `950`, `1.2 k`, `12 k`, `4.5 M`. */
export function formatCount(count: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (count >= size) return `${(count / size).toFixed(count >= 10 * size ? 0 : 1)} ${unit}`;
  }
  return count >= 10 || Number.isInteger(count) ? String(Math.round(count)) : count.toFixed(1);
}

/** A rate as people count it: `1.2 M words/s`, `7 trainings/min`, `3 trainings/h`; empty where less than one an hour. */
export function formatPace(perSecond: number, unit: string): string {
  for (const [seconds, name] of [
    [1, 's'],
    [60, 'min'],
    [3600, 'h'],
  ] as const) {
    const rate = perSecond * seconds;
    if (rate >= 0.995)
      return `${formatCount(rate < 10 && seconds > 1 ? Math.round(rate) : rate)} ${unit}/${name}`;
  }
  return '';
}

/** A time that is only guessed: `10 s`, `40 s`, `3 min`, `2 h 10 min`. */
export function roughSeconds(seconds: number): string {
  if (seconds < 55) return `${Math.max(10, Math.round(seconds / 10) * 10)} s`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const tens = Math.round(minutes / 10) * 10;
  return tens % 60 === 0 ? `${tens / 60} h` : `${Math.floor(tens / 60)} h ${tens % 60} min`;
}

/** A share from 0 to 1: `61 %`, `0.4 %`, `under 0.1 %`. */
export function formatPercent(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return 'under 0.1 %';
  return `${percent === 0 || percent >= 9.95 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** A sentence of a count: the one for 1, or the other with the count as `12,345`. */
export function oneOrMany(count: number, one: string, many: (figure: string) => string): string {
  return count === 1 ? one : many(count.toLocaleString('en-US'));
}

/** `0.23 $`; small amounts keep two digits that count. */
export function formatDollars(usd: number): string {
  return `${usd === 0 || usd >= 0.995 ? usd.toFixed(2) : usd.toPrecision(2)} $`;
}
