import type { OpenModel } from '../model/open-model.ts';
import type { MapVectors } from './map-vectors.ts';

export interface AllNeighbours {
  readonly k: number;
  /** k rows of the map for each row, −1 after the last. */
  readonly rows: Int32Array;
  readonly scores: Float32Array;
}

/** What the model puts nearest to each item of a map, for those who cannot ask it. */
export function allNeighbours({ recommender }: OpenModel, { items }: MapVectors, k: number): AllNeighbours {
  const rows = new Int32Array(items.length * k).fill(-1);
  const scores = new Float32Array(items.length * k);
  const rowOf = new Map<number, number>();
  items.forEach((item, row) => rowOf.set(item, row));
  items.forEach((item, row) => {
    const found = recommender.similar(item, k);
    let at = row * k;
    found.items.forEach((other, place) => {
      const otherRow = rowOf.get(other);
      if (otherRow === undefined) return;
      rows[at] = otherRow;
      scores[at++] = found.scores[place] ?? 0;
    });
  });
  return { k, rows, scores };
}
