/** Scores of sparse models by item, and their comparison with a formula written plainly. */
import { expect } from 'vitest';
import type { QueryRule } from '../../../src/protocol/report.ts';
import type { Scorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';

export type Scores = Map<number, number>;
/** A model's scores as its definition gives them. */
export type Formula = (query: readonly number[], rule: QueryRule) => Scores;

/** The candidates of a query with their scores; none where the model knows nothing of it. */
export function scoresOf(scorer: Scorer, query: readonly number[], rule: QueryRule): Scores {
  if (scorer.shape !== 'sparse') throw new Error('not sparse');
  const found = scorer.candidates(Int32Array.from(query), rule);
  if (found === undefined) return new Map();
  return new Map(
    Array.from({ length: found.count }, (_, slot) => [found.items[slot] ?? -1, found.scores[slot] ?? NaN]),
  );
}

/** Expects the candidates of every query under every rule of the model, and their scores to so many digits. */
export function expectFormula(
  scorer: Scorer,
  queries: readonly (readonly number[])[],
  formula: Formula,
  digits: number,
): void {
  for (const query of queries) {
    for (const rule of scorer.queryRules) {
      const expected = formula(query, rule);
      const actual = scoresOf(scorer, query, rule);
      expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [item, score] of expected) expect(actual.get(item)).toBeCloseTo(score, digits);
    }
  }
}
