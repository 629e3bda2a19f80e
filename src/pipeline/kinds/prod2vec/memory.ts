import type { DataSize } from '../fitting/data-size.ts';
import { vocabularySize } from '../fitting/data-size.ts';
import { exactIndexBytes, numberOf, type MemoryNeed } from '../fitting/memory-need.ts';
import { LIST_BYTES } from './last-item-lists.ts';
import { planMemory } from './memory-plan.ts';
import { checkedProd2vec } from './parameters.ts';

function matrixBytes(size: DataSize, minCount: number, vectorSize: number): number {
  return 4 * vocabularySize(size, minCount).items * vectorSize;
}

function openBytes(size: DataSize, minCount: number, vectorSize: number): number {
  const { items } = vocabularySize(size, minCount);
  const matrix = matrixBytes(size, minCount, vectorSize);
  return 2 * matrix + exactIndexBytes(items, vectorSize) + LIST_BYTES;
}

/** The kernel's memory, the parts of the data, and copies of both matrices; with early stopping also the best so far, measured. */
export const prod2vecMemory: MemoryNeed = {
  fit(size, given, threads) {
    const parameters = checkedProd2vec(given);
    const { minCount, vectorSize, patience } = parameters;
    const { items, rows } = vocabularySize(size, minCount);
    const training = { rows: items, tokens: rows, sequences: size.trainSequences, longest: 0, threads };
    const parts = threads > 1 ? 4 * (size.trainRows + 2 * size.trainSequences + threads * size.items) : 0;
    const matrix = matrixBytes(size, minCount, vectorSize);
    const judged = patience > 0 ? 3 * matrix + openBytes(size, minCount, vectorSize) : 0;
    return planMemory(training, parameters).bytes + parts + 12 * size.items + 3 * matrix + judged;
  },
  open: (size, parameters) =>
    openBytes(size, numberOf(parameters, 'minCount'), numberOf(parameters, 'vectorSize')),
};
