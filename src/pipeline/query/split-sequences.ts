import type { PreparedData, Sequences, SplitName } from '../data/prepared-data.ts';

/** The sequences of one part; offsets point into the shared items array, so the first need not be 0. */
export function splitSequences({ layout, sequences }: PreparedData, split: SplitName): Sequences {
  if (layout.leaveOneOut) return sequences;
  const starts = { train: 0, validation: layout.train, test: layout.train + layout.validation };
  const first = starts[split];
  return { items: sequences.items, offsets: sequences.offsets.subarray(first, first + layout[split] + 1) };
}
