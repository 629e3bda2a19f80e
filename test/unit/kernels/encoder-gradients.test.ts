import { describe, expect, it } from 'vitest';
import type { EncoderTraining } from '../../../src/pipeline/kinds/recency-encoder/train.ts';
import { randomSequences } from '../support/random-sequences.ts';
import {
  examplesOf,
  knowsRelaxedSimd,
  lossOf,
  modelOf,
  negativesOf,
  openEncoder,
  spreadModel,
  type EncoderBench,
} from './encoder-harness.ts';
import {
  gradientsOf,
  lossOfBatch,
  ReferenceAdam,
  type Batch,
  type EncoderModel,
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

/** How far the kernel is from the oracle in the loss, and in the gradients. */
function distance(run: Trained, broken?: Rule): { loss: number; gradients: number } {
  const options = { temperature: run.bench.training.temperature, broken };
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
];
const DROPOUT = { itemDropout: 0.3, queryDropout: 0.25 };

describe.each(BUILDS)('the kernel ($name build)', ({ relaxed }) => {
  const agrees = async (training: Options, count = 8): Promise<Trained> => {
    const run = await trained(training, relaxed, count);
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
    const bench = await openEncoder(SEQUENCES, { training, relaxed });
    spreadModel(bench);
    const model = modelOf(bench);
    const start = structuredClone(model);
    const adam = new ReferenceAdam();
    const { temperature, lagRate } = bench.training;
    for (let step = 0; step < 10; step++) {
      const count = step % 3 === 2 ? 5 : 8;
      const rates = [0.02 - 0.001 * step, lagRate * (1 - 0.05 * step)] as const;
      bench.kernel.trainBatch(0, 8 * step, 8 * step + count, ...rates);
      const batch = { negatives: negativesOf(bench), examples: examplesOf(bench, count) };
      adam.step(model, batch, gradientsOf(model, batch, { temperature }), ...rates);
    }
    expect(difference(start.items, model.items)).toBeGreaterThan(0.1);
    expect(difference(start.lagWeights, model.lagWeights) > 0).toBe(lagRate > 0);
    expect(differenceOfModels(modelOf(bench), model)).toBeLessThan(TOLERANCE);
  });
});

describe('what the fixture would notice', () => {
  const RULES: readonly Rule[] = [
    'the logits of negatives are raised by log((N - 1)/S)',
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
    const options = { temperature: bench.training.temperature };
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
  const UNCORRECTED = 'the logits of negatives are raised by log((N - 1)/S)';
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  it('estimates the loss over all items, without the correction one that is far lower', async () => {
    const bench = await openEncoder(SEQUENCES, { training: { temperature: 0.5, negatives: 12 } });
    spreadModel(bench);
    const model = modelOf(bench);
    const losses: { exact: number; corrected: number; plain: number }[] = [];
    for (let batch = 0; batch < 300; batch++) {
      // At rate 0 the weights stay: each batch is a draw of its own from the same loss.
      bench.kernel.trainBatch(batch, 0, 8, 0, 0);
      const examples = examplesOf(bench, 8);
      const drawn = { negatives: negativesOf(bench), examples };
      const all = { negatives: model.items.map((_, item) => item), examples };
      losses.push({
        exact: lossOfBatch(model, all, { temperature: 0.5, broken: UNCORRECTED }),
        corrected: lossOfBatch(model, drawn, { temperature: 0.5 }),
        plain: lossOfBatch(model, drawn, { temperature: 0.5, broken: UNCORRECTED }),
      });
    }
    const exact = mean(losses.map((loss) => loss.exact));
    expect(Math.abs(lossOf(bench).sum / lossOf(bench).count / exact - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(losses.map(({ corrected }) => corrected)) / exact - 1)).toBeLessThan(0.02);
    expect(mean(losses.map(({ plain }) => plain)) / exact).toBeLessThan(0.8);
  });
});
