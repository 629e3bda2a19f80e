import { describe, expect, it } from 'vitest';
import type { EncoderTraining } from '../../../src/pipeline/kinds/recency-encoder/train.ts';
import { randomSequences, skewedSequences } from '../support/random-sequences.ts';
import {
  examplesOf,
  knowsRelaxedSimd,
  lossOf,
  modelOf,
  negativesOf,
  openEncoder,
  samplingOf,
  spreadModel,
  type EncoderBench,
} from './encoder-harness.ts';
import {
  gradientsOf,
  lossOfBatch,
  ReferenceAdam,
  type Batch,
  type EncoderModel,
  type LossOptions,
  type Rule,
} from './encoder-reference.ts';

/** Sequences of up to 20 of 40 items: longer than the histories of 6, and with repeats. */
const SEQUENCES = randomSequences(12, 40, 3);
const MATRICES = ['items', 'offsets', 'lagWeights'] as const;
/** The share of the first gradient that Adam's first moment holds after one step. */
const FRESH = 0.1;
const TOLERANCE = 1e-4;

type Options = Partial<EncoderTraining>;

interface Trained {
  readonly bench: EncoderBench;
  readonly before: EncoderModel;
  readonly batch: Batch;
  /** Mean loss as the kernel has it. */
  readonly loss: number;
  /** The kernel's gradients, from Adam's first moments after one step. */
  readonly gradients: EncoderModel;
}

/** One batch of the kernel, and what it drew. */
async function trained(training: Options = {}, relaxed = false, count = 8): Promise<Trained> {
  const bench = await openEncoder(SEQUENCES, { training, relaxed });
  spreadModel(bench);
  const before = modelOf(bench);
  bench.kernel.trainBatch(2, 16, 16 + count, 0.02, 0.003);
  const moments = modelOf(bench, 'first moments');
  const scaled = (matrix: number[][]): number[][] => matrix.map((row) => row.map((value) => value / FRESH));
  const { sum, count: trainedCount } = lossOf(bench);
  expect(trainedCount).toBe(count);
  return {
    bench,
    before,
    batch: { negatives: negativesOf(bench), examples: examplesOf(bench, count) },
    loss: sum / count,
    gradients: {
      items: scaled(moments.items),
      offsets: scaled(moments.offsets),
      lagWeights: scaled(moments.lagWeights),
    },
  };
}

/** Largest difference of two matrices, as a share of the largest value of the second. */
function difference(ours: readonly number[][], reference: readonly number[][]): number {
  const largest = Math.max(...reference.flat().map(Math.abs));
  const most = Math.max(
    ...reference.flatMap((row, i) => row.map((value, d) => Math.abs(value - (ours[i]?.[d] ?? NaN)))),
  );
  return largest === 0 ? most : most / largest;
}

function differenceOfModels(ours: EncoderModel, reference: EncoderModel): number {
  return Math.max(...MATRICES.map((name) => difference(ours[name], reference[name])));
}

/** The options of the oracle that a kernel is compared with. */
function optionsOf(bench: EncoderBench, broken?: Rule): LossOptions {
  return { temperature: bench.training.temperature, sampling: samplingOf(bench), broken };
}

/** How far the kernel is from the oracle in the loss, and in the gradients. */
function distance(run: Trained, broken?: Rule): { loss: number; gradients: number } {
  const options = optionsOf(run.bench, broken);
  const loss = lossOfBatch(run.before, run.batch, options);
  return {
    loss: Math.abs(run.loss - loss) / loss,
    gradients: differenceOfModels(run.gradients, gradientsOf(run.before, run.batch, options)),
  };
}

/** Node 20 does not know relaxed SIMD. */
const BUILDS = [
  { name: 'plain', relaxed: false },
  ...(knowsRelaxedSimd() ? [{ name: 'relaxed', relaxed: true }] : []),
].flatMap((build) => [0, 0.5, 1].map((rowNegatives) => ({ ...build, rowNegatives })));
const DROPOUT = { itemDropout: 0.3, queryDropout: 0.25 };

