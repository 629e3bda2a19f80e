import type { PreparedData } from '../../data/prepared-data.ts';

/** What decides how much memory models of some data need: known once the data are prepared, without reading them. */
export interface DataSize {
  readonly items: number;
  readonly sequences: number;
  /** Rows of all sequences. */
  readonly rows: number;
  readonly trainSequences: number;
  readonly trainRows: number;
  /** Training rows of each item. */
  readonly trainCounts: Uint32Array;
  readonly leaveOneOut: boolean;
}

export function sizeOfData(
  { layout, trainCounts }: Pick<PreparedData, 'layout' | 'trainCounts'>,
  rows: number,
): DataSize {
  const { itemCount, leaveOneOut, train, validation, test } = layout;
  return {
    items: itemCount,
    sequences: leaveOneOut ? train : train + validation + test,
    rows,
    trainSequences: train,
    trainRows: trainCounts.reduce((sum, count) => sum + count, 0),
    trainCounts,
    leaveOneOut,
  };
}

/** Items with at least so many training rows, and the rows of these. */
export function vocabularySize(
  { trainCounts }: Pick<DataSize, 'trainCounts'>,
  minCount: number,
): { items: number; rows: number } {
  let items = 0;
  let rows = 0;
  for (const count of trainCounts) {
    if (count < Math.max(1, minCount)) continue;
    items++;
    rows += count;
  }
  return { items, rows };
}

/** Bytes of the prepared data in memory, with the copy of the training sequences that leave-one-out makes. */
export function preparedBytes({ items, sequences, rows, leaveOneOut }: DataSize): number {
  const arrays = 4 * rows + 8 * sequences + 12 * items;
  return leaveOneOut ? arrays + 4 * rows + 4 * sequences : arrays;
}
