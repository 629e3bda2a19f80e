import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { QueryEncoder } from '../../../src/pipeline/kinds/recency-encoder/encode-query.ts';
import {
  checkEncoderMemory,
  planEncoderMemory,
} from '../../../src/pipeline/kinds/recency-encoder/memory-plan.ts';
import {
  trainEncoder,
  type EncoderRequest,
  type EncoderTraining,
  type EpochEnd,
  type TrainedEncoder,
} from '../../../src/pipeline/kinds/recency-encoder/train.ts';
import { rateAt } from '../../../src/pipeline/kinds/recency-encoder/train-protocol.ts';
import {
  buildTrainingSet,
  type TrainingSet,
} from '../../../src/pipeline/kinds/recency-encoder/training-set.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { flatten } from '../kernels/word2vec-harness.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { patience } from '../support/patience.ts';

const TRAINING: EncoderTraining = {
  dimensions: 16,
  negatives: 16,
  batchSize: 32,
  history: 10,
  epochs: 6,
  temperature: 0.1,
  fades: [0, 0.5, 1, 2],
  rowNegatives: 0.5,
  learningRate: 0.02,
  lagRate: 0.003,
  itemDropout: 0.1,
  queryDropout: 0.1,
  maskedHistory: 0,
};

/** Walks round a circle of items from random places: what follows an item is always the same. */
function walks(count: number, items: number, length = 12): number[][] {
  return Array.from({ length: count }, (_, s) =>
    Array.from({ length }, (_unused, i) => (s * 7919 + i) % items),
  );
}

function setOf(sequences: readonly (readonly number[])[], skipRepeats = false): Promise<TrainingSet> {
  const flat = flatten(sequences);
  const itemCount = flat.items.reduce((a, b) => Math.max(a, b), 0) + 1;
  return buildTrainingSet(flat, itemCount, { minCount: 1, skipRepeats });
}

async function train(
  sequences: readonly (readonly number[])[] | TrainingSet,
  training: Partial<EncoderTraining> = {},
  more: Partial<EncoderRequest> = {},
): Promise<TrainedEncoder> {
  return trainEncoder({
    set: 'vocabulary' in sequences ? sequences : await setOf(sequences),
    training: { ...TRAINING, ...training },
    seed: 1,
    threads: 1,
    deterministic: false,
    memoryLimit: 2048,
    ...more,
  });
}

const finite = ({ items, offsets, lagWeights, losses }: TrainedEncoder): boolean =>
  [items, offsets, lagWeights, losses].every((values) => values.every((value) => Number.isFinite(value)));

/** Share of single-item queries whose highest-scored item (the query's own left out) follows it on the circle. */
function successorHits(model: TrainedEncoder, set: TrainingSet, count: number): number {
  const d = model.dimensions;
  const { items, rowOf } = set.vocabulary;
  const encoder = new QueryEncoder(model.items, model.lagWeights, d, rowOf);
  const query = new Float32Array(d);
  const scoreOf = (row: number): number => {
    const sum = query.map((_, k) => (model.items[row * d + k] ?? NaN) + (model.offsets[row * d + k] ?? NaN));
    const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
    return sum.reduce((total, value, k) => total + value * (query[k] ?? NaN), 0) / length;
  };
  const hits = Array.from({ length: count }, (_, item) => {
    encoder.fill(Int32Array.of(item), 'decayed-list', query);
    const scores = Array.from(items, (other, row) => (other === item ? -2 : scoreOf(row)));
    return items[scores.indexOf(Math.max(...scores))] === (item + 1) % count;
  });
  return hits.filter(Boolean).length / count;
}

const hashOf = ({ items, offsets, lagWeights }: TrainedEncoder): string =>
  createHash('sha256').update(items).update(offsets).update(lagWeights).digest('hex').slice(0, 16);

