import { describe, expect, it } from 'vitest';
import { coverage, falseAlarms } from '../../../bench/coverage.ts';
import type { Design } from '../../../bench/simulated-queries.ts';

const ROUNDS = 1500;
const design = (
  clusters: number,
  size: Design['size'],
  rates: Design['rates'],
  alike: number,
): [string, Design] => [
  `${clusters} clusters, queries: ${size}, rates ${rates.join('–')}, alike ${alike}`,
  { clusters, size, rates, alike },
];

/** `npm run bench -- coverage` tries many more of these. */
const DESIGNS = [
  design(10, 'one', [0.2, 0.6], 0),
  design(100, 'one', [0.05, 0.2], 0),
  design(400, 'one', [0.01, 0.05], 0),
  design(8, 'twenty', [0.2, 0.6], 0.05),
  design(30, 'twenty', [0.05, 0.2], 0),
  design(100, 'twenty', [0.05, 0.2], 0.2),
  design(30, 'uneven', [0.05, 0.2], 0.05),
  design(200, 'uneven', [0.2, 0.6], 0.2),
];

describe('with a known truth', () => {
  it.each(DESIGNS)('93 to 97 %% of the intervals hold it: %s', (_, one) => {
    const share = coverage(one, 'hitRate@10', ROUNDS, 1);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });

  it.each(DESIGNS)('at most some 5 %% of tests of equal models show a difference: %s', (_, one) => {
    expect(falseAlarms(one, 'hitRate@10', ROUNDS, 2)).toBeLessThan(0.065);
  });

  it('holds for a graded metric too', () => {
    const share = coverage(
      { clusters: 30, size: 'twenty', rates: [0.05, 0.2], alike: 0.05 },
      'ndcg@10',
      ROUNDS,
      3,
    );
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });
});
