import { describe, expect, it } from 'vitest';
import { MODES } from '../../../src/pipeline/kinds/prod2vec/kernel.ts';
import type { Prod2vecParameters } from '../../../src/pipeline/kinds/prod2vec/parameters.ts';
import { largestDifference, openBench, spreadWeights, weightsOf } from './word2vec-harness.ts';
import type { Bench } from './word2vec-harness.ts';

/** 12 items, some often, in sentences longer and shorter than a group, with an item twice in a window. */
const SENTENCES = [[0, 1, 2, 3, 0, 4, 5, 1, 0, 6, 7, 2, 8, 0, 9, 1, 0, 10, 11, 2, 3], [5, 0, 5], [7, 3], [1]];
const ROUNDS = 6000;

/**
 * The mean change of all weights over many seeds, from one fixed state, with a learning rate so small that the order
 * within a sentence does not matter: the expected gradient.
 */
async function meanChange(
  algorithm: 'gensim' | 'fast',
  parameters: Partial<Prod2vecParameters>,
  stripes = 1,
  stripeOf = (round: number): number => round % stripes,
): Promise<number[]> {
  const bench = await openBench(SENTENCES, {
    parameters: { vectorSize: 6, window: 5, ...parameters },
    stripes,
  });
  spreadWeights(bench, 0.8);
  const { plan, vocabulary } = bench;
  const all = bench.f32(plan.inputVectors, (2 * vocabulary.items.length * plan.rowBytes) / 4);
  const start = Float32Array.from(all);
  const sums = new Float64Array(all.length);
  const alpha = 2e-4;
  for (let round = 0; round < ROUNDS; round++) {
    bench.kernel.trainUnit(
      MODES[`${algorithm} ${bench.parameters.architecture}`],
      round,
      0,
      0,
      SENTENCES.length,
      alpha,
      stripeOf(round),
    );
    all.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + (value - (start[i] ?? 0)) / alpha));
    all.set(start);
  }
  return Array.from(sums, (sum) => sum / ROUNDS);
}

function relativeDifference(a: readonly number[], b: readonly number[]): number {
  const norm = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return norm(a.map((value, i) => value - (b[i] ?? NaN))) / norm(b);
}

describe.each(['cbow', 'skip-gram'] as const)('the fast algorithm, %s', (architecture) => {
  it('has the expected gradient of the gensim algorithm', async () => {
    const ours = await meanChange('fast', { architecture });
    const gensim = await meanChange('gensim', { architecture });
    expect(relativeDifference(ours, gensim)).toBeLessThan(0.02);
    // The measure is sharp enough to see one negative more or less, another window or another exponent.
    for (const wrong of [{ negative: 6 }, { window: 6 }, { nsExponent: 0.4 }]) {
      expect(
        relativeDifference(await meanChange('fast', { architecture, ...wrong }), gensim),
      ).toBeGreaterThan(0.04);
    }
  });

  it('has it for negative counts and windows beyond a group as well', async () => {
    const wide = { architecture, negative: 2, window: 30, cbowMean: false } as const;
    const [ours, gensim] = [await meanChange('fast', wide), await meanChange('gensim', wide)];
    expect(relativeDifference(ours, gensim)).toBeLessThan(0.02);
  });

  it('has it too when negatives come from stripes of unequal weight in turn, but not from one of them', async () => {
    const gensim = await meanChange('gensim', { architecture });
    expect(relativeDifference(await meanChange('fast', { architecture }, 3), gensim)).toBeLessThan(0.02);
    const stuck = await meanChange('fast', { architecture }, 3, () => 1);
    expect(relativeDifference(stuck, gensim)).toBeGreaterThan(0.04);
  });

  async function trainedOnce(parameters: Partial<Prod2vecParameters>, relaxed = false): Promise<Bench> {
    const bench = await openBench(SENTENCES, { parameters: { architecture, ...parameters }, relaxed });
    for (let epoch = 0; epoch < 20; epoch++) {
      bench.kernel.trainUnit(MODES[`fast ${architecture}`], epoch, 0, 0, SENTENCES.length, 0.025, 0);
    }
    return bench;
  }

  it.each([1, 2, 7, 48, 50, 100])(
    'leaves the padding of rows in %i dimensions at zero',
    async (vectorSize) => {
      const { plan, f32, vocabulary } = await trainedOnce({ vectorSize });
      const stride = plan.rowBytes / 4;
      const values = f32(plan.inputVectors, 2 * vocabulary.items.length * stride);
      expect(
        values.every((value, i) => Number.isFinite(value) && (i % stride < vectorSize || value === 0)),
      ).toBe(true);
      expect(values.some((value, i) => i > values.length / 2 && value !== 0)).toBe(true);
    },
  );

  it('gives the same bytes again, and other bytes from another seed', async () => {
    const [first, second] = [weightsOf(await trainedOnce({})), weightsOf(await trainedOnce({}))];
    expect(second).toEqual(first);
    const bench = await openBench(SENTENCES, { parameters: { architecture } });
    bench.u32(bench.plan.settings[0] ?? 0, 24)[23] = 8;
    bench.kernel.configure(bench.plan.settings[0] ?? 0);
    bench.kernel.fillVectors();
    expect(weightsOf(bench).input).not.toEqual(first.input);
  });

  it.runIf(relaxedWorks())('agrees with the relaxed build up to rounding', async () => {
    const plain = weightsOf(await trainedOnce({}));
    const relaxed = weightsOf(await trainedOnce({}, true));
    expect(largestDifference(plain.input, relaxed.input)).toBeLessThan(1e-4);
    expect(largestDifference(plain.output, relaxed.output)).toBeLessThan(1e-4);
  });

  it('stops at once when the cancel flag is set', async () => {
    const bench = await openBench(SENTENCES, { parameters: { architecture } });
    const before = weightsOf(bench);
    bench.u32(bench.plan.control + 64, 1)[0] = 1;
    expect(bench.kernel.trainUnit(MODES[`fast ${architecture}`], 0, 0, 0, SENTENCES.length, 0.025, 0)).toBe(
      0,
    );
    expect(weightsOf(bench)).toEqual(before);
  });
});

describe('isFinite', () => {
  it.each([NaN, Infinity, -Infinity])('finds a single %d', async (value) => {
    const bench = await openBench(SENTENCES, { parameters: { vectorSize: 5 } });
    expect(bench.kernel.isFinite()).toBe(1);
    bench.row(bench.plan.outputVectors, 11)[4] = value;
    expect(bench.kernel.isFinite()).toBe(0);
  });
});

/** Whether this engine knows relaxed SIMD: a module with one f32x4.relaxed_madd. */
function relaxedWorks(): boolean {
  return WebAssembly.validate(
    Uint8Array.from([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32,
      1, 32, 0, 253, 133, 2, 11,
    ]),
  );
}
