import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Reporter } from '../../../src/pipeline/reporter.ts';
import {
  catalogueFirst,
  withColdItems,
  type EncoderModel,
} from '../../../src/pipeline/kinds/recency-encoder/encoder-model.ts';
import { recencyEncoder } from '../../../src/pipeline/kinds/recency-encoder/kind.ts';
import { encoderScorer } from '../../../src/pipeline/kinds/recency-encoder/scorer.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { fitted, silentReporter } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const ITEMS = 40;
/** Each item is followed by the next one; sequences never repeat an item. */
const chains = Array.from({ length: 300 }, (_, s) =>
  Array.from({ length: 6 }, (__, k) => (s * 7 + k) % ITEMS),
);
/** Every second row is the item before it. */
const stutter = Array.from({ length: 300 }, (_, s) =>
  Array.from({ length: 8 }, (__, k) => (s * 11 + Math.floor(k / 2) * 5) % ITEMS),
);
const quick = { vectorSize: 16, heads: 1, epochs: 6, tune: false };
const split = { train: 200, validation: 50 };

function hits(recommender: Recommender, sequences: readonly (readonly number[])[]): number {
  const found = sequences.map((sequence) => {
    const query = Int32Array.from(sequence.slice(0, -1));
    return recommender.recommend(query, { k: 1, seen: 'kept' }).items[0] === sequence.at(-1) ? 1 : 0;
  });
  return found.reduce<number>((sum, hit) => sum + hit, 0) / sequences.length;
}

function model(): EncoderModel {
  const vectors = Float32Array.of(1, 0, 0, 1, 1, 1);
  const outputs = Float32Array.of(1, 0, 0, 1, Math.SQRT1_2, Math.SQRT1_2);
  const items = Int32Array.of(0, 1, 2);
  const lagWeights = Float32Array.of(1, 1, 0.5, 0.5);
  return { dimensions: 2, heads: 1, items, trained: 3, recommended: 3, vectors, outputs, lagWeights };
}

const scoring = { temperature: 0.5, bias: new Float32Array(3), repeats: { newest: 0, second: 0, older: 0 } };

