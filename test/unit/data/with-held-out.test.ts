import { describe, expect, it } from 'vitest';
import type { Layout } from '../../../src/pipeline/data/prepared-data.ts';
import { trainingSequences } from '../../../src/pipeline/data/prepared-data.ts';
import { withHeldOut } from '../../../src/pipeline/data/with-held-out.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const SEQUENCES = [
  [0, 1, 2],
  [1, 2],
  [3, 1],
  [4, 0, 4],
];
const [TRAIN, OTHER_TRAIN, VALIDATION, TEST] = SEQUENCES;

function joined(layout: Partial<Layout>, testNewer = true): number[][] {
  const data = preparedFrom(SEQUENCES, { train: 2, validation: 1, users: [7, 8, 9, 6] });
  const { items, offsets } = trainingSequences(
    withHeldOut({ ...data, layout: { ...data.layout, ...layout } }, testNewer),
  );
  return Array.from({ length: offsets.length - 1 }, (_, s) => [...items.slice(offsets[s], offsets[s + 1])]);
}

describe('all rows for training', () => {
  const data = preparedFrom(SEQUENCES, { train: 2, validation: 1, itemCount: 7, catalogue: [5] });
  const all = withHeldOut(data, true);

  it('counts every row, and knows every item that has one beside those of the catalogue', () => {
    expect([...all.trainCounts]).toEqual([2, 3, 2, 1, 2, 0, 0]);
    expect([...all.catalogue]).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(all.layout).toMatchObject({ train: 4, validation: 0, test: 0, leaveOneOut: false });
  });

  it('leaves the data as they were', () => {
    expect([...data.trainCounts]).toEqual([1, 2, 2, 0, 0, 0, 0]);
    expect(data.layout).toMatchObject({ train: 2, validation: 1, test: 1 });
  });

  it('keeps the order of the parts where it says nothing, or they are newer one after the other', () => {
    expect(joined({})).toEqual(SEQUENCES);
    expect(joined({}, false)).toEqual(SEQUENCES);
    expect(joined({ timeOrdered: true })).toEqual(SEQUENCES);
  });

  it('has what is not newer before the training part, so that the newest sequences stay the newest', () => {
    const ordered = { timeOrdered: true };
    expect(joined(ordered, false)).toEqual([TEST, TRAIN, OTHER_TRAIN, VALIDATION]);
    expect(joined({ ...ordered, validationNewer: false })).toEqual([VALIDATION, TRAIN, OTHER_TRAIN, TEST]);
    expect(joined({ ...ordered, validationNewer: false }, false)).toEqual([
      ...[TEST, VALIDATION],
      ...[TRAIN, OTHER_TRAIN],
    ]);
  });

  it('moves the users with their sequences', () => {
    const users = preparedFrom(SEQUENCES, { train: 2, validation: 1, users: [7, 8, 9, 6] });
    const moved = withHeldOut({ ...users, layout: { ...users.layout, timeOrdered: true } }, false);
    expect([...(moved.sequenceClusters ?? [])]).toEqual([6, 7, 8, 9]);
  });

  it('by leave-one-out gives each sequence its last two items again', () => {
    const whole = withHeldOut(preparedFrom(SEQUENCES, { leaveOneOut: true }), true);
    expect([...trainingSequences(whole).items]).toEqual(SEQUENCES.flat());
    expect([...whole.trainCounts]).toEqual([2, 3, 2, 1, 2]);
  });
});
