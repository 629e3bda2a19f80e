import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';

export interface PreparedOptions {
  readonly leaveOneOut?: boolean;
  /** Sequences of each part; ignored by leave-one-out. */
  readonly train?: number;
  readonly validation?: number;
  readonly groups?: readonly number[];
  readonly itemCount?: number;
  /** User of each sequence, where users are split. */
  readonly users?: readonly number[];
  /** Items of a catalogue file. */
  readonly catalogue?: readonly number[];
}

/** Prepared data in memory from sequences of item codes: train first, then validation, then test. */
export function preparedFrom(
  sequences: readonly (readonly number[])[],
  options: PreparedOptions = {},
): PreparedData {
  const leaveOneOut = options.leaveOneOut ?? false;
  const train = options.train ?? sequences.length;
  const validation = options.validation ?? 0;
  const flat = sequences.flat();
  const itemCount = options.itemCount ?? flat.reduce((most, item) => Math.max(most, item + 1), 0);
  const offsets = new Uint32Array(sequences.length + 1);
  sequences.forEach((sequence, s) => (offsets[s + 1] = (offsets[s] ?? 0) + sequence.length));
  const trainCounts = new Uint32Array(itemCount);
  sequences.forEach((sequence, s) => {
    if (!leaveOneOut && s >= train) return;
    const kept = leaveOneOut ? sequence.slice(0, -2) : sequence;
    for (const item of kept) trainCounts[item] = (trainCounts[item] ?? 0) + 1;
  });
  const all = sequences.length;
  const parts = leaveOneOut
    ? { train: all, validation: all, test: all }
    : { train, validation, test: all - train - validation };
  const groups = options.groups === undefined ? {} : { itemGroups: Int32Array.from(options.groups) };
  const groupCount = (options.groups ?? []).reduce((most, group) => Math.max(most, group + 1), 0);
  return {
    layout: {
      itemCount,
      groupCount,
      leaveOneOut,
      timeOrdered: false,
      validationNewer: true,
      ...parts,
      warnings: [],
    },
    sequences: { items: Int32Array.from(flat), offsets },
    trainCounts,
    catalogue: Uint8Array.from(trainCounts, (rows, item) =>
      rows > 0 || options.catalogue?.includes(item) === true ? 1 : 0,
    ),
    ...groups,
    ...(options.users === undefined ? {} : { sequenceClusters: Uint32Array.from(options.users) }),
  };
}
