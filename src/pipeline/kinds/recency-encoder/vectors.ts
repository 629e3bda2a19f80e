import { readNpy } from '../../data/npy.ts';
import type { VectorReader } from '../model-kind.ts';

/** o of the items that may be recommended, which tells similar items better than E (docs/models.md). */
export const encoderVectors: VectorReader = {
  stated:
    'Output vectors (o), of length 1, shorter for items without training rows. Compare them by dot product. That is no score of the model, which makes queries of other vectors (E) by their lags, and adds priors of items and bonuses of repeats.',
  async read({ catalogue, locate }) {
    const [{ array: values, shape }, { array: items }] = await Promise.all([
      readNpy(locate('outputs'), Float32Array),
      readNpy(locate('vectorItems'), Int32Array),
    ]);
    const dimension = shape[1] ?? 0;
    const rows = moveForward(items, values, dimension, (item) => catalogue.known[item] === 1);
    return {
      dimension,
      items: items.subarray(0, rows),
      values: values.subarray(0, rows * dimension),
      similarity: 'product',
    };
  },
};

/** Moves rows that are meant before all others, in place. @returns how many these are */
function moveForward(
  items: Int32Array,
  values: Float32Array,
  dimension: number,
  isMeant: (item: number) => boolean,
): number {
  let rows = 0;
  items.forEach((item, row) => {
    if (!isMeant(item)) return;
    if (row > rows) values.copyWithin(rows * dimension, row * dimension, (row + 1) * dimension);
    items[rows++] = item;
  });
  return rows;
}
