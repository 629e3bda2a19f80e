import { describe, expect, test } from 'vitest';
import { CandidateTable, chooseWeights } from '../../../src/pipeline/models/candidate-table.ts';

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

describe('a table of candidates', () => {
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
