import { countedToo, inOrderOfParts } from './join-parts.ts';
import type { PreparedData } from './prepared-data.ts';

/**
 * The same data with the validation part for training too: there is no validation part then, and the items of its rows are
 * known. Its sequences stand at the end of the training part; before it, where all are in order of time and they are not
 * newer, so that the newest training sequences are still the newest. Of a split by leave-one-out it cannot be told.
 */
export function withValidation(data: PreparedData): PreparedData {
  const { layout, sequences } = data;
  if (layout.leaveOneOut) throw new Error('by leave-one-out validation is no part of its own');
  const from = sequences.offsets[layout.train] ?? 0;
  const to = sequences.offsets[layout.train + layout.validation] ?? from;
  const first = layout.timeOrdered && !layout.validationNewer;
  return {
    ...data,
    ...(first ? inOrderOfParts(data, ['validation', 'train', 'test']) : {}),
    ...countedToo(data, sequences.items.subarray(from, to)),
    layout: { ...layout, train: layout.train + layout.validation, validation: 0 },
  };
}
