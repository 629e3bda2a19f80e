import type { PreparedData } from './prepared-data.ts';

/**
 * The same data with the validation part for training too, at its end: there is no validation part then, and the items of
 * its rows are known. Of a split by leave-one-out it cannot be told.
 */
export function withValidation(data: PreparedData): PreparedData {
  const { layout, sequences, catalogue } = data;
  if (layout.leaveOneOut) throw new Error('by leave-one-out validation is no part of its own');
  const from = sequences.offsets[layout.train] ?? 0;
  const to = sequences.offsets[layout.train + layout.validation] ?? from;
  const trainCounts = data.trainCounts.slice();
  for (const item of sequences.items.subarray(from, to)) trainCounts[item] = (trainCounts[item] ?? 0) + 1;
  return {
    ...data,
    layout: { ...layout, train: layout.train + layout.validation, validation: 0 },
    trainCounts,
    catalogue: catalogue.map((known, item) => (known === 1 || (trainCounts[item] ?? 0) > 0 ? 1 : 0)),
  };
}
