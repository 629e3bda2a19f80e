import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpy } from '../../../src/pipeline/data/npy.ts';
import type { Reporter } from '../../../src/pipeline/reporter.ts';
import {
  besideEachOther,
  type EncoderModel,
} from '../../../src/pipeline/kinds/recency-encoder/encoder-model.ts';
import { recencyEncoder } from '../../../src/pipeline/kinds/recency-encoder/kind.ts';
import { encoderParameters } from '../../../src/pipeline/kinds/recency-encoder/parameters.ts';
import { encoderScorer } from '../../../src/pipeline/kinds/recency-encoder/scorer.ts';
import {
  chooseHeads,
  chooseSizes,
  estimateSeconds,
} from '../../../src/pipeline/kinds/recency-encoder/sizes.ts';
import type { EncoderTraining } from '../../../src/pipeline/kinds/recency-encoder/train.ts';
import { defaultsOf } from '../../../src/protocol/parameters.ts';
import { randomStream } from '../../../src/pipeline/seeded-random.ts';
import { fitted, silentReporter } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const ROWS = 6;
const DIMENSIONS = 4;
const LAGS = 3;
const PLAIN = { temperature: 0.5, bias: new Float32Array(ROWS), repeats: { newest: 0, second: 0, older: 0 } };

function randomModel(seed: number): EncoderModel {
  const draw = randomStream(seed);
  const matrix = (rows: number): Float32Array =>
    Float32Array.from({ length: rows * DIMENSIONS }, () => (draw() >>> 0) / 2 ** 31 - 1);
  const outputs = matrix(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const one = outputs.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const length = Math.hypot(...one);
    one.forEach((value, d) => (one[d] = value / length));
  }
  return {
    ...{ dimensions: DIMENSIONS, heads: 1, trained: ROWS, recommended: ROWS, outputs },
    items: Int32Array.from({ length: ROWS }, (_, item) => item),
    vectors: matrix(ROWS),
    lagWeights: matrix(LAGS),
  };
}

function scoresOf(model: EncoderModel, query: Int32Array): Float32Array {
  const scorer = encoderScorer(model, PLAIN, ROWS, true);
  const out = new Float32Array(ROWS);
  scorer.score([query], 'decayed-list', out);
  return out;
}

