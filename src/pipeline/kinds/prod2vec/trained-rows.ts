/**
 * Which vectors training has moved. A row that is in no pair (its item stands alone in every sequence, or all its rows
 * were sub-sampled away) ends as the random vector it began with, which says nothing of the item.
 */
import type { MemoryPlan } from './memory-plan.ts';
import type { TrainedVectors, VectorsAccess } from './train-request.ts';
import type { Session } from './train-session.ts';

/** Words of a row that are remembered: two floats that both stay the same to the last bit were not trained. */
const REMEMBERED = 2;

/** Remembers how each row begins; to be called once the vectors are filled. */
export function rememberStart(buffer: ArrayBufferLike, plan: MemoryPlan): void {
  const stride = plan.rowBytes / 4;
  const vectors = new Uint32Array(buffer, plan.inputVectors, plan.rows * stride);
  const start = new Uint32Array(buffer, plan.start, plan.rows * REMEMBERED);
  for (let row = 0; row < plan.rows; row++)
    for (let word = 0; word < REMEMBERED; word++)
      start[row * REMEMBERED + word] = vectors[row * stride + word] ?? 0;
}

/** 1 for each item of the vocabulary, in its order, whose input vector is not the one it began with. */
export function movedRows({ memory, plan, vocabulary }: Session): Uint8Array<ArrayBuffer> {
  const stride = plan.rowBytes / 4;
  const vectors = new Uint32Array(memory.buffer, plan.inputVectors, plan.rows * stride);
  const start = new Uint32Array(memory.buffer, plan.start, plan.rows * REMEMBERED);
  const moved = new Uint8Array(plan.rows);
  vocabulary.rows.forEach((row, index) => {
    for (let word = 0; word < REMEMBERED; word++)
      if (vectors[row * stride + word] !== start[row * REMEMBERED + word]) moved[index] = 1;
  });
  return moved;
}

/** The rows that were trained, and their items. */
export function trainedOnly(
  { items, dimension }: Pick<VectorsAccess | TrainedVectors, 'items' | 'dimension'>,
  vectors: Float32Array,
  trained: Uint8Array,
): { readonly dimension: number; readonly items: Int32Array; readonly values: Float32Array } {
  const kept = Uint32Array.from(trained.keys()).filter((row) => trained[row] === 1);
  if (kept.length === items.length) return { dimension, items, values: vectors };
  const values = new Float32Array(kept.length * dimension);
  kept.forEach((row, at) =>
    values.set(vectors.subarray(row * dimension, (row + 1) * dimension), at * dimension),
  );
  return { dimension, items: Int32Array.from(kept, (row) => items[row] ?? 0), values };
}
