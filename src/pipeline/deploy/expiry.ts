/** How long an endpoint is to stay. */
import { EXIT, UserError } from '../../protocol/user-error.ts';

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };
export const NEVER = 'never';

/**
 * @param given `8h`, `2d`, `30m`, or `never`
 * @returns milliseconds, or undefined for never
 * @throws UserError for anything else
 */
export function timeToLive(given: string): number | undefined {
  if (given === NEVER) return undefined;
  const [, count = '', unit = ''] = /^(\d+)([mhd])$/.exec(given) ?? [];
  const hours = Number(count) * (HOURS[unit] ?? NaN);
  if (Number.isFinite(hours) && hours > 0) return hours * 3_600_000;
  throw new UserError(`'${given}' is no time to live.`, `Write it such as 8h, 2d or 30m, or ${NEVER}.`, {
    exitCode: EXIT.usage,
  });
}