describe('heads of an encoder', () => {
  test('score the mean of what each scores alone', () => {
    const models = [1, 2, 3].map(randomModel);
    const together = besideEachOther(models);
    expect(together).toMatchObject({ dimensions: 3 * DIMENSIONS, heads: 3 });
    for (const query of [Int32Array.of(4), Int32Array.of(0, 5, 2, 1)]) {
      const alone = models.map((model) => scoresOf(model, query));
      const scores = scoresOf(together, query);
      for (let row = 0; row < ROWS; row++) {
        const mean = alone.reduce((sum, each) => sum + (each[row] ?? NaN), 0) / models.length;
        expect(scores[row]).toBeCloseTo(mean, 5);
      }
    }
  });

  test('have output vectors of length 1 together, so that similarity stays a cosine', () => {
    const { outputs, dimensions } = besideEachOther([1, 2].map(randomModel));
    for (let row = 0; row < ROWS; row++)
      expect(Math.hypot(...outputs.subarray(row * dimensions, (row + 1) * dimensions))).toBeCloseTo(1, 6);
  });

  const ITEMS = 40;
  const chains = Array.from({ length: 300 }, (_, s) =>
    Array.from({ length: 6 }, (__, k) => (s * 7 + k) % ITEMS),
  );
  const data = preparedFrom(chains, { train: 200, validation: 50 });
  const quick = { vectorSize: 8, epochs: 3, tune: false };

  test('are trained from different starts, one after the other, and open as they were written', async () => {
    const epochs: number[] = [];
    const reporter: Reporter = { ...silentReporter, loss: ({ epoch }) => epochs.push(epoch) };
    const { folder, result, scorer, remove } = await fitted(recencyEncoder, data, {
      parameters: { ...quick, heads: 2 },
      reporter,
    });
    expect(epochs).toEqual([1, 2, 3, 4, 5, 6]);
    expect(result.parameters).toMatchObject({ heads: 2, vectorSize: 8, epochs: 3 });
    expect(scorer.vectors?.dimension).toBe(16);
    const values = scorer.vectors?.values ?? new Float32Array(0);
    expect(values.subarray(0, 8)).not.toEqual(values.subarray(8, 16));
    const written: unknown = JSON.parse(await readFile(path.join(folder, 'parameters.json'), 'utf8'));
    expect(written).toMatchObject({ heads: 2 });
    await remove();
  });

  test('the first of two is the one head there is', async () => {
    const fit = (heads: number): ReturnType<typeof fitted> =>
      fitted(recencyEncoder, data, { parameters: { ...quick, heads } });
    const [one, two] = [await fit(1), await fit(2)];
    const first = one.scorer.vectors?.values.subarray(0, 8) ?? new Float32Array(0);
    const second = two.scorer.vectors?.values.subarray(0, 8) ?? new Float32Array(0);
    first.forEach((value, d) => expect(second[d]).toBeCloseTo(value * Math.SQRT1_2, 6));
    await Promise.all([one.remove(), two.remove()]);
  });

  test.each([1, 2, 3])('begin with all decays of the lags, each of %i heads', async (heads) => {
    const parameters = { ...quick, epochs: 1, heads, fade: 0.8, lagRate: 0 };
    const { folder, remove } = await fitted(recencyEncoder, data, { parameters });
    const { array: weights } = await readNpy(path.join(folder, 'lag-weights.npy'), Float32Array);
    const ofSecond = weights.subarray(8 * heads, 16 * heads);
    const exponents = Array.from(ofSecond, (weight) => -Math.log2(weight));
    const ofHead = [0, 0, 0.4, 0.4, 0.8, 0.8, 1.6, 1.6];
    expect(exponents).toHaveLength(8 * heads);
    exponents.forEach((exponent, d) => expect(exponent).toBeCloseTo(ofHead[d % 8] ?? NaN, 5));
    await remove();
  });

  test('where training overfits, another head gets the epochs that did the first one good', async () => {
    const draw = randomStream(5);
    const below = (most: number): number => draw() % most;
    // One step in three is worth learning, the others are chance: few sequences, wide vectors, a high rate.
    const noisy = Array.from({ length: 260 }, () => {
      const items = [below(ITEMS)];
      while (items.length < 6) items.push(below(3) === 0 ? ((items.at(-1) ?? 0) + 1) % ITEMS : below(ITEMS));
      return items;
    });
    const announced: string[] = [];
    const reporter: Reporter = { ...silentReporter, info: (message) => announced.push(message) };
    const { result, remove } = await fitted(
      recencyEncoder,
      preparedFrom(noisy, { train: 60, validation: 190 }),
      {
        parameters: {
          vectorSize: 32,
          tune: false,
          learningRate: 0.1,
          patience: 20,
          epochs: 20,
          tuneBy: 'ndcg@10',
        },
        given: ['tune'],
        positions: 'every:1',
        reporter,
      },
    );
    const epochs = announced.flatMap((message) => /(\d+) epochs/.exec(message)?.[1] ?? []).map(Number);
    expect(epochs[0]).toBe(20);
    expect(epochs[1]).toBeLessThan(20);
    expect(epochs.slice(1).every((count) => count === epochs[1])).toBe(true);
    expect(result.metrics['epochs']).toBe(epochs.reduce((sum, count) => sum + count, 0));
    await remove();
  });
});

describe('sizes of an encoder', () => {
  const parameters = defaultsOf(encoderParameters);
  const size = { items: 50_000, historyItems: 5 };

  test('are the widest that time affords, then more heads', () => {
    const chosen = [3e4, 1e6, 1e7].map((positions) => {
      const training = chooseSizes(parameters, { ...size, positions }, false);
      return { training, heads: chooseHeads(parameters, training, { ...size, positions }), positions };
    });
    const widths = chosen.map(({ training }) => training.dimensions);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(new Set(widths).size).toBeGreaterThan(1);
    expect(chosen[0]?.heads).toBeGreaterThan(1);
    expect(chosen[2]?.heads).toBe(1);
    for (const { training, heads, positions } of chosen.slice(0, 2))
      expect(heads * estimateSeconds(training, { ...size, positions })).toBeLessThanOrEqual(120);
  });

  test('that are given stay, and negatives never exceed the items', () => {
    const given = { ...parameters, vectorSize: 20, negatives: 300, heads: 7 };
    const training = chooseSizes(given, { ...size, items: 100, positions: 1e9 }, false);
    expect(training).toMatchObject({ dimensions: 20, negatives: 99 });
    expect(chooseHeads(given, training, { ...size, positions: 1e9 })).toBe(7);
  });

  test('come with multiples of the fade, or it alone, and the share of negatives by rows', () => {
    const trainingOf = (more: Partial<typeof parameters>): EncoderTraining =>
      chooseSizes({ ...parameters, ...more }, { ...size, positions: 1e5 }, false);
    expect(trainingOf({ fade: 0.8, fadeMixed: true }).fades).toEqual([0, 0.4, 0.8, 1.6]);
    expect(trainingOf({ fade: 0.8, fadeMixed: false }).fades).toEqual([0.8]);
    expect(trainingOf({ rowNegatives: 0.3 }).rowNegatives).toBe(0.3);
  });
});
