/** Places of values on axes, apart from any drawing. */
import type { TuningAxis } from '../../../src/protocol/tuning.ts';

export type Value = number | string | boolean;

/** Where a value stands on an axis, 0 at its foot and 1 at its top; undefined where it is not on it. */
export function placeOn(axis: TuningAxis, value: Value | undefined): number | undefined {
  if (axis.type === 'choice') {
    const index = axis.values.findIndex((candidate) => candidate === value);
    return index < 0 ? undefined : (index + 0.5) / axis.values.length;
  }
  if (typeof value !== 'number') return undefined;
  const scale = (x: number): number => (axis.log ? Math.log(x) : x);
  const place = (scale(value) - scale(axis.low)) / (scale(axis.high) - scale(axis.low));
  return Number.isFinite(place) ? Math.max(0, Math.min(1, place)) : undefined;
}
