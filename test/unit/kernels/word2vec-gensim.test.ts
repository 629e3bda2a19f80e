import { describe, expect, it } from 'vitest';
import { MODES } from '../../../src/pipeline/kinds/prod2vec/kernel.ts';
import type { Prod2vecParameters } from '../../../src/pipeline/kinds/prod2vec/parameters.ts';
import { largestDifference, openBench, SEED, spreadWeights, weightsOf } from './word2vec-harness.ts';
import type { Bench } from './word2vec-harness.ts';
import { Lcg, mix, trainReference } from './word2vec-reference.ts';
import type { Rule, Weights } from './word2vec-reference.ts';

/** 14 items, the first ones frequent enough to be sub-sampled and drawn as negatives of themselves. */
const SENTENCES = [
  [0, 1, 2, 3, 0, 4, 5, 1, 0, 6, 7, 2],
  [8, 0, 9, 1, 0, 10, 11, 2, 12, 0, 13, 1, 3],
  [0, 0, 1, 5, 9, 0, 3],
];
const ALPHA = 0.05;
const EPOCH = 3;
const UNIT = 11;

async function trained(
  parameters: Partial<Prod2vecParameters>,
): Promise<{ bench: Bench; before: Weights; after: Weights }> {
  const bench = await openBench(SENTENCES, {
    parameters: { vectorSize: 10, window: 4, algorithm: 'gensim', ...parameters },
  });
  // So large that several dot products pass 6 in ten dimensions.
  spreadWeights(bench, 3);
  const before = weightsOf(bench);
  bench.kernel.trainUnit(
    MODES[`gensim ${bench.parameters.architecture}`],
    EPOCH,
    UNIT,
    0,
    SENTENCES.length,
    ALPHA,
    0,
  );
  return { bench, before, after: weightsOf(bench) };
}

/** The oracle's weights after the same work, with one rule broken if asked. */
function expected({ bench, before }: { bench: Bench; before: Weights }, broken?: Rule): Weights {
  const { parameters, plan, vocabulary } = bench;
  const rows = vocabulary.items.length;
  const weights = structuredClone(before);
  const random = new Lcg(mix(SEED, EPOCH, UNIT));
  for (const sentence of SENTENCES) {
    trainReference(
      sentence.map((item) => vocabulary.rowOf[item] ?? -1),
      weights,
      random,
      {
        skipGram: parameters.architecture === 'skip-gram',
        window: parameters.window,
        negative: parameters.negative,
        alpha: ALPHA,
        cbowMean: parameters.cbowMean,
        shrinkWindows: parameters.shrinkWindows,
        cumulative: bench.u32(plan.cumulative, rows),
        ...(parameters.sample > 0 ? { keep: bench.u32(plan.keep, rows) } : {}),
        ...(broken === undefined ? {} : { broken }),
      },
    );
  }
  return weights;
}

function difference(a: Weights, b: Weights): number {
  return Math.max(largestDifference(a.input, b.input), largestDifference(a.output, b.output));
}

const TOLERANCE = 2e-5;
const BOTH: Rule[] = [
  'words go before windows are laid',
  'a draw equal to the target is skipped',
  'pairs with |dot| >= 6 are skipped',
  'windows shrink at random',
];
const CASES = [
  {
    architecture: 'cbow',
    rules: [...BOTH, 'the CBOW error goes in full to every context word', 'the CBOW input is the mean'],
  },
  { architecture: 'skip-gram', rules: [...BOTH, 'skip-gram: the input is the context word'] },
] as const;

describe.each(CASES)('the gensim algorithm, $architecture', ({ architecture, rules }) => {
  it('does what the oracle does, with sub-sampling', async () => {
    const run = await trained({ architecture, sample: 0.05 });
    expect(difference(run.before, run.after)).toBeGreaterThan(0.01);
    expect(difference(run.after, expected(run))).toBeLessThan(TOLERANCE);
  });

  it.each([1, 3, 5, 16, 50])('does so in %i dimensions', async (vectorSize) => {
    const run = await trained({ architecture, vectorSize });
    expect(difference(run.after, expected(run))).toBeLessThan(TOLERANCE);
  });

  it.each(rules)('obeys: %s', async (rule) => {
    const run = await trained({ architecture, sample: 0.05 });
    expect(difference(run.after, expected(run))).toBeLessThan(TOLERANCE);
    // The fixture tells the rule from its breach: were the kernel to break it, the line above would fail.
    expect(difference(expected(run), expected(run, rule))).toBeGreaterThan(50 * TOLERANCE);
  });
});

