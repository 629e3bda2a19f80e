import type { DataSize } from '../fitting/data-size.ts';
import { sparseScorerBytes, TUNING_BYTES, type MemoryNeed } from '../fitting/memory-need.ts';

/** The inverted index of the sequences, and the workspace of a query. */
const indexBytes = ({ trainRows, trainSequences, items }: DataSize): number =>
  8 * trainRows + 28 * trainSequences + 12 * items;

export const sessionMemory: MemoryNeed = {
  fit: (size) => indexBytes(size) + sparseScorerBytes(size) + TUNING_BYTES,
  open: (size) => 4 * size.trainRows + indexBytes(size) + sparseScorerBytes(size),
};
