import { expect, test } from 'vitest';
import { explainedItems } from '../../../src/pipeline/cli/output/explained-items.ts';

test('facts and the largest parts stand under each line', () => {
  const text = explainedItems([
    {
      ...{ item: 'a|||b', score: 1.5, answeredBy: 'model' },
      parts: { 'recency-encoder': 1.2, 'n-gram': -0.31, item: 0.001 },
      facts: [
        { code: 'follows', items: 1, count: 31 },
        { code: 'in-similar-lists', count: 2, of: 100 },
      ],
    },
    { item: 'c\u001b[31m', score: null, answeredBy: 'popularity' },
  ]);
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    expect.stringMatching(/^item +score$/),
    expect.stringMatching(/^1 +a\|\|\|b +1\.5000$/),
    'follows the last item 31 times · in 2 of the 100 lists most like this one',
    'recency-encoder +1.2, n-gram −0.31',
    expect.stringMatching(/^2 +c\\u001b\[31m +–$/),
  ]);
});
