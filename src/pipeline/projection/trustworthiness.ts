/**
 * Trustworthiness of a picture (Venna and Kaski 2001): 1 where the nearest items of every item on the picture are its nearest
 * in the model, less for each that is not by how far it is. About .5 is chance.
 */
import { ExactIndex } from '../neighbours/exact-index.ts';
import { shuffled } from '../seeded-random.ts';

/** Items are scored against all others a few at a time. */
const BLOCK = 8;
/** Numbers held for the scores of a block, at most. */
const MOST_SCORES = 1 << 25;

/** Items to measure on: all of few, a sample of more. */
export function trustSample(rows: number, seed: number): Int32Array {
  const wanted = rows > 200_000 ? 100 : 500;
  return Int32Array.from(shuffled(rows, seed).subarray(0, Math.min(rows, wanted))).sort();
}

/**
 * @param values rows × dimension, of length 1
 * @param pictures x and y of each row, one array a picture
 * @param k nearest items of a picture that are looked at
 * @returns one figure a picture; undefined where there are too few items for it to mean anything
 */
export function trustworthiness(
  values: Float32Array,
  dimension: number,
  pictures: readonly Float32Array[],
  k: number,
  sample: Int32Array,
): number[] | undefined {
  const rows = values.length / dimension;
  if (rows < 2 * k + 2) return undefined;
  const index = new ExactIndex(values, dimension);
  const block = Math.max(1, Math.min(BLOCK, Math.floor(MOST_SCORES / rows)));
  const scores = new Float32Array(block * rows);
  const penalties = pictures.map(() => 0);
  for (let at = 0; at < sample.length; at += block) {
    const some = sample.subarray(at, at + block);
    index.scoreBlock(gathered(values, dimension, some), scores);
    some.forEach((row, place) => {
      const own = scores.subarray(place * rows, (place + 1) * rows);
      pictures.forEach((positions, which) => {
        penalties[which] = (penalties[which] ?? 0) + penalty(own, row, nearestOnPicture(positions, row, k));
      });
    });
  }
  const scale = 2 / (sample.length * k * (2 * rows - 3 * k - 1));
  return penalties.map((sum) => 1 - scale * sum);
}

function gathered(values: Float32Array, dimension: number, rows: Int32Array): Float32Array {
  const queries = new Float32Array(rows.length * dimension);
  rows.forEach((row, at) =>
    queries.set(values.subarray(row * dimension, (row + 1) * dimension), at * dimension),
  );
  return queries;
}

/** How far the ranks of some items, by their scores, lie beyond the first so many. */
function penalty(scores: Float32Array, row: number, near: Int32Array): number {
  const wanted = Array.from(near, (other) => scores[other] ?? 0).sort((a, b) => b - a);
  const lowest = wanted.at(-1) ?? Infinity;
  const above = new Int32Array(wanted.length);
  for (let other = 0; other < scores.length; other++) {
    const score = scores[other] ?? 0;
    // Of most items one comparison is enough.
    if (score <= lowest || other === row) continue;
    for (let i = wanted.length - 1; i >= 0 && score > (wanted[i] ?? 0); i--) above[i] = (above[i] ?? 0) + 1;
  }
  return above.reduce((sum, better) => sum + Math.max(0, better + 1 - near.length), 0);
}

/** The rows nearest to one on a picture, itself left out. */
export function nearestOnPicture(positions: Float32Array, row: number, k: number): Int32Array {
  const [x, y] = [positions[row * 2] ?? 0, positions[row * 2 + 1] ?? 0];
  const rows = new Int32Array(k).fill(-1);
  const distances = new Float64Array(k).fill(Infinity);
  for (let other = 0, at = 0; at < positions.length; other++, at += 2) {
    const distance = ((positions[at] ?? 0) - x) ** 2 + ((positions[at + 1] ?? 0) - y) ** 2;
    if (!(distance < (distances[k - 1] ?? 0)) || other === row) continue;
    let place = k - 1;
    for (; place > 0 && distance < (distances[place - 1] ?? 0); place--) {
      distances[place] = distances[place - 1] ?? 0;
      rows[place] = rows[place - 1] ?? -1;
    }
    distances[place] = distance;
    rows[place] = other;
  }
  return rows;
}
