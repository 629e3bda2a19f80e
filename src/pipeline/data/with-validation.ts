import type { PreparedData, Sequences } from './prepared-data.ts';

/**
 * The same data with the validation part for training too: there is no validation part then, and the items of its rows are
 * known. Its sequences stand at the end of the training part; before it, where all are in order of time and they are not
 * newer, so that the newest training sequences are still the newest. Of a split by leave-one-out it cannot be told.
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
    ...(layout.timeOrdered && !layout.validationNewer ? validationFirst(data) : {}),
    layout: { ...layout, train: layout.train + layout.validation, validation: 0 },
    trainCounts,
    catalogue: catalogue.map((known, item) => (known === 1 || (trainCounts[item] ?? 0) > 0 ? 1 : 0)),
  };
}

/** The validation sequences before the training sequences; those of test stay where they are. */
function validationFirst({
  layout: { train, validation },
  sequences: { items, offsets },
  sequenceClusters,
}: PreparedData): Pick<PreparedData, 'sequences' | 'sequenceClusters'> {
  const held = train + validation;
  const order = Array.from({ length: held }, (_, s) => (s < validation ? train + s : s - validation));
  const moved: Sequences = { items: items.slice(), offsets: offsets.slice() };
  let at = offsets[0] ?? 0;
  order.forEach((from, s) => {
    const part = items.subarray(offsets[from] ?? 0, offsets[from + 1] ?? 0);
    moved.items.set(part, at);
    at += part.length;
    moved.offsets[s + 1] = at;
  });
  if (sequenceClusters === undefined) return { sequences: moved };
  const clusters = sequenceClusters.slice();
  order.forEach((from, s) => (clusters[s] = sequenceClusters[from] ?? 0));
  return { sequences: moved, sequenceClusters: clusters };
}
