import { log } from '../../deterministic-math.ts';
import { differentItems } from '../ranking/seen-items.ts';

/** Numbers of a query itself, by which features weigh more or less; the first is the length's. */
export const QUERY_GATES = [
  'log length',
  'newest item repeated',
  'log rows of the newest item',
  'share of repeats',
  'single item',
  'share of known items',
] as const;

/** @param out a number for each of `QUERY_GATES` */
export function fillQueryGates(query: Int32Array, trainCounts: Uint32Array, out: Float32Array): void {
  const newest = query.at(-1) ?? -1;
  let different = 0;
  for (const _ of differentItems(query)) different++;
  out[0] = log(Math.max(1, query.length));
  out[1] = query.subarray(0, -1).includes(newest) ? 1 : 0;
  out[2] = log(1 + (trainCounts[newest] ?? 0));
  out[3] = query.length === 0 ? 0 : 1 - different / query.length;
  out[4] = query.length === 1 ? 1 : 0;
  out[5] = query.length === 0 ? 0 : knownOf(query, trainCounts) / query.length;
}

/** How many places of a query hold an item with training rows: of the others most members know nothing. */
function knownOf(query: Int32Array, trainCounts: Uint32Array): number {
  let known = 0;
  for (const item of query) if ((trainCounts[item] ?? 0) > 0) known++;
  return known;
}
