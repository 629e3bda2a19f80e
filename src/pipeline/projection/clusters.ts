/** Clusters of items by k-means in the model's own space, not on a picture of it. */
import { kmeans } from 'ml-kmeans';
import { shuffled } from '../seeded-random.ts';

/** As many colours as can be told apart. */
const MOST_CLUSTERS = 12;
/** Centres are found on a sample: those of more items hardly differ. */
const SAMPLE = 4_000;
const ITERATIONS = 60;
/** Items by which a cluster is named. */
const TYPICAL = 3;

export interface Clusters {
  /** Cluster of each row, the largest cluster first. */
  readonly ofRow: Uint8Array;
  /** Rows typical of each: the nearest to its centre among the more frequent half of its items. */
  readonly typical: readonly (readonly number[])[];
}

/** @param values rows × dimension, of length 1, the most frequent items first */
export function clustersOf(values: Float32Array, dimension: number, seed: number): Clusters {
  const rows = values.length / dimension;
  const wanted = Math.min(MOST_CLUSTERS, Math.max(1, Math.floor(Math.sqrt(rows / 2))));
  const sample = shuffled(rows, seed).subarray(0, SAMPLE);
  const points = Array.from(sample, (row) => [...values.subarray(row * dimension, (row + 1) * dimension)]);
  const { centroids } = kmeans(points, wanted, { seed, maxIterations: ITERATIONS });
  const found = assign(values, dimension, centroids);
  const order = bySize(found.ofRow, centroids.length);
  const place = new Uint8Array(centroids.length);
  order.forEach((cluster, at) => (place[cluster] = at));
  const ofRow = found.ofRow.map((cluster) => place[cluster] ?? 0);
  return { ofRow, typical: order.map((_, cluster) => typicalRows(ofRow, found.distance, cluster)) };
}

interface Assigned {
  readonly ofRow: Uint8Array;
  /** Squared, to the centre of the row's cluster. */
  readonly distance: Float64Array;
}

function assign(values: Float32Array, dimension: number, centres: readonly (readonly number[])[]): Assigned {
  const rows = values.length / dimension;
  const flat = Float64Array.from(centres.flat());
  const ofRow = new Uint8Array(rows);
  const distance = new Float64Array(rows).fill(Infinity);
  for (let row = 0; row < rows; row++)
    for (let centre = 0; centre < centres.length; centre++) {
      let sum = 0;
      for (let d = 0; d < dimension; d++)
        sum += ((values[row * dimension + d] ?? 0) - (flat[centre * dimension + d] ?? 0)) ** 2;
      if (sum >= (distance[row] ?? 0)) continue;
      distance[row] = sum;
      ofRow[row] = centre;
    }
  return { ofRow, distance };
}

/** Clusters that have rows, the largest first. */
function bySize(ofRow: Uint8Array, clusters: number): number[] {
  const sizes = new Uint32Array(clusters);
  for (const cluster of ofRow) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  return [...sizes.keys()]
    .filter((cluster) => (sizes[cluster] ?? 0) > 0)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
}

function typicalRows(ofRow: Uint8Array, distance: Float64Array, cluster: number): number[] {
  const own: number[] = [];
  ofRow.forEach((other, row) => {
    if (other === cluster) own.push(row);
  });
  const frequent = own.slice(0, Math.max(TYPICAL, Math.ceil(own.length / 2)));
  return frequent.sort((a, b) => (distance[a] ?? 0) - (distance[b] ?? 0) || a - b).slice(0, TYPICAL);
}
