import { describe, expect, it } from 'vitest';
import { randomSequences, skewedSequences } from '../support/random-sequences.ts';
import {
  examplesOf,
  modelOf,
  negativesOf,
  openEncoder,
  positionsOf,
  type EncoderBench,
} from './encoder-harness.ts';

const SEQUENCES = randomSequences(12, 40, 3);

/** Tokens trained in an epoch, in their order. */
function orderOf(bench: EncoderBench, epoch: number): number[] {
  const { kernel, set, training } = bench;
  const order: number[] = [];
  for (let first = 0; first < set.positions.length; first += training.batchSize) {
    const end = Math.min(set.positions.length, first + training.batchSize);
    kernel.trainBatch(epoch, first, end, 0.01, 0.001);
    order.push(...positionsOf(bench, end - first));
  }
  return order;
}

describe('the order of an epoch', () => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 4095, 4097];

  it.each(sizes)('is a permutation of %i positions, another one in each epoch', async (size) => {
    const sequence = Array.from({ length: size + 1 }, (_, i) => i % 3);
    const bench = await openEncoder([sequence], { training: { dimensions: 4, negatives: 1, history: 1 } });
    const orders = [0, 1, 2].map((epoch) => orderOf(bench, epoch));
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...bench.set.positions]);
    if (size > 10) expect(orders[0]).not.toEqual(orders[1]);
    if (size > 10) expect(orders[1]).not.toEqual(orders[2]);
  });

  it('has no favourite: each position comes in each tenth of the epoch about equally often', async () => {
    const sequence = Array.from({ length: 101 }, (_, i) => i % 3);
    const bench = await openEncoder([sequence], { training: { dimensions: 4, negatives: 1, history: 1 } });
    const times = Array.from({ length: 100 }, () => new Array<number>(10).fill(0));
    for (let epoch = 0; epoch < 400; epoch++) {
      orderOf(bench, epoch).forEach((position, place) => {
        const tenths = times[position - 1] ?? [];
        const tenth = Math.floor(place / 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      });
    }
    // χ² with 100 · 9 degrees of freedom: mean 900, standard deviation 42.
    const squares = times.flat().map((count) => (count - 40) ** 2 / 40);
    const chiSquare = squares.reduce((a, b) => a + b, 0);
    expect(chiSquare).toBeGreaterThan(700);
    expect(chiSquare).toBeLessThan(1100);
  });
});

/** How often each item is among the negatives of so many batches, none of which holds an item twice. */
function drawsOf(bench: EncoderBench, batches: number): number[] {
  const draws = new Array<number>(bench.set.vocabulary.items.length).fill(0);
  for (let batch = 0; batch < batches; batch++) {
    bench.kernel.trainBatch(batch, 0, 1, 0, 0);
    const negatives = negativesOf(bench);
    expect(new Set(negatives).size).toBe(bench.training.negatives);
    for (const item of negatives) draws[item] = (draws[item] ?? 0) + 1;
  }
  return draws;
}

describe('negatives', () => {
  const SKEWED = skewedSequences(40, 40, 6);

  it('are distinct and uniform over all items, where none is drawn by rows', async () => {
    const bench = await openEncoder(SKEWED, { training: { dimensions: 4, negatives: 12, rowNegatives: 0 } });
    const batches = 3000;
    const share = 12 / bench.set.vocabulary.items.length;
    const deviation = Math.sqrt(batches * share * (1 - share));
    for (const count of drawsOf(bench, batches))
      expect(Math.abs(count - batches * share)).toBeLessThan(4.5 * deviation);
  });

  it('follow the training rows, where all are drawn by them', async () => {
    const bench = await openEncoder(SKEWED, { training: { dimensions: 4, negatives: 1, rowNegatives: 1 } });
    const { counts, total } = bench.set.vocabulary;
    expect(counts[0] ?? 0).toBeGreaterThan(20 * (counts.at(-1) ?? Infinity));
    const batches = 8000;
    const squares = drawsOf(bench, batches).map((draws, row) => {
      const expected = (batches * (counts[row] ?? NaN)) / total;
      return (draws - expected) ** 2 / expected;
    });
    // χ² with 39 degrees of freedom: mean 39, standard deviation 9.
    const chiSquare = squares.reduce((a, b) => a + b, 0);
    expect(counts).toHaveLength(40);
    expect(chiSquare).toBeGreaterThan(12);
    expect(chiSquare).toBeLessThan(80);
  });

  it.each([0.25, 0.5, 1])(
    'are distinct, and as often among %d by rows as their correction says',
    async (rowNegatives) => {
      const bench = await openEncoder(SKEWED, { training: { dimensions: 4, negatives: 12, rowNegatives } });
      const corrections = new Float32Array(bench.buffer, bench.plan.sampleCorrections, 40);
      const batches = 4000;
      drawsOf(bench, batches).forEach((draws, row) => {
        const share = Math.exp(-(corrections[row] ?? NaN));
        const deviation = Math.sqrt(batches * share * (1 - share));
        // π itself is right to 1 %.
        expect(Math.abs(draws - batches * share)).toBeLessThan(4.5 * deviation + 0.01 * batches * share);
      });
    },
  );

  it.each([0, 0.5, 1])('may be all items but one, with %d by rows', async (rowNegatives) => {
    const items = new Set(SEQUENCES.flat()).size;
    const bench = await openEncoder(SEQUENCES, { training: { negatives: items - 1, rowNegatives } });
    bench.kernel.trainBatch(0, 0, 8, 0.01, 0.001);
    expect(new Set(negativesOf(bench)).size).toBe(items - 1);
  });
});

