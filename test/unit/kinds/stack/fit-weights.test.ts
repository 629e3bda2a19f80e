import { describe, expect, test } from 'vitest';
import { fitWeights, type FitRequest } from '../../../../src/pipeline/kinds/stack/fit-weights.ts';
import { ListwiseGradient } from '../../../../src/pipeline/kinds/stack/listwise-gradient.ts';
import { unitsOf } from '../../../../src/pipeline/kinds/stack/spreads.ts';
import type { StackTable } from '../../../../src/pipeline/kinds/stack/stack-table.ts';
import { meanMetric } from '../../../../src/pipeline/metrics/rank-metrics.ts';
import { normalStream } from '../../support/random-numbers.ts';
import { stackTable } from '../../support/stack-table.ts';

const WIDTH = 4;
const CANDIDATES = 8;

/** Noise, and on top of it what `lift` gives the target's features. */
function noisy(queries: number, seed: number, lift: (feature: number, gate: number) => number): StackTable {
  const normal = normalStream(seed);
  return stackTable(
    Array.from({ length: queries }, (_, q) => {
      const gate = normal() > 0 ? 1 : -1;
      const target = q % CANDIDATES;
      const rows = Array.from({ length: CANDIDATES }, (__, i) =>
        Array.from({ length: WIDTH }, (___, f) => normal() + (i === target ? lift(f, gate) : 0)),
      );
      return { rows, gates: [gate], target };
    }),
    WIDTH,
  );
}

/** Those of weights without a gate and by the one gate in turn. */
function sigmasOf(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, at) => (at % 2 === 0 ? 0.1 : 0.05));
}

function fit(table: StackTable, request: Partial<FitRequest> = {}): Promise<Float64Array> {
  const size = table.width * (table.gateCount + 1);
  return fitWeights({
    table,
    units: unitsOf(table),
    queries: Uint32Array.from(table.targets.keys()),
    start: new Float64Array(size),
    sigmas: sigmasOf(size),
    seed: 1,
    pause: () => Promise.resolve(),
    ...request,
  });
}

function hitRate(table: StackTable, weights: Float64Array): number {
  const ranking = new ListwiseGradient(table, unitsOf(table));
  return meanMetric(
    'hitRate@1',
    Int32Array.from(table.targets, (_, q) => ranking.rank(q, weights)),
  );
}

describe('weights', () => {
  test('go to the one feature that decides', async () => {
    const table = noisy(600, 1, (f) => (f === 2 ? 6 : 0));
    const weights = await fit(table);
    const other = Math.max(...[...weights].filter((_, w) => w !== 4).map(Math.abs));
    expect(weights[4]).toBeGreaterThan(5 * other);
    expect(hitRate(table, weights)).toBeGreaterThan(0.97);
    expect(
      hitRate(
        noisy(600, 2, (f) => (f === 2 ? 6 : 0)),
        weights,
      ),
    ).toBeGreaterThan(0.97);
  });

  test('of a gate find what matters by the gate alone', async () => {
    const table = noisy(600, 1, (f, gate) => (f === 1 ? 6 * gate : 0));
    const sigmas = sigmasOf(2 * WIDTH).map((sigma, w) => (w % 2 === 0 ? sigma : 0));
    expect(hitRate(table, await fit(table, { sigmas }))).toBeLessThan(0.6);
    expect(hitRate(table, await fit(table))).toBeGreaterThan(0.97);
  });

  test('that are not free stay, to the bit', async () => {
    const table = noisy(300, 1, () => 1);
    const start = Float64Array.from({ length: 2 * WIDTH }, (_, w) => 0.1 + w / 7);
    const sigmas = start.map((_, w) => (w % 3 === 1 ? 0.1 : 0));
    const weights = await fit(table, { start, sigmas });
    weights.forEach((value, w) => {
      if (sigmas[w] !== 0) expect(value).not.toBe(start[w]);
      else expect(value).toBe(start[w]);
    });
  });

  test('are the same bits by the same seed', async () => {
    const table = noisy(300, 1, (f) => f / 2);
    const [one, same, other] = [await fit(table), await fit(table), await fit(table, { seed: 2 })];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    one.forEach((value, w) => expect(other[w]).toBeCloseTo(value, 1));
  });

  test('stay near their start where there are few queries of noise', async () => {
    const table = noisy(5, 4, () => 0);
    const start = Float64Array.from({ length: 2 * WIDTH }, (_, w) => (w === 0 ? 1 : 0));
    const weights = await fit(table, { start });
    weights.forEach((value, w) => expect(Math.abs(value - (start[w] ?? 0))).toBeLessThan(0.03));
  });

  test('are where the loss and the pull are in balance', async () => {
    const table = noisy(1500, 6, (f) => f / 2);
    const weights = await fit(table);
    const at = (w: Float64Array): number => {
      const listwise = new ListwiseGradient(table, unitsOf(table));
      for (const q of table.targets.keys()) listwise.add(q, w);
      const pull = Float64Array.from(w, (_, i) => 1 / (1500 * (i % 2 === 0 ? 0.1 : 0.05) ** 2));
      const gradient = listwise.meanWithPull(1500, w, new Float64Array(w.length), pull);
      return Math.hypot(...gradient);
    };
    expect(at(weights)).toBeLessThan(0.03 * at(new Float64Array(weights.length)));
  });

  test('stay at their start where no target is a candidate', async () => {
    const table = stackTable(
      [
        { rows: [[1], [2]], target: -1 },
        { rows: [], target: -1 },
      ],
      1,
    );
    expect(await fit(table, { start: Float64Array.of(0.7) })).toEqual(Float64Array.of(0.7));
  });

  test('are not told when their fit is given up', async () => {
    const reason = new Error('given up');
    let pauses = 0;
    const pause = (): Promise<void> => (++pauses > 3 ? Promise.reject(reason) : Promise.resolve());
    await expect(
      fit(
        noisy(200, 1, () => 0),
        { pause },
      ),
    ).rejects.toBe(reason);
  });
});