describe('the gensim algorithm', () => {
  it('divides the CBOW error among the context words when the input is their sum', async () => {
    const run = await trained({ architecture: 'cbow', cbowMean: false });
    expect(difference(run.after, expected(run))).toBeLessThan(TOLERANCE);
    expect(
      difference(expected(run), expected(run, 'the CBOW error goes in full to every context word')),
    ).toBeGreaterThan(50 * TOLERANCE);
  });

  it('does not shrink windows when told not to', async () => {
    const run = await trained({ architecture: 'cbow', shrinkWindows: false });
    expect(difference(run.after, expected(run))).toBeLessThan(TOLERANCE);
  });

  it('never lets a window cross from one sentence to the next', async () => {
    const bench = await openBench(
      [
        [0, 1, 0, 1],
        [2, 3, 2, 3],
      ],
      { parameters: { vectorSize: 4, window: 10 } },
    );
    spreadWeights(bench, 0.1);
    const other = bench.row(bench.plan.inputVectors, bench.vocabulary.rowOf[2] ?? -1);
    const before = Array.from(other);
    bench.kernel.trainUnit(MODES['gensim cbow'], 0, 0, 0, 1, ALPHA, 0);
    expect(Array.from(other)).toEqual(before);
  });

  it('reads a sentence of more than 10,000 words whole', async () => {
    const long = Array.from({ length: 10_500 }, (_, i) => i % 7);
    const bench = await openBench([[0, 1], long], { parameters: { vectorSize: 4 } });
    expect(bench.kernel.trainUnit(MODES['gensim cbow'], 0, 0, 0, 2, ALPHA, 0)).toBe(10_502);
  });
});

describe('what training starts from', () => {
  it('has no token of a dropped item, so that windows reach over it', async () => {
    const bench = await openBench([[0, 5, 1, 0, 6, 1]], { parameters: { minCount: 2 } });
    const row = (item: number): number => bench.vocabulary.rowOf[item] ?? -1;
    expect(Array.from(bench.u32(bench.plan.tokens, 4))).toEqual([row(0), row(1), row(0), row(1)]);
    expect(Array.from(bench.u32(bench.plan.sentences, 2))).toEqual([0, 4]);
  });

  it('numbers items by descending count', async () => {
    const { vocabulary } = await openBench([[4, 4, 4, 2, 2, 9]], { parameters: {} });
    expect(Array.from(vocabulary.items)).toEqual([4, 2, 9]);
    expect(Array.from(vocabulary.counts)).toEqual([3, 2, 1]);
  });

  it('has input vectors uniform in (-1/dim, 1/dim) and output vectors of zero', async () => {
    const dimension = 20;
    const bench = await openBench([Array.from({ length: 400 }, (_, i) => i)], {
      parameters: { vectorSize: dimension },
    });
    const { input, output } = weightsOf(bench);
    const values = input.flat();
    const scaled = values.map((value) => value * dimension);
    expect(Math.max(...scaled)).toBeLessThan(1);
    expect(Math.max(...scaled)).toBeGreaterThan(0.99);
    expect(Math.min(...scaled)).toBeGreaterThanOrEqual(-1);
    expect(Math.min(...scaled)).toBeLessThan(-0.99);
    const mean = scaled.reduce((a, b) => a + b, 0) / scaled.length;
    const variance = scaled.reduce((a, b) => a + b * b, 0) / scaled.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(variance).toBeCloseTo(1 / 3, 1);
    expect(output.flat().every((value) => value === 0)).toBe(true);
  });

  it.each([0.75, 0, -0.5, 1])('draws negatives by count^%d', async (nsExponent) => {
    const bench = await openBench([[0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4]], {
      parameters: { nsExponent },
    });
    const { counts } = bench.vocabulary;
    const powers = Array.from(counts, (count) => count ** nsExponent);
    const total = powers.reduce((a, b) => a + b, 0);
    let sum = 0;
    const wanted = powers.map((power) => Math.round(((sum += power) / total) * (2 ** 31 - 1)));
    const cumulative = Array.from(bench.u32(bench.plan.cumulative, counts.length));
    cumulative.forEach((value, row) => expect(Math.abs(value - (wanted[row] ?? 0))).toBeLessThan(3));
    const { guideShift, guide } = bench.plan;
    bench.u32(guide, 2 ** (31 - guideShift)).forEach((row, bucket) => {
      expect(row).toBe(cumulative.findIndex((bound) => bound >= bucket * 2 ** guideShift));
    });
  });

  it('keeps words with probability (sqrt(v/t) + 1) · t/v', async () => {
    const sample = 0.02;
    const bench = await openBench(SENTENCES, { parameters: { sample } });
    const threshold = sample * bench.vocabulary.total;
    bench.u32(bench.plan.keep, bench.vocabulary.items.length).forEach((keep, row) => {
      const count = bench.vocabulary.counts[row] ?? 0;
      const probability = Math.min(1, (Math.sqrt(count / threshold) + 1) * (threshold / count));
      expect(Math.abs(keep - probability * (2 ** 32 - 1))).toBeLessThanOrEqual(1);
    });
  });

  it('sub-samples anew in every epoch', async () => {
    const bench = await openBench([Array.from({ length: 300 }, (_, i) => i % 3)], {
      parameters: { sample: 0.05 },
    });
    const left = [0, 1, 2, 3].map((epoch) =>
      bench.kernel.trainUnit(MODES['gensim cbow'], epoch, 0, 0, 1, 0.01, 0),
    );
    expect(new Set(left).size).toBeGreaterThan(1);
    left.forEach((words) => expect(words).toBeLessThan(300));
  });
});