describe('training the recency encoder', () => {
  it.each([1, 2])('learns what follows what (%i threads)', async (threads) => {
    const set = await setOf(walks(200, 60));
    const model = await train(set, { epochs: 15, itemDropout: 0.3 }, { threads });
    expect(successorHits(model, set, 60)).toBe(1);
    expect(model.losses).toHaveLength(15);
    expect(model.losses.at(-1)).toBeLessThan(0.5 * (model.losses[0] ?? 0));
    expect(finite(model)).toBe(true);
  });

  it('reaches with two threads the loss it reaches with one', async () => {
    const set = await setOf(randomSequences(1500, 400, 8));
    const [one, two] = [await train(set), await train(set, {}, { threads: 2 })];
    const last = ({ losses }: TrainedEncoder): number => losses.at(-1) ?? NaN;
    expect(last(one)).toBeLessThan(0.95 * (one.losses[0] ?? NaN));
    expect(Math.abs(last(two) / last(one) - 1)).toBeLessThan(0.04);
  });

  it('gives the same bytes from run to run and on every machine in deterministic mode', async () => {
    const set = await setOf(randomSequences(200, 50, 4));
    const training = { dimensions: 10, maskedHistory: 5, epochs: 3 };
    const first = await train(set, training, { deterministic: true, threads: 2 });
    const second = await train(set, training, { deterministic: true });
    expect(second.items).toEqual(first.items);
    expect(second.losses).toEqual(first.losses);
    // Changes only with the algorithm; the same here, on other processors and under other versions of Node.
    expect(hashOf(first)).toBe('4c4897c48d33bfa2');
    expect(hashOf(second)).toBe('4c4897c48d33bfa2');
    expect(hashOf(await train(set, training, { deterministic: true, seed: 2 }))).not.toBe('4c4897c48d33bfa2');
  });

  it('leaves the weights of lags as they are at rate 0, and moves them otherwise', async () => {
    const set = await setOf(randomSequences(100, 50, 4));
    const start = (lag: number): number => Math.fround((lag + 1) ** -0.5);
    const fixed = await train(set, { lagRate: 0, fades: [0.5] });
    fixed.lagWeights.forEach((weight, i) => expect(weight).toBeCloseTo(start(Math.floor(i / 16)), 6));
    const learnt = await train(set, { fades: [0.5] });
    expect(learnt.lagWeights.some((weight, i) => Math.abs(weight - start(Math.floor(i / 16))) > 0.01)).toBe(
      true,
    );
  });
});

describe('the first weights of lags', () => {
  it.each([
    [16, [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, 2, 2, 2, 2]],
    [6, [0, 0, 0.5, 1, 1, 2]],
    [5, [0, 0, 0.5, 1, 2]],
    [4, [0, 0.5, 1, 2]],
    [3, [0, 0.5, 1]],
    [2, [0, 1]],
    [1, [0]],
  ])('of %i dimensions fall with equal shares of the fades', async (dimensions, exponents) => {
    const { lagWeights } = await train(walks(20, 30), { dimensions, lagRate: 0, epochs: 1 });
    expect(lagWeights).toHaveLength(10 * dimensions);
    lagWeights.forEach((weight, i) => {
      const lag = Math.floor(i / dimensions);
      expect(weight).toBeCloseTo((lag + 1) ** -(exponents[i % dimensions] ?? NaN), 6);
    });
  });
});

