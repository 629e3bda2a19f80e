import { log } from '../../../deterministic-math.ts';
import { differentItems } from '../../ranking/seen-items.ts';
import type { FeatureGroup } from './feature-group.ts';

export const REPEAT_FEATURES = [
  'newest',
  'second newest',
  'third newest',
  'older',
  'log count',
  'log lag',
].map((name) => `in the list: ${name}`);
const WIDTH = REPEAT_FEATURES.length;
/** Older items are all alike. */
export const LAGS = 3;
/** Lags are counted so far back. */
export const REACH = 1000;

/** Where a candidate stands in the query, by its newest place, and how often; zeros where it does not. */
export function repeatFeatures(itemCount: number): FeatureGroup {
  const lagOf = new Int32Array(itemCount).fill(-1);
  const countOf = new Uint32Array(itemCount);
  return {
    names: REPEAT_FEATURES,
    fill(query, items, out) {
      const newest = query.subarray(Math.max(0, query.length - REACH));
      newest.forEach((item, at) => {
        lagOf[item] = newest.length - 1 - at;
        countOf[item] = (countOf[item] ?? 0) + 1;
      });
      for (const item of differentItems(query)) if ((lagOf[item] ?? -1) < 0) lagOf[item] = REACH;
      out.fill(0, 0, items.length * WIDTH);
      for (let i = 0; i < items.length; i++) {
        const item = items[i] ?? 0;
        const lag = lagOf[item] ?? -1;
        if (lag >= 0) fillOne(lag, Math.max(1, countOf[item] ?? 0), out, i * WIDTH);
      }
      for (const item of differentItems(query)) lagOf[item] = -1;
      for (const item of newest) countOf[item] = 0;
    },
  };
}

function fillOne(lag: number, count: number, out: Float32Array, from: number): void {
  out[from + Math.min(lag, LAGS)] = 1;
  out[from + 4] = log(1 + count);
  out[from + 5] = log(1 + lag);
}