describe('the recency encoder as a kind', () => {
  test('learns what follows what, and says how it went', async () => {
    const losses: number[] = [];
    const reporter: Reporter = { ...silentReporter, loss: ({ loss }) => losses.push(loss) };
    const data = preparedFrom(chains, split);
    const { scorer, result, remove } = await fitted(recencyEncoder, data, { parameters: quick, reporter });
    const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed: 1 });
    expect(hits(recommender, chains.slice(250))).toBeGreaterThan(0.95);
    expect(losses).toHaveLength(6);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
    expect(result.parameters).toMatchObject({ vectorSize: 16, epochs: 6, negatives: ITEMS - 1 });
    expect(scorer.vectors?.dimension).toBeGreaterThan(0);
    await remove();
  });

  test('the same fit gives the same bytes', async () => {
    const data = preparedFrom(chains, split);
    const parameters = { tuneMinutes: 0.002, epochs: 2 };
    const runs = [
      await fitted(recencyEncoder, data, { parameters }),
      await fitted(recencyEncoder, data, { parameters }),
    ];
    for (const file of ['vectors.npy', 'outputs.npy', 'lag-weights.npy', 'bias.npy', 'parameters.json']) {
      const [first, second] = await Promise.all(runs.map(({ folder }) => readFile(path.join(folder, file))));
      expect(first?.equals(second ?? Buffer.of()), file).toBe(true);
    }
    await Promise.all(runs.map(({ remove }) => remove()));
  });

  test('finds that lists never repeat, and that others do', async () => {
    const parameters = { ...quick, tune: true, tuneMinutes: 0 };
    const never = await fitted(recencyEncoder, preparedFrom(chains, split), {
      parameters,
      positions: 'every:1',
    });
    expect(Number(never.result.parameters?.['repeatOlder'])).toBeLessThanOrEqual(0);
    const often = await fitted(recencyEncoder, preparedFrom(stutter, split), {
      parameters,
      positions: 'every:1',
    });
    const plain = await fitted(recencyEncoder, preparedFrom(stutter, split), {
      parameters: { ...parameters, repeatNewest: -20 },
      positions: 'every:1',
    });
    expect(Number(often.result.parameters?.['repeatNewest'])).toBeGreaterThan(-20);
    expect(plain.result.parameters?.['repeatNewest']).toBe(-20);
    await Promise.all([never, often, plain].map(({ remove }) => remove()));
  });

  test.each([
    ['lists that repeat their items', stutter, {}, false],
    ['such lists, where a person asks for a search', stutter, { tuneMinutes: 0.002 }, true],
    ['lists that do not repeat them', chains, {}, true],
  ])('searches training parameters where it pays: %s', async (_, sequences, asked, searched) => {
    const stages = new Set<string>();
    const reporter: Reporter = { ...silentReporter, progress: (stage) => stages.add(stage) };
    const { result, remove } = await fitted(recencyEncoder, preparedFrom(sequences, split), {
      parameters: { vectorSize: 8, tuneMinutes: 0.002, ...asked },
      given: ['vectorSize', ...Object.keys(asked)],
      positions: 'every:1',
      reporter,
    });
    expect(stages.has('tuning on validation')).toBe(searched);
    expect(stages).toContain('choosing weights on validation');
    if (!searched) expect(result.parameters).toMatchObject({ temperature: 0.07, epochs: 5, heads: 1 });
    await remove();
  });

  test('keeps what a person gave while it tunes', async () => {
    const parameters = { epochs: 2, fade: 0.77, temperature: 0.2, priorWeight: 0.3, tuneMinutes: 0.002 };
    const { result, remove } = await fitted(recencyEncoder, preparedFrom(chains, split), { parameters });
    expect(result.parameters).toMatchObject({ fade: 0.77, temperature: 0.2, priorWeight: 0.3 });
    await remove();
  });

  test('without validation queries it warns and keeps its defaults', async () => {
    const warnings: string[] = [];
    const reporter: Reporter = { ...silentReporter, warn: (message) => warnings.push(message) };
    const { result, remove } = await fitted(recencyEncoder, preparedFrom(chains), {
      parameters: { epochs: 1, vectorSize: 8 },
      reporter,
    });
    expect(warnings.join()).toContain('no validation queries');
    expect(result.parameters).toMatchObject({ temperature: 0.1, priorWeight: 0.5 });
    await remove();
  });

  test.each([
    ['a single item', [[0, 0, 0]], {}, /one item only/],
    ['a rate that diverges', chains, { learningRate: 10, temperature: 0.01, epochs: 30 }, /diverged|finite/],
    ['a parameter out of range', chains, { temperature: 0 }, /temperature must be/],
  ])('%s is refused, or comes to an end, in words', async (name, sequences, parameters, message) => {
    const fit = fitted(recencyEncoder, preparedFrom(sequences), { parameters: { ...quick, ...parameters } });
    if (name !== 'a rate that diverges') return expect(fit).rejects.toThrow(message);
    // Adam's steps are bounded, so this may also end well: what never happens is a NaN in the vectors.
    const { scorer, remove } = await fit;
    expect(scorer.vectors?.values.every(Number.isFinite)).toBe(true);
    return remove();
  });

  test('by leave-one-out, sequences of nothing but repeats are refused', async () => {
    const data = preparedFrom(
      Array.from({ length: 5 }, (_, s) => [s, s, s, s + 1, s + 2]),
      { leaveOneOut: true },
    );
    await expect(fitted(recencyEncoder, data, { parameters: quick })).rejects.toThrow(/repeats one before/);
  });
});

