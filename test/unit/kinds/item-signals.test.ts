import { describe, expect, test } from 'vitest';
import { trainingSequences } from '../../../src/pipeline/data/prepared-data.ts';
import { recencyPrior, trend } from '../../../src/pipeline/kinds/fitting/item-signals.ts';
import { preparedFrom } from '../support/prepared-from.ts';

describe('signals of items', () => {
  test('the recency prior counts sequences that end with an item, once each', () => {
    const data = preparedFrom([
      [0, 1, 2],
      [0, 2, 2],
      [1, 0, 1],
    ]);
    const prior = recencyPrior(trainingSequences(data), data.trainCounts);
    // Item 2: among the last two of the first and the second; 3 rows. Item 0: of the third; 3 rows.
    expect(prior[2]).toBeCloseTo(Math.log(3 / 6), 12);
    expect(prior[0]).toBeCloseTo(Math.log(2 / 6), 12);
    expect(prior[1]).toBeCloseTo(Math.log(3 / 6), 12);
  });

  test('by leave-one-out it sees nothing of the last two items', () => {
    const data = preparedFrom([[0, 1, 2, 3]], { leaveOneOut: true });
    const prior = recencyPrior(trainingSequences(data), data.trainCounts);
    expect(prior[1]).toBeCloseTo(Math.log(2 / 4), 12);
    expect(prior[3]).toBeCloseTo(Math.log(1 / 3), 12);
  });

  test('the trend compares the last sequences with all', () => {
    const sequences = Array.from({ length: 10 }, (_, s) => (s === 9 ? [1, 1] : [0, 0]));
    const data = preparedFrom(sequences);
    const values = trend(trainingSequences(data), data.trainCounts, 0.1);
    expect(values[0]).toBeCloseTo(Math.log(1 / (0.1 * 18 + 1)), 12);
    expect(values[1]).toBeCloseTo(Math.log(3 / (0.1 * 2 + 1)), 12);
  });
});
