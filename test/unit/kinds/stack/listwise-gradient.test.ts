import { describe, expect, test } from 'vitest';
import { ListwiseGradient } from '../../../../src/pipeline/kinds/stack/listwise-gradient.ts';
import { unitsOf, type Units } from '../../../../src/pipeline/kinds/stack/spreads.ts';
import type { StackTable } from '../../../../src/pipeline/kinds/stack/stack-table.ts';
import { normalStream } from '../../support/random-numbers.ts';
import { rowsOf, stackTable } from '../../support/stack-table.ts';

const [WIDTH, GATES, QUERIES] = [5, 3, 30];
const PER_FEATURE = GATES + 1;
const normal = normalStream(3);
const table = stackTable(
  Array.from({ length: QUERIES }, (_, q) => ({
    rows: Array.from({ length: 2 + (q % 8) }, () =>
      Array.from({ length: WIDTH }, (__, f) => (f + 1) * normal()),
    ),
    gates: Array.from({ length: GATES }, (__, g) => 3 * g + normal()),
    target: q % 7 === 3 ? -1 : q % (2 + (q % 8)),
  })),
  WIDTH,
);
const units = unitsOf(table);
const weights = Float64Array.from({ length: WIDTH * PER_FEATURE }, normal);
const reached = [...table.targets.keys()].filter((q) => (table.targets[q] ?? -1) >= 0);

function plainScores(of: StackTable, query: number, w: Float64Array, { features, gates }: Units): number[] {
  const z = [
    1,
    ...gates.map(({ mean, spread }, g) => ((of.gates[query * of.gateCount + g] ?? 0) - mean) / spread),
  ];
  return rowsOf(of, query).map((row) =>
    row.reduce((sum, x, f) => {
      const weight = z.reduce((total, gate, g) => total + (w[f * z.length + g] ?? 0) * gate, 0);
      return sum + (x / (features[f] ?? 1)) * weight;
    }, 0),
  );
}

/** Sum of −log softmax of the targets. */
function plainLoss(w: Float64Array): number {
  return reached.reduce((sum, q) => {
    const scores = plainScores(table, q, w, units);
    const total = scores.reduce((all, score) => all + Math.exp(score), 0);
    return sum + Math.log(total) - (scores[table.targets[q] ?? 0] ?? 0);
  }, 0);
}

describe('the listwise gradient', () => {
  test('is that of the loss, and the loss that of the formula', () => {
    const listwise = new ListwiseGradient(table, units);
    for (const q of reached) listwise.add(q, weights);
    expect(listwise.loss).toBeCloseTo(plainLoss(weights), 8);
    const step = 1e-5;
    listwise.sum.forEach((own, w) => {
      const at = (by: number): number => plainLoss(weights.with(w, (weights[w] ?? 0) + by));
      const expected = (at(step) - at(-step)) / (2 * step);
      expect(Math.abs(own - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    });
  });

  test('is empty after it is cleared', () => {
    const listwise = new ListwiseGradient(table, units);
    for (const q of reached) listwise.add(q, weights);
    listwise.clear();
    expect([listwise.loss, ...listwise.sum]).toEqual(Array.from({ length: 1 + weights.length }, () => 0));
  });

  test('has its mean, and the pull of weights towards where they started', () => {
    const listwise = new ListwiseGradient(table, units);
    for (const q of reached) listwise.add(q, weights);
    const sum = listwise.sum.slice();
    const start = Float64Array.from(weights, (_, w) => w / 10);
    const pull = Float64Array.from(weights, (_, w) => (w % 3) / 2);
    listwise
      .meanWithPull(4, weights, start, pull)
      .forEach((value, w) =>
        expect(value).toBeCloseTo(
          (sum[w] ?? 0) / 4 + (pull[w] ?? 0) * ((weights[w] ?? 0) - (start[w] ?? 0)),
          12,
        ),
      );
  });

  test('stays finite where scores are far apart', () => {
    const far = stackTable([{ rows: [[0], [4000]], target: 0 }], 1);
    const listwise = new ListwiseGradient(far, { features: Float64Array.of(1), gates: [] });
    listwise.add(0, Float64Array.of(1));
    expect(listwise.loss).toBe(4000);
    expect([...listwise.sum]).toEqual([4000]);
  });
});

describe('the rank of a target', () => {
  test('counts those not below it, and 0 where it is no candidate', () => {
    const ranking = new ListwiseGradient(table, units);
    for (let q = 0; q < QUERIES; q++) {
      const scores = plainScores(table, q, weights, units);
      const own = scores[table.targets[q] ?? -1];
      const expected = own === undefined ? 0 : scores.filter((score) => score >= own).length;
      expect(ranking.rank(q, weights)).toBe(expected);
    }
  });

  test('has ties against it', () => {
    const tied = stackTable([{ rows: [[1], [2], [1], [1], [0]], target: 2 }], 1);
    expect(new ListwiseGradient(tied, unitsOf(tied)).rank(0, Float64Array.of(1))).toBe(4);
    expect(new ListwiseGradient(tied, unitsOf(tied)).rank(0, Float64Array.of(0))).toBe(5);
  });
});

describe('units', () => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const variance = (values: readonly number[]): number =>
    mean(values.map((one) => (one - mean(values)) ** 2));

  test('of a feature are its spread within queries, of a gate its mean and spread over queries', () => {
    for (let f = 0; f < WIDTH; f++) {
      const within = Array.from({ length: QUERIES }, (_, q) =>
        variance(rowsOf(table, q).map((row) => row[f] ?? 0)),
      );
      expect(units.features[f]).toBeCloseTo(Math.sqrt(mean(within)), 6);
    }
    for (let g = 0; g < GATES; g++) {
      const values = Array.from({ length: QUERIES }, (_, q) => table.gates[q * GATES + g] ?? 0);
      expect(units.gates[g]?.mean).toBeCloseTo(mean(values), 6);
      expect(units.gates[g]?.spread).toBeCloseTo(Math.sqrt(variance(values)), 6);
    }
  });

  test('are 1 of what never differs, and queries without candidates have no say', () => {
    const few = stackTable(
      [
        {
          rows: [
            [5, 1],
            [5, 3],
          ],
          gates: [2, 7],
          target: 0,
        },
        { rows: [], gates: [0, 0], target: -1 },
        { rows: [[5, 100]], gates: [4, 7], target: 0 },
      ],
      2,
    );
    expect(unitsOf(few)).toEqual({
      features: Float64Array.of(1, 1),
      gates: [
        { mean: 3, spread: 1 },
        { mean: 7, spread: 1 },
      ],
    });
  });
});
