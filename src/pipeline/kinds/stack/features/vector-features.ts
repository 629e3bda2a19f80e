import type { ItemVectors } from '../../ranking/scorer.ts';
import type { FeatureGroup } from './feature-group.ts';

/** Similarities to so many newest items stand by themselves; the highest is that to any of the newest `REACH`. */
const LAGS = 3;
const REACH = 5;
const WIDTH = LAGS + 1;

/** Products of a candidate's unit vector with those of the query's newest items, and the highest of them. */
export function vectorFeatures(name: string, vectors: ItemVectors, itemCount: number): FeatureGroup {
  const { dimension, items: rows, values } = vectors;
  const rowOf = new Int32Array(itemCount).fill(-1);
  rows.forEach((item, row) => (rowOf[item] = row));
  const product = (a: number, b: number): number => {
    if (a < 0 || b < 0) return 0;
    let sum = 0;
    for (let d = 0; d < dimension; d++)
      sum += (values[a * dimension + d] ?? 0) * (values[b * dimension + d] ?? 0);
    return sum;
  };
  return {
    names: [
      ...Array.from({ length: LAGS }, (_, lag) => `${name}: similarity to the item ${lag} before the newest`),
      `${name}: highest similarity`,
    ],
    fill(query, items, out) {
      const newest = query.subarray(Math.max(0, query.length - REACH)).toReversed();
      const own = newest.map((item) => rowOf[item] ?? -1);
      out.fill(0, 0, items.length * WIDTH);
      items.forEach((item, i) => {
        const row = rowOf[item] ?? -1;
        let highest = -1;
        own.forEach((other, lag) => {
          const similarity = newest[lag] === item ? 0 : product(row, other);
          if (lag < LAGS) out[i * WIDTH + lag] = similarity;
          highest = Math.max(highest, similarity);
        });
        out[i * WIDTH + LAGS] = highest;
      });
    },
  };
}
