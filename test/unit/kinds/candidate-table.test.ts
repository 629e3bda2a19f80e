import { describe, expect, test } from 'vitest';
import { CandidateTable, chooseWeights } from '../../../src/pipeline/kinds/fitting/candidate-table.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

/** Two queries of two parts: the first part ranks the target third, the second part first. */
function table(): CandidateTable {
  const made = new CandidateTable(2);
  for (let q = 0; q < 2; q++) {
    made.addCandidate([1, 3]);
    made.addCandidate([2, 0]);
    made.addCandidate([3, 1]);
    made.endQuery();
  }
  return made;
}

/** Queries with many ties, a sparse last part, and some misses. */
function randomTable(parts: number, queries: number, candidates: number): CandidateTable {
  const made = new CandidateTable(parts);
  const next = randomStream(11);
  for (let q = 0; q < queries; q++) {
    if (q % 5 === 4) made.addMiss();
    for (let c = 0; c < candidates; c++) {
      const values = Array.from({ length: parts }, () => below(9, next()) / 4 - 1);
      values[parts - 1] = below(20, next()) === 0 ? 1 : 0;
      made.addCandidate(values);
    }
    made.endQuery();
  }
  return made;
}

describe('a table of candidates', () => {
  test.each(['hitRate@20', 'mrr@10', 'ndcg@100'] as const)(
    'measures many values of a weight as it measures one (%s)',
    (metric) => {
      const made = randomTable(4, 60, 150);
      const seen = new Set<number>();
      const values = [0, 2, -1, 0.5, -4, 0.5];
      for (const weights of [
        [1, 0, 0, 0],
        [1, 0.5, -0.25, 2],
        [0, 0, 0, 0],
      ]) {
        for (let part = 0; part < 4; part++) {
          const one = values.map((value) => made.measure(weights.with(part, value), metric));
          expect(made.measureEach(weights, part, values, metric)).toEqual(one);
          one.forEach((value) => seen.add(value));
        }
      }
      expect(seen.size).toBeGreaterThan(5);
    },
  );

  test('a target without a score is a miss whatever the weights', () => {
    const made = new CandidateTable(2);
    made.addCandidate([-Infinity, 1]);
    made.addCandidate([0, 0]);
    made.endQuery();
    expect(made.measureEach([1, 1], 0, [0, 1], 'hitRate@5')).toEqual([0, 0]);
    expect(made.measureEach([1, 1], 1, [0, 1], 'hitRate@5')).toEqual([0, 0]);
    expect(made.measureEach([0, 1], 1, [0, 1], 'hitRate@1')).toEqual([0, 0]);
  });

  test('ranks the target pessimistically by the weighted sum of parts', () => {
    expect(table().measure([1, 0], 'mrr@10')).toBeCloseTo(1 / 3, 12);
    expect(table().measure([0, 1], 'mrr@10')).toBe(1);
    // With no weights all are equal, and the target comes last.
    expect(table().measure([0, 0], 'mrr@10')).toBeCloseTo(1 / 3, 12);
  });

  test('counts queries that no weights can answer as misses', () => {
    const made = table();
    made.addMiss();
    made.addMiss();
    expect(made.queries).toBe(4);
    expect(made.measure([0, 1], 'hitRate@1')).toBe(0.5);
  });

  test('grows with what it is given', () => {
    const made = new CandidateTable(8);
    for (let c = 0; c < 300_000; c++) made.addCandidate([c === 0 ? 1 : 0, 0, 0, 0, 0, 0, 0, c]);
    made.endQuery();
    expect(made.measure([1, 0, 0, 0, 0, 0, 0, 0], 'hitRate@1')).toBe(1);
    expect(made.measure([1, 0, 0, 0, 0, 0, 0, 1], 'hitRate@1')).toBe(0);
  });

  test('chooses weights that help, and leaves those that do not', () => {
    const found = chooseWeights(table(), [1, 0], [{ part: 1, values: [0, 0.5, 1, 2, 5] }], 'mrr@10');
    expect(found.weights[0]).toBe(1);
    // 1 + 3w > 3 + w from w > 1 on; what stands wins ties, so the first value that reaches the top stays.
    expect(found.weights[1]).toBe(2);
    expect(found.value).toBe(1);
    const useless = chooseWeights(table(), [0, 1], [{ part: 0, values: [0, 0.01] }], 'mrr@10');
    expect(useless.weights).toEqual([0, 1]);
  });
});
