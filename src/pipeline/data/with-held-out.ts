import { countedToo, inOrderOfParts } from './join-parts.ts';
import type { PreparedData, SplitName } from './prepared-data.ts';

/**
 * The same data with all rows for training, those of the validation and test parts too: nothing is held out then, and all
 * items that have rows are known. The parts stand in the order train, validation, test. Where sequences are in order of
 * time, a part that is not newer than the training part comes before it, so that the newest sequences stay the newest; of
 * other splits the order says nothing. By leave-one-out each sequence has its last two items again.
 * @param testNewer whether the sequences of the test part are newer than those of training, where all are in order of time
 */
export function withHeldOut(data: PreparedData, testNewer: boolean): PreparedData {
  const { layout, sequences } = data;
  const all = sequences.offsets.length - 1;
  const rows = sequences.items.subarray(sequences.offsets[0] ?? 0, sequences.offsets[all] ?? 0);
  const nothing = { trainCounts: new Uint32Array(layout.itemCount), catalogue: data.catalogue };
  return {
    ...data,
    ...orderedParts(data, testNewer),
    ...countedToo(nothing, rows),
    layout: { ...layout, leaveOneOut: false, train: all, validation: 0, test: 0 },
  };
}

function orderedParts(
  data: PreparedData,
  testNewer: boolean,
): Partial<Pick<PreparedData, 'sequences' | 'sequenceClusters'>> {
  const { timeOrdered, validationNewer, leaveOneOut } = data.layout;
  const older = [
    ...(testNewer ? [] : ['test' as const]),
    ...(validationNewer ? [] : ['validation' as const]),
  ];
  if (leaveOneOut || !timeOrdered || older.length === 0) return {};
  const newer = (['validation', 'test'] as const).filter((part) => !older.includes(part));
  const order: SplitName[] = [...older, 'train', ...newer];
  return inOrderOfParts(data, order);
}
