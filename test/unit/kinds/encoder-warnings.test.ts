import { describe, expect, test } from 'vitest';
import { trainingWarnings } from '../../../src/pipeline/kinds/recency-encoder/data-warnings.ts';
import { buildTrainingSet } from '../../../src/pipeline/kinds/recency-encoder/training-set.ts';
import { flatten } from '../kernels/word2vec-harness.ts';

async function warningsOf(sequences: readonly (readonly number[])[], negatives?: number): Promise<string[]> {
  const flat = flatten(sequences);
  const itemCount = Math.max(...flat.items) + 1;
  return trainingWarnings(
    await buildTrainingSet(flat, itemCount, { minCount: 1, skipRepeats: false }),
    negatives,
  );
}

const ORDINARY = [
  [0, 1, 2],
  [3, 1, 4],
  [2, 0, 3],
];

describe('warnings of the recency encoder', () => {
  test('ordinary data give none', async () => {
    expect(await warningsOf(ORDINARY)).toEqual([]);
    expect(await warningsOf(ORDINARY, 4)).toEqual([]);
  });

  test.each([
    ['more negatives than other items', ORDINARY, 5, /5 negatives .* 4 other items/],
    [
      'sequences of two items only',
      [
        [0, 1],
        [2, 3],
        [1, 2],
      ],
      undefined,
      /longer than two/,
    ],
    [
      'an item in every sequence',
      [
        [0, 1, 2],
        [3, 0, 1],
        [2, 3, 0],
      ],
      undefined,
      /An item stands in every/,
    ],
    [
      'two items in every sequence',
      [
        [0, 1, 2],
        [1, 3, 0],
      ],
      undefined,
      /2 items stand in every/,
    ],
    [
      'nothing but repeats',
      [
        [0, 0, 0],
        [1, 1, 1],
        [2, 2],
      ],
      undefined,
      /nothing but repeats/,
    ],
  ])('%s', async (_, sequences, negatives, message) => {
    const warnings = await warningsOf(sequences, negatives);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(message);
  });
});
