import { occurrenceBytes, sparseScorerBytes, type MemoryNeed } from '../fitting/memory-need.ts';

/** Two numbers an item beside the places, and three counts of each candidate. */
const COUNTER_BYTES = 32;

export const nGramMemory: MemoryNeed = {
  fit: (size) => 4 * size.trainRows + 4 * size.trainSequences,
  open: (size) =>
    4 * size.trainRows + occurrenceBytes(size) + sparseScorerBytes(size) + COUNTER_BYTES * size.items,
};
