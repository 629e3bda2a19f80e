import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/protocol/user-error.ts';
import {
  buildQueries,
  someQueries,
  queryItems,
  readPositions,
  targetOf,
  type QuerySet,
} from '../../../src/pipeline/metrics/queries.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const pairs = (queries: QuerySet): [number[], number][] =>
  Array.from(queries.targets, (_, q) => [Array.from(queryItems(queries, q)), targetOf(queries, q)]);

describe('queries', () => {
  const twelve = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

  test('last: one query a held-out sequence, of its own part only', () => {
    const data = preparedFrom(
      [
        [9, 9, 9],
        [1, 2, 3],
        [4, 5, 6, 7],
      ],
      { train: 1, validation: 1 },
    );
    expect(pairs(buildQueries(data, 'validation', 'last'))).toEqual([[[1, 2], 3]]);
    expect(pairs(buildQueries(data, 'test', 'last'))).toEqual([[[4, 5, 6], 7]]);
  });

  test('every:5: every fifth position and the last, the last only once', () => {
    const data = preparedFrom([[0, 1, 2], twelve, twelve.slice(0, 11), [0, 1, 2]], {
      train: 1,
      validation: 0,
    });
    const queries = buildQueries(data, 'test', 'every:5');
    expect(Array.from(queries.targets, (_, q) => targetOf(queries, q))).toEqual([5, 10, 11, 5, 10, 2]);
    expect(Array.from(queries.sequence)).toEqual([0, 0, 0, 1, 1, 2]);
    expect(Array.from(queries.isLast)).toEqual([0, 0, 1, 0, 1, 1]);
    expect(queries.sequenceCount).toBe(3);
    expect(pairs(queries)[0]).toEqual([[0, 1, 2, 3, 4], 5]);
  });

  test('some of them: the sequences they come from are numbered anew', () => {
    const data = preparedFrom([twelve, [0, 1, 2], twelve.slice(0, 11), [7, 8, 9]], {
      train: 0,
      validation: 4,
    });
    // Of twelve items three queries, of three one, of eleven two, of three one.
    const some = someQueries(buildQueries(data, 'validation', 'every:5'), Uint32Array.of(1, 4, 5, 6));
    expect(pairs(some).map(([query, target]) => [query.length, target])).toEqual([
      [10, 10],
      [5, 5],
      [10, 10],
      [2, 9],
    ]);
    expect(Array.from(some.sequence)).toEqual([0, 1, 1, 2]);
    expect(Array.from(some.isLast)).toEqual([0, 0, 1, 1]);
    expect(Array.from(some.lengths)).toEqual([12, 11, 11, 3]);
    expect(some.sequenceCount).toBe(3);
  });

  test('are clustered by what was split: users where these are known, otherwise sequences', () => {
    const sequences = [[0, 1, 2], twelve, [0, 1, 2], twelve, [7, 8, 9]];
    const bySequence = buildQueries(preparedFrom(sequences, { train: 1 }), 'test', 'every:5');
    expect(Array.from(bySequence.cluster)).toEqual([0, 0, 0, 1, 2, 2, 2, 3]);
    const byUser = buildQueries(
      preparedFrom(sequences, { train: 1, users: [4, 9, 7, 7, 9] }),
      'test',
      'every:5',
    );
    expect(Array.from(byUser.cluster)).toEqual([0, 0, 0, 1, 1, 1, 1, 0]);
    expect([bySequence.clusterCount, byUser.clusterCount]).toEqual([4, 2]);
    const some = someQueries(byUser, Uint32Array.of(4, 5));
    expect([Array.from(some.cluster), some.clusterCount]).toEqual([[0, 0], 1]);
  });

  test('leave-one-out: the last item is the test target, its query holds the validation item', () => {
    const data = preparedFrom(
      [
        [1, 2, 3, 4],
        [5, 6, 7],
      ],
      { leaveOneOut: true },
    );
    expect(pairs(buildQueries(data, 'validation', 'every:5'))).toEqual([
      [[1, 2], 3],
      [[5], 6],
    ]);
    expect(pairs(buildQueries(data, 'test', 'last'))).toEqual([
      [[1, 2, 3], 4],
      [[5, 6], 7],
    ]);
    expect(Array.from(data.trainCounts)).toEqual([0, 1, 1, 0, 0, 1, 0, 0]);
  });

  test('positions are checked', () => {
    expect(readPositions('last')).toBe(0);
    expect(readPositions('every:12')).toBe(12);
    for (const wrong of ['', 'every', 'every:0', 'every:-1', 'first'])
      expect(() => readPositions(wrong)).toThrow(UserError);
  });
});
