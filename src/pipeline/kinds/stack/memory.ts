import { sparseScorerBytes, type MemoryNeed } from '../fitting/memory-need.ts';

/** Some thousand queries. */
const LEAST_TABLE_BYTES = 256 << 20;

export const stackMemory: MemoryNeed = {
  // The table of candidates takes what the step has.
  fit: () => LEAST_TABLE_BYTES,
  open: (size) => sparseScorerBytes(size) + 24 * size.items,
};