describe.each(BUILDS)('the kernel ($name build, $rowNegatives by rows)', ({ relaxed, rowNegatives }) => {
  const agrees = async (training: Options, count = 8): Promise<Trained> => {
    const run = await trained({ rowNegatives, ...training }, relaxed, count);
    const { loss, gradients } = distance(run);
    expect(loss).toBeLessThan(TOLERANCE);
    expect(gradients).toBeLessThan(TOLERANCE);
    return run;
  };

  it.each([2, 3, 4, 5, 8, 10, 15, 16, 20, 32, 50, 64, 100, 128])(
    'has the loss and gradients of the oracle in %i dimensions',
    async (dimensions) => {
      await agrees({ dimensions });
      await agrees({ dimensions, maskedHistory: 4, ...DROPOUT });
    },
  );

  it.each([1, 2, 3, 5, 7, 8])('does so for a batch of %i', async (count) => {
    await agrees({}, count);
    await agrees({ ...DROPOUT, dimensions: 10 }, count);
  });

  it.each([1, 2, 3, 7])('does so where no batch is larger than %i', async (batchSize) => {
    await agrees({ batchSize }, batchSize);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 39])('does so with %i negatives', async (negatives) => {
    const { batch } = await agrees({ negatives });
    expect(batch.negatives).toHaveLength(negatives);
    await agrees({ negatives, maskedHistory: 100 }, 7);
  });

  it.each([1, 2, 6, 40])('does so with histories of %i items at most', async (history) => {
    const { batch } = await agrees({ history });
    const lengths = batch.examples.map((example) => example.history.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(history);
    if (history <= 6) expect(lengths).toContain(history);
  });

  it.each([0.005, 0.02, 0.05, 1])('does so at temperature %d', async (temperature) => {
    await agrees({ temperature });
    await agrees({ temperature, maskedHistory: 100, negatives: 39 });
  });

  it('does so where all negatives are masked', async () => {
    const { batch, loss } = await agrees({ negatives: 1, maskedHistory: 100 }, 8);
    const masked = ({ target, known }: Batch['examples'][number]): boolean =>
      batch.negatives.every((item) => item === target || known.includes(item));
    if (batch.examples.every(masked)) expect(loss).toBe(0);
    expect(Number.isFinite(loss)).toBe(true);
  });

  it.each([
    ['plainly', {}],
    ['with dropout and masks', { ...DROPOUT, maskedHistory: 100 }],
    ['in 10 dimensions, with fixed lag weights', { dimensions: 10, lagRate: 0 }],
  ] as const)('is where the oracle is after ten Adam steps, %s', async (_what, training) => {
    const bench = await openEncoder(SEQUENCES, { training: { rowNegatives, ...training }, relaxed });
    spreadModel(bench);
    const model = modelOf(bench);
    const start = structuredClone(model);
    const adam = new ReferenceAdam();
    const { lagRate } = bench.training;
    const options = optionsOf(bench);
    for (let step = 0; step < 10; step++) {
      const count = step % 3 === 2 ? 5 : 8;
      const rates = [0.02 - 0.001 * step, lagRate * (1 - 0.05 * step)] as const;
      bench.kernel.trainBatch(0, 8 * step, 8 * step + count, ...rates);
      const batch = { negatives: negativesOf(bench), examples: examplesOf(bench, count) };
      adam.step(model, batch, gradientsOf(model, batch, options), ...rates);
    }
    expect(difference(start.items, model.items)).toBeGreaterThan(0.1);
    expect(difference(start.lagWeights, model.lagWeights) > 0).toBe(lagRate > 0);
    expect(differenceOfModels(modelOf(bench), model)).toBeLessThan(TOLERANCE);
  });
});

describe('what the fixture would notice', () => {
  const RULES: readonly Rule[] = [
    'the logits of negatives are raised by -log(pi)',
    'negatives are drawn by training rows too',
    "E gets D's gradient too",
    'the target is no negative',
    'known items are no negatives',
    'outputs are unit vectors',
    'queries are unit vectors',
  ];

  it.each(RULES)('a kernel that breaks the rule: %s', async (rule) => {
    const run = await trained({ maskedHistory: 4 });
    expect(distance(run).gradients).toBeLessThan(TOLERANCE);
    // Were the kernel to break the rule, it would be as far from the oracle as it is now from the oracle that breaks it.
    expect(distance(run, rule).gradients).toBeGreaterThan(50 * TOLERANCE);
  });

  it('holds a target among the negatives, and known items too', async () => {
    const { batch } = await trained({ maskedHistory: 4 });
    expect(batch.examples.some(({ target }) => batch.negatives.includes(target))).toBe(true);
    expect(batch.examples.some(({ known }) => known.some((item) => batch.negatives.includes(item)))).toBe(
      true,
    );
    expect(batch.examples.some(({ known }) => known.length === 4)).toBe(true);
  });
});

describe('the oracle', () => {
  it.each([
    ['plainly', {}],
    ['with dropout and masks', { ...DROPOUT, maskedHistory: 3, dimensions: 6 }],
  ] as const)('has the gradients that central differences give, %s', async (_what, training) => {
    const { before, batch, bench } = await trained(training, false, 5);
    const options = optionsOf(bench);
    const gradients = gradientsOf(before, batch, options);
    const step = 1e-5;
    for (const name of MATRICES) {
      const numeric = before[name].map((row) =>
        row.map((value, d) => {
          const lossAt = (moved: number): number => {
            row[d] = moved;
            const loss = lossOfBatch(before, batch, options);
            row[d] = value;
            return loss;
          };
          return (lossAt(value + step) - lossAt(value - step)) / (2 * step);
        }),
      );
      expect(Math.max(...gradients[name].flat().map(Math.abs))).toBeGreaterThan(1e-3);
      expect(difference(numeric, gradients[name])).toBeLessThan(1e-6);
    }
  });
});

describe('sampling', () => {
  const UNCORRECTED = 'the logits of negatives are raised by -log(pi)';
  const UNIFORM = 'negatives are drawn by training rows too';

  /** A model that has learnt which items are frequent. */
  async function learnt(rowNegatives: number): Promise<EncoderBench> {
    const training = { temperature: 0.5, negatives: 12, rowNegatives };
    const bench = await openEncoder(skewedSequences(60, 40, 9), { training });
    spreadModel(bench);
    const batches = Math.floor(bench.set.positions.length / 8);
    for (let epoch = 0; epoch < 5; epoch++)
      for (let batch = 0; batch < batches; batch++)
        bench.kernel.trainBatch(epoch, 8 * batch, 8 * batch + 8, 0.02, 0.003);
    return bench;
  }

  /** Mean and standard error. */
  function meanOf(values: readonly number[]): { mean: number; error: number } {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, error: Math.sqrt(squares) / values.length };
  }

  it.each([0, 0.5, 1])(
    'has the denominator of the softmax over all items in the mean (%d by rows), and not without the correction',
    async (rowNegatives) => {
      const bench = await learnt(rowNegatives);
      const model = modelOf(bench);
      const all = model.items.map((_, item) => item);
      let [estimated, whole] = [0, 0];
      const shares: Record<'kernel' | 'uncorrected' | 'uniform', number[]> = {
        kernel: [],
        uncorrected: [],
        uniform: [],
      };
      for (let batch = 0; batch < 6000; batch++) {
        const before = lossOf(bench).sum;
        // At rate 0 the weights stay: each batch is a draw of its own from the same loss.
        bench.kernel.trainBatch(100 + batch, 0, 1, 0, 0);
        const loss = lossOf(bench).sum - before;
        const examples = examplesOf(bench, 1);
        const drawn = { negatives: negativesOf(bench), examples };
        const exact = lossOfBatch(model, { negatives: all, examples }, optionsOf(bench, UNCORRECTED));
        [estimated, whole] = [estimated + loss, whole + exact];
        // The loss is the log of the denominator over the target's part of it.
        shares.kernel.push(Math.exp(loss - exact));
        shares.uncorrected.push(Math.exp(lossOfBatch(model, drawn, optionsOf(bench, UNCORRECTED)) - exact));
        shares.uniform.push(Math.exp(lossOfBatch(model, drawn, optionsOf(bench, UNIFORM)) - exact));
      }
      const { mean, error } = meanOf(shares.kernel);
      expect(error).toBeLessThan(0.005);
      expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
      // Its log is a little lower in the mean, as a log is concave.
      expect(Math.abs(estimated / whole - 1)).toBeLessThan(0.02);
      expect(meanOf(shares.uncorrected).mean).toBeLessThan(0.8);
      if (rowNegatives > 0) expect(meanOf(shares.uniform).mean).toBeGreaterThan(1.1);
    },
  );
});
