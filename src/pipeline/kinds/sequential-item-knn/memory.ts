import type { DataSize } from '../fitting/data-size.ts';
import {
  grownMatrixBytes,
  numberOf,
  occurrenceBytes,
  sparseScorerBytes,
  TUNING_BYTES,
  type MemoryNeed,
} from '../fitting/memory-need.ts';
import { LARGEST_GAP } from './co-occurrence.ts';

/** Entries of the matrix, about: each row of an item adds those beside it, up to the most that are kept. */
function entriesOf({ trainCounts, trainRows, trainSequences }: DataSize, neighbours: number): number {
  // A row is in a sequence of twice the mean length, where lengths are spread as they commonly are.
  const beside = Math.min(2 * LARGEST_GAP, 2 * Math.max(1, trainRows / Math.max(1, trainSequences) - 1));
  return trainCounts.reduce((sum, count) => sum + Math.min(neighbours, count * beside), 0);
}

export const knnMemory: MemoryNeed = {
  fit: (size, parameters) =>
    occurrenceBytes(size) +
    grownMatrixBytes(entriesOf(size, numberOf(parameters, 'neighbours'))) +
    TUNING_BYTES,
  open: (size, parameters) =>
    8 * entriesOf(size, numberOf(parameters, 'neighbours')) + sparseScorerBytes(size),
};
