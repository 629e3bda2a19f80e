import { describe, expect, test } from 'vitest';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { RecommendedItems } from '../../../src/pipeline/metrics/recommended-items.ts';
import {
  byKnownQuery,
  byRepeat,
  bySequenceLength,
  byTargetPopularity,
  membersOf,
  popularityGroups,
} from '../../../src/pipeline/metrics/slices.ts';
import { preparedFrom } from '../support/prepared-from.ts';

describe('slices', () => {
  test('head, torso and tail by the share of training rows; equals stay together', () => {
    // 100 rows: 50 in the head, the next 30 in the torso.
    expect(Array.from(popularityGroups(Uint32Array.of(30, 20, 20, 10, 10, 5, 5, 0)))).toEqual([
      0, 0, 0, 1, 1, 2, 2, 3,
    ]);
    expect(Array.from(popularityGroups(Uint32Array.of(1, 1, 1)))).toEqual([0, 0, 0]);
  });

  test('every slicing puts each query into one group', () => {
    const data = preparedFrom(
      [
        [0, 0, 1],
        [2, 0, 2],
        [0, 1, 0, 1, 0, 1, 3],
        [1, 2, 4],
      ],
      { train: 1, validation: 0 },
    );
    const queries = buildQueries(data, 'test', 'every:2');
    const unknown = Uint8Array.from(queries.targets, (_, q) => q % 2);
    for (const slicing of [
      byTargetPopularity(queries, data.trainCounts),
      bySequenceLength(queries),
      byKnownQuery(unknown),
      byRepeat(queries),
    ]) {
      const members = slicing.groups.flatMap((_, g) => Array.from(membersOf(slicing, g)));
      expect(members.sort((a, b) => a - b)).toEqual(Array.from(queries.targets.keys()));
    }
    expect(Array.from(byRepeat(queries).groupOf)).toEqual([1, 1, 1, 0, 0]);
    expect(Array.from(bySequenceLength(queries).groupOf)).toEqual([0, 1, 1, 1, 0]);
  });
});

describe('what is recommended', () => {
  test('coverage counts distinct items of the catalogue, popularity is the mean over all places', () => {
    const recommended = new RecommendedItems(Uint32Array.of(10, 4, 2, 0, 1), Uint8Array.of(1, 1, 1, 0, 1));
    recommended.add(Int32Array.of(0, 1));
    recommended.add(Int32Array.of(0, 2));
    expect(recommended.coverage()).toEqual({ '@10': 3 / 4, '@100': 3 / 4 });
    expect(recommended.meanPopularity()).toEqual({ '@10': 26 / 4, '@100': 26 / 4 });
  });

  test('the first ten places count for @10 only', () => {
    const recommended = new RecommendedItems(new Uint32Array(200).fill(1), new Uint8Array(200).fill(1));
    recommended.add(Int32Array.from({ length: 100 }, (_, i) => i));
    expect(recommended.coverage()).toEqual({ '@10': 0.05, '@100': 0.5 });
  });
});
