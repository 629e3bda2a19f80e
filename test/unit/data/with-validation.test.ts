import { describe, expect, it } from 'vitest';
import { trainingSequences } from '../../../src/pipeline/data/prepared-data.ts';
import { withValidation } from '../../../src/pipeline/data/with-validation.ts';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const SEQUENCES = [
  [0, 1, 2],
  [1, 2],
  [3, 1],
  [4, 0, 4],
];

describe('the validation part for training too', () => {
  const data = preparedFrom(SEQUENCES, { train: 2, validation: 1, itemCount: 6, catalogue: [5] });
  const joined = withValidation(data);

  it('adds its sequences, at the end', () => {
    const { items, offsets } = trainingSequences(joined);
    expect([...offsets]).toEqual([0, 3, 5, 7]);
    expect([...items.subarray(0, 7)]).toEqual([0, 1, 2, 1, 2, 3, 1]);
    expect(joined.layout).toMatchObject({ train: 3, validation: 0, test: 1 });
  });

  it('counts its rows, and knows its items beside those of the catalogue', () => {
    expect([...joined.trainCounts]).toEqual([1, 3, 2, 1, 0, 0]);
    expect([...joined.catalogue]).toEqual([1, 1, 1, 1, 0, 1]);
  });

  it('leaves the data as they were, and asks the same test queries', () => {
    expect([...data.trainCounts]).toEqual([1, 2, 2, 0, 0, 0]);
    expect([...data.catalogue]).toEqual([1, 1, 1, 0, 0, 1]);
    expect(buildQueries(joined, 'test', 'every:1')).toEqual(buildQueries(data, 'test', 'every:1'));
    expect(buildQueries(joined, 'validation', 'every:1').targets).toHaveLength(0);
  });

  it('comes first where it is not newer, so that the newest sequences stay the newest', () => {
    const users = [7, 8, 9, 9];
    const other = preparedFrom(SEQUENCES, { train: 2, validation: 1, users });
    const layout = { ...other.layout, timeOrdered: true, validationNewer: false };
    const moved = withValidation({ ...other, layout });
    const { items, offsets } = trainingSequences(moved);
    expect([...offsets]).toEqual([0, 2, 5, 7]);
    expect([...items.subarray(0, 7)]).toEqual([3, 1, 0, 1, 2, 1, 2]);
    expect([...(moved.sequenceClusters ?? [])]).toEqual([9, 7, 8, 9]);
    expect(buildQueries(moved, 'test', 'every:1').targets).toEqual(
      buildQueries(other, 'test', 'every:1').targets,
    );
    expect([...other.sequences.items]).toEqual(SEQUENCES.flat());
  });

  it('is not for leave-one-out', () => {
    expect(() => withValidation(preparedFrom(SEQUENCES, { leaveOneOut: true }))).toThrow('leave-one-out');
  });
});
