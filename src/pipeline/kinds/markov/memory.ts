import {
  grownMatrixBytes,
  occurrenceBytes,
  sparseScorerBytes,
  type MemoryNeed,
} from '../fitting/memory-need.ts';

/** At most one transition a training row. */
export const markovMemory: MemoryNeed = {
  fit: (size) => occurrenceBytes(size) + grownMatrixBytes(size.trainRows),
  open: (size) => 8 * size.trainRows + sparseScorerBytes(size),
};
