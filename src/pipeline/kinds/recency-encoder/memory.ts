import { checkedParameters } from '../fitting/checked-parameters.ts';
import { vocabularySize, type DataSize } from '../fitting/data-size.ts';
import {
  exactIndexBytes,
  numberOf,
  TUNING_BYTES,
  type KindParameters,
  type MemoryNeed,
} from '../fitting/memory-need.ts';
import { planEncoderMemory } from './memory-plan.ts';
import { leastPositions } from './newest-positions.ts';
import { encoderParameters } from './parameters.ts';
import { chooseHeads, chooseSizes } from './sizes.ts';
import type { EncoderTraining } from './train.ts';

interface Sized {
  readonly items: number;
  readonly rows: number;
  readonly training: EncoderTraining;
  readonly heads: number;
}

/** The sizes that training will choose, from what is known before it. */
function sizedFor(size: DataSize, parameters: KindParameters): Sized {
  const checked = checkedParameters('recency-encoder', encoderParameters, parameters);
  const { items, rows } = vocabularySize(size, numberOf(parameters, 'minCount'));
  const historyItems = Math.min(checked.history, rows / Math.max(1, size.trainSequences));
  // The fewer positions, the wider the vectors.
  const positions = leastPositions(checked.newest, {
    ...{ items, lists: size.trainSequences, askedAtEnd: size.leaveOneOut },
    positions: Math.max(1, rows - size.trainSequences),
  });
  const work = { items, positions, historyItems };
  const training = chooseSizes(checked, work, size.leaveOneOut);
  return { items, rows, training, heads: chooseHeads(checked, training, work) };
}

/** Vectors and outputs of all heads, as they are read and as they are kept, the latter with their bias too, and the index over these. */
function openBytes({ items, training: { dimensions }, heads }: Sized): number {
  const wide = dimensions * heads + 1;
  return 5 * 4 * items * wide + exactIndexBytes(items, wide);
}

/** The kernel's memory, the positions, the best weights so far, and the model that is measured after an epoch. */
export const encoderMemory: MemoryNeed = {
  fit(size, parameters, threads) {
    const sized = sizedFor(size, parameters);
    const { items, rows, training, heads } = sized;
    const plan = planEncoderMemory({ items, tokens: rows, positions: rows, threads }, training);
    const matrix = 4 * items * training.dimensions;
    return plan.bytes + 16 * rows + 4 * matrix * heads + openBytes(sized) + TUNING_BYTES;
  },
  open: (size, parameters) => openBytes(sizedFor(size, parameters)),
};
