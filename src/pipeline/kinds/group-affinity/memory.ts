import { sparseScorerBytes, TUNING_BYTES, type MemoryNeed } from '../fitting/memory-need.ts';

/** Shares and ranks of the items of each group; a tuning makes them anew for each setting. */
export const affinityMemory: MemoryNeed = {
  fit: (size) => 2 * sparseScorerBytes(size) + TUNING_BYTES,
  open: (size) => 2 * sparseScorerBytes(size),
};