describe('dropout', () => {
  it('leaves out the asked share of items, never all of them, and keeps their lags', async () => {
    const bench = await openEncoder(SEQUENCES, { training: { itemDropout: 0.4, history: 20 } });
    let [kept, all] = [0, 0];
    for (let epoch = 0; epoch < 60; epoch++) {
      bench.kernel.trainBatch(epoch, 0, 8, 0, 0);
      const positions = positionsOf(bench, 8);
      examplesOf(bench, 8).forEach(({ history }, b) => {
        const position = positions[b] ?? 0;
        const length = Math.min(20, position - (bench.set.starts[position] ?? 0));
        expect(history.length).toBeGreaterThan(0);
        const lags = history.map(({ lag }) => lag);
        expect(lags).toEqual([...new Set(lags)].sort((x, y) => x - y));
        expect(lags.at(-1)).toBeLessThan(length);
        if (length === 1) expect(lags).toEqual([0]);
        else [kept, all] = [kept + history.length - 1, all + length - 1];
      });
    }
    // One item is always kept; each of the others with probability 0.6.
    expect(Math.abs(kept / all - 0.6)).toBeLessThan(0.03);
  });

  it('leaves out the asked share of dimensions', async () => {
    const bench = await openEncoder(SEQUENCES, { training: { dimensions: 50, queryDropout: 0.25 } });
    const kept: number[] = [];
    for (let epoch = 0; epoch < 20; epoch++) {
      bench.kernel.trainBatch(epoch, 0, 8, 0, 0);
      kept.push(...examplesOf(bench, 8).flatMap((example) => example.kept ?? []));
    }
    expect(new Set(kept)).toEqual(new Set([0, 1]));
    expect(Math.abs(kept.reduce((a, b) => a + b, 0) / kept.length - 0.75)).toBeLessThan(0.02);
  });
});

describe('numbers', () => {
  it('has the exponential to 3e-7', async () => {
    const { kernel } = await openEncoder(SEQUENCES);
    for (let x = -87; x <= 87; x += 0.0137) {
      const exact = Math.exp(Math.fround(x));
      expect(Math.abs(kernel.exponential(x) / exact - 1)).toBeLessThan(3e-7);
    }
    expect(kernel.exponential(0)).toBe(1);
    for (const x of [-88, -100, -1e30, -Infinity]) expect(kernel.exponential(x)).toBe(0);
    expect(kernel.exponential(NaN)).toBeNaN();
  });

  it('starts from E of mean 0 and standard deviation 0.1, and D = 0', async () => {
    const sequence = Array.from({ length: 500 }, (_, i) => i);
    const bench = await openEncoder([sequence], { training: { dimensions: 30 } });
    const { items, offsets } = modelOf(bench);
    const values = items.flat();
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.003);
    expect(Math.abs(Math.sqrt(variance) - 0.1)).toBeLessThan(0.002);
    // As for the normal distribution: the fourth moment is near 3 variances², and 4.6 % lie outside two deviations.
    expect(values.reduce((sum, value) => sum + value ** 4, 0) / values.length / variance ** 2).toBeCloseTo(
      3,
      0,
    );
    expect(values.filter((value) => Math.abs(value) > 0.2).length / values.length).toBeCloseTo(0.046, 2);
    expect(offsets.flat().every((value) => value === 0)).toBe(true);
  });

  it.each([1, 2, 3, 5, 10, 50])('keeps the padding after %i dimensions 0', async (dimensions) => {
    const bench = await openEncoder(SEQUENCES, {
      training: { dimensions, itemDropout: 0.2, queryDropout: 0.3, maskedHistory: 3 },
    });
    for (let epoch = 0; epoch < 3; epoch++) orderOf(bench, epoch);
    for (const what of ['weights', 'first moments'] as const) {
      const { items, offsets, lagWeights } = modelOf(bench, what, true);
      const padding = [...items, ...offsets, ...lagWeights].map((row) => row.slice(dimensions)).flat();
      expect(padding.every((value) => value === 0)).toBe(true);
    }
  });

  it('finds a number that is not finite, or has no square, in any matrix', async () => {
    const bench = await openEncoder(SEQUENCES, { training: { dimensions: 10 } });
    const { kernel, plan, buffer } = bench;
    const items = bench.set.vocabulary.items.length;
    expect(kernel.isFinite(0, items)).toBe(1);
    const last = (items - 1) * plan.rowBytes + 36;
    for (const at of [plan.items + last, plan.offsets + last, plan.lagWeights + 4]) {
      const cell = new Float32Array(buffer, at, 1);
      for (const value of [NaN, Infinity, -Infinity, 1e30]) {
        const before = cell[0] ?? 0;
        cell[0] = value;
        expect(kernel.isFinite(0, items)).toBe(0);
        cell[0] = before;
      }
    }
    expect(kernel.isFinite(0, items)).toBe(1);
  });
});
