import type { ItemVectors } from '../../ranking/scorer.ts';
import type { FeatureGroup } from './feature-group.ts';

/** Similarities to so many newest items stand by themselves; the highest is that to any of the newest `REACH`. */
export const LAGS = 3;
export const REACH = 5;
const WIDTH = LAGS + 1;

/** @param name of the member whose vectors these are */
export function similarityNames(name: string): string[] {
  return [
    ...Array.from({ length: LAGS }, (_, lag) => `${name}: similarity to the item ${lag} before the newest`),
    `${name}: highest similarity`,
  ];
}

/** Products of a candidate's unit vector with those of the query's newest items, and the highest of them. */
export function vectorFeatures(name: string, products: NonNullable<ItemVectors['products']>): FeatureGroup {
  return {
    names: similarityNames(name),
    fill(query, items, out) {
      const newest = query.subarray(-REACH).toReversed();
      const similarities = newest.length === 0 ? new Float32Array(0) : products(newest, items);
      out.fill(0, 0, items.length * WIDTH);
      for (let i = 0; i < items.length; i++) fillOne(newest, items, i, similarities, out);
    },
  };
}

/** @param similarities newest × items */
function fillOne(
  newest: Int32Array,
  items: Int32Array,
  i: number,
  similarities: Float32Array,
  out: Float32Array,
): void {
  const item = items[i];
  let highest = -1;
  for (let lag = 0; lag < newest.length; lag++) {
    // An item is as similar to itself as can be, which repeats tell better.
    const similarity = newest[lag] === item ? 0 : (similarities[lag * items.length + i] ?? 0);
    if (lag < LAGS) out[i * WIDTH + lag] = similarity;
    highest = Math.max(highest, similarity);
  }
  out[i * WIDTH + LAGS] = highest;
}