describe('between epochs', () => {
  it('reports loss and rate, stops when told, and returns the best weights', async () => {
    const scores = [0.1, 0.5, 0.3, 0.4];
    const copies: Float32Array[] = [];
    const ends: EpochEnd[] = [];
    const model = await train(
      walks(50, 30),
      { epochs: 50 },
      {
        afterEpoch: (weights, end) => {
          copies.push(weights.items());
          ends.push(end);
          return Promise.resolve({ score: scores[end.epoch - 1] ?? 0, stop: end.epoch === 4 });
        },
      },
    );
    expect(ends.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(ends.map(({ loss }) => loss)).toEqual(model.losses);
    ends.forEach(({ epoch, rate }) => expect(rate).toBeCloseTo(rateAt(0.02, epoch / 50), 12));
    expect(model.bestEpoch).toBe(2);
    expect(model.items).toEqual(copies[1]);
    expect(model.items).not.toEqual(copies[3]);
  });

  it('returns the last weights when there is nothing to score', async () => {
    const model = await train(
      walks(50, 30),
      {},
      {
        afterEpoch: () => Promise.resolve({ score: NaN, stop: false }),
      },
    );
    expect(model.bestEpoch).toBe(6);
  });

  it('passes on what goes wrong there', async () => {
    const training = train(
      walks(50, 30),
      {},
      { afterEpoch: () => Promise.reject(new Error('no validation rows')) },
    );
    await expect(training).rejects.toThrow('no validation rows');
  });
});

describe('cancelling', () => {
  it.each([
    ['in the middle of an epoch', 'onProgress'],
    ['between epochs', 'afterEpoch'],
  ] as const)('ends the training at once, %s', async (_when, where) => {
    const controller = new AbortController();
    let cancelledAt = 0;
    const cancel = (): void => {
      if (!controller.signal.aborted) cancelledAt = performance.now();
      controller.abort();
    };
    const request: Partial<EncoderRequest> =
      where === 'onProgress'
        ? { onProgress: ({ positions }) => (positions > 0 ? cancel() : undefined) }
        : { afterEpoch: () => (cancel(), Promise.resolve({ score: 1, stop: false })) };
    // An epoch takes far longer than the time allowed.
    const epoch = where === 'onProgress' ? walks(40_000, 500, 40) : walks(100, 50);
    const training = train(
      epoch,
      { dimensions: 128, negatives: 400, epochs: 100_000 },
      {
        threads: 2,
        signal: controller.signal,
        ...request,
      },
    );
    await expect(training).rejects.toThrow(/abort/i);
    expect(performance.now() - cancelledAt).toBeLessThan(patience(1000));
  });

  it('does not start when it is cancelled already', async () => {
    await expect(train(walks(50, 30), {}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

describe('data at the edge', () => {
  it.each([2, 3, 4, 5, 6, 17])('trains %i items, however many negatives are asked for', async (items) => {
    const set = await setOf(walks(100, items, 2 * items));
    const model = await train(set, { negatives: 256, epochs: 30, dimensions: 8 });
    expect(finite(model)).toBe(true);
    expect(successorHits(model, set, items)).toBe(1);
  });

  it('trains sequences of length 2', async () => {
    const set = await setOf(walks(300, 40, 2));
    const model = await train(set, { epochs: 20 });
    expect(set.positions).toHaveLength(300);
    expect(finite(model)).toBe(true);
    expect(successorHits(model, set, 40)).toBe(1);
  });

  it('trains with an item in every sequence, and with one item many times in a row', async () => {
    const everywhere = walks(100, 40).map((walk) => walk.flatMap((item) => [item, 99]));
    expect(finite(await train(everywhere, { maskedHistory: 100 }))).toBe(true);
    const repeats = walks(100, 40).map((walk) => [...walk, ...new Array<number>(30).fill(7)]);
    expect(finite(await train(repeats))).toBe(true);
  });

  it('stays finite at a temperature at which all logits would underflow', async () => {
    const model = await train(walks(100, 40), { temperature: 0.002 });
    expect(finite(model)).toBe(true);
  });

  it('trains a single position', async () => {
    const model = await train([[3, 8]], { batchSize: 1 });
    expect(finite(model)).toBe(true);
  });
});

describe('what cannot be trained is refused in words', () => {
  const refused = async (training: Promise<unknown>): Promise<UserError> => {
    const error: unknown = await training.catch((caught: unknown) => caught);
    if (!(error instanceof UserError)) throw new Error(`not a UserError: ${String(error)}`);
    return error;
  };

  it.each([1, 2])(
    'a learning rate at which it diverges, with the epoch and the rate (%i threads)',
    async (threads) => {
      const error = await refused(train(walks(100, 40), { learningRate: 1e25, epochs: 4 }, { threads }));
      expect(error.message).toMatch(/diverged: .* epoch 1 of 4 \(learning rate 7\.6\de\+24\)/);
      expect(error.hint).toContain('--encoder-learning-rate');
    },
  );

  it('one item, sequences of one item each, and none', async () => {
    expect((await refused(setOf([new Array<number>(20).fill(3)]))).message).toContain('one item only');
    expect((await refused(setOf([[1], [2], [1]]))).message).toContain('follows another one');
    expect((await refused(setOf([]))).message).toContain('empty');
  });

  it('targets that all are repeats, where repeats are not learnt', async () => {
    const set = await setOf(
      [
        [1, 2, 2, 1],
        [3, 3],
      ],
      true,
    );
    expect(Array.from(set.positions)).toEqual([1]);
    await expect(
      setOf(
        [
          [1, 1],
          [2, 2],
        ],
        true,
      ),
    ).rejects.toBeInstanceOf(UserError);
  });

  it.each(['while it works', 'between two orders'])(
    'to wait for a training thread that died %s',
    async (when) => {
      const started: Worker[] = [];
      const note = (worker: Worker): unknown => started.push(worker);
      process.on('worker', note);
      const kill = async (): Promise<unknown> => started.pop()?.terminate();
      const training = train(
        walks(100, 40),
        { epochs: 100_000 },
        {
          threads: 2,
          ...(when === 'while it works'
            ? { onProgress: () => void kill() }
            : { afterEpoch: () => kill().then(() => ({ score: 1, stop: false })) }),
        },
      );
      await expect(training).rejects.toThrow(/ended before its work was done/);
      process.off('worker', note);
    },
  );

  it('more memory than is allowed, before any is taken, with what takes it', async () => {
    const error = await refused(train(walks(100, 40), { dimensions: 1024, history: 50 }, { memoryLimit: 1 }));
    expect(error.message).toMatch(/needs \d.* GB of memory/);
    expect(error.hint).toContain('--memory-limit');
    const size = { items: 2_000_000, tokens: 1e7, positions: 1e7, threads: 2 };
    const shape = { dimensions: 256, negatives: 512, batchSize: 128, history: 50 };
    expect(() => checkEncoderMemory(planEncoderMemory(size, shape), size, shape, 64_000)).toThrow(
      /1[12]\.\d GB/,
    );
    const large = { ...size, items: 400_000 };
    const half = { ...shape, dimensions: 128 };
    expect(() => checkEncoderMemory(planEncoderMemory(large, half), large, half, 4096)).not.toThrow();
  });
});