describe("the encoder's score", () => {
  test('is the cosine over the temperature, with bias and bonus added', () => {
    const bias = Float32Array.of(0, 0.25, 0);
    const repeats = { newest: 1, second: 2, older: 4 };
    const scorer = encoderScorer(model(), { ...scoring, bias, repeats }, 4, true);
    const out = new Float32Array(6);
    // Newest first: item 1 with weight 1, item 0 with weight ½; item 3 is unknown and takes no lag.
    const answered = scorer.score([Int32Array.of(0, 3, 1), Int32Array.of(3)], 'decayed-list', out);
    expect([...answered]).toEqual([1, 0]);
    const length = Math.hypot(0.5, 1);
    const cosines = [0.5 / length, 1 / length, (1.5 * Math.SQRT1_2) / length];
    const expected = [
      (cosines[0] ?? 0) / 0.5 + 2,
      (cosines[1] ?? 0) / 0.5 + 0.25 + 1,
      (cosines[2] ?? 0) / 0.5,
    ];
    expected.forEach((value, i) => expect(out[i]).toBeCloseTo(value, 5));
  });

  test('an unseen item gets the shrunk mean of its group, and none without a trained one', () => {
    const groups = Int32Array.of(0, 0, 1, 0, 2, -1);
    const catalogue = Uint8Array.of(1, 1, 1, 1, 1, 1);
    const { items, trained, recommended, vectors, outputs } = withColdItems(
      model(),
      { groups, catalogue },
      1,
    );
    expect([...items]).toEqual([0, 1, 2, 3]);
    expect([trained, recommended]).toEqual([3, 4]);
    expect([...vectors.subarray(6)]).toEqual([Math.fround(1 / 3), Math.fround(1 / 3)]);
    expect([...outputs.subarray(6)]).toEqual([Math.fround(1 / 3), Math.fround(1 / 3)]);
  });
});

describe('items outside the catalogue', () => {
  const groups = Int32Array.of(0, 0, 1, 0, 1);
  const catalogue = Uint8Array.of(1, 1, 1, 0, 1);

  test('have rows for queries behind those that may be recommended', () => {
    const cold = withColdItems(model(), { groups, catalogue }, 1);
    expect([...cold.items]).toEqual([0, 1, 2, 4, 3]);
    expect(cold.recommended).toBe(4);
  });

  test('are known of in a query and never recommended', () => {
    const cold = withColdItems(model(), { groups, catalogue }, 1);
    const repeats = { newest: 0, second: 0, older: 0 };
    const scorer = encoderScorer(cold, { ...scoring, bias: new Float32Array(5), repeats }, 5, true);
    expect([...scorer.items]).toEqual([0, 1, 2, 4]);
    expect([scorer.knows(3), scorer.recommends(3), scorer.recommends(4)]).toEqual([true, false, true]);
    const out = new Float32Array(4);
    expect([...scorer.score([Int32Array.of(3)], 'decayed-list', out)]).toEqual([1]);
    const recommender = new Recommender({ scorer, trainCounts: Uint32Array.of(1, 1, 1, 0, 0), seed: 1 });
    expect([...recommender.recommend(Int32Array.of(3), { k: 9, seen: 'kept' }).items].sort()).toEqual([
      0, 1, 2, 4,
    ]);
  });

  test('are put behind the others when an older model is opened', () => {
    const written = withColdItems(model(), { groups, catalogue: new Uint8Array(5).fill(1) }, 1);
    expect([...written.items]).toEqual([0, 1, 2, 3, 4]);
    const opened = catalogueFirst(written, Float32Array.of(0, 1, 2, 3, 4), catalogue);
    expect([...opened.model.items]).toEqual([0, 1, 2, 4, 3]);
    expect([...opened.bias]).toEqual([0, 1, 2, 4, 3]);
    expect(opened.model.recommended).toBe(4);
    expect(opened.model.vectors.subarray(6, 8)).toEqual(written.vectors.subarray(8, 10));
    expect(opened.model.outputs.subarray(8, 10)).toEqual(written.outputs.subarray(6, 8));
  });
});
