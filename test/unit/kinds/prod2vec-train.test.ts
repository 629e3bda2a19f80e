import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { checkMemory, planMemory } from '../../../src/pipeline/kinds/prod2vec/memory-plan.ts';
import { checkedProd2vec, PROD2VEC_PARAMETERS } from '../../../src/pipeline/kinds/prod2vec/parameters.ts';
import type { Prod2vecParameters } from '../../../src/pipeline/kinds/prod2vec/parameters.ts';
import { trainProd2vec } from '../../../src/pipeline/kinds/prod2vec/train.ts';
import type {
  TrainedVectors,
  TrainProgress,
  TrainRequest,
} from '../../../src/pipeline/kinds/prod2vec/train.ts';
import { cutWork, learningRate, partsToTry } from '../../../src/pipeline/kinds/prod2vec/work-units.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { defaultsOf } from '../../../src/protocol/parameters.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { patience } from '../support/patience.ts';

const DEFAULTS = defaultsOf(PROD2VEC_PARAMETERS);
const ITEMS = 120;

/** Sequences from three groups of items that never mix, so that neighbours must come from the own group. */
function groups(count: number, length = 40): TrainRequest['sequences'] {
  let state = 99;
  const next = (bound: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const items = Int32Array.from(
    { length: count * length },
    (_, i) => 3 * next(ITEMS / 3) + (Math.floor(i / length) % 3),
  );
  return { items, offsets: Uint32Array.from({ length: count + 1 }, (_, i) => i * length) };
}

function request(parameters: Partial<Prod2vecParameters>, more: Partial<TrainRequest> = {}): TrainRequest {
  return {
    sequences: groups(300),
    itemCount: ITEMS,
    parameters: { ...DEFAULTS, minCount: 1, epochs: 6, sample: 0, ...parameters },
    seed: 1,
    threads: 1,
    deterministic: false,
    ...more,
  };
}

/** Share of items whose nearest neighbour by cosine is of their own group. */
function ownGroup({ vectors, items, dimension }: TrainedVectors): number {
  const unit = Array.from(items, (_, row) => {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / norm);
  });
  const hits = unit.filter((vector, row) => {
    const scores = unit.map((other, at) =>
      at === row ? -2 : vector.reduce((sum, value, d) => sum + value * (other[d] ?? 0), 0),
    );
    const nearest = scores.indexOf(Math.max(...scores));
    return (items[nearest] ?? 0) % 3 === (items[row] ?? 0) % 3;
  });
  return hits.length / items.length;
}

const hashOf = ({ vectors, outputVectors }: TrainedVectors): string =>
  createHash('sha256').update(vectors).update(outputVectors).digest('hex').slice(0, 16);

describe.each(['cbow', 'skip-gram'] as const)('training %s', (architecture) => {
  it.each([
    ['fast', 1],
    ['fast', 2],
    ['gensim', 2],
  ] as const)('learns which items belong together (%s, %i threads)', async (algorithm, threads) => {
    const result = await trainProd2vec(request({ architecture, algorithm, epochs: 25 }, { threads }));
    expect(ownGroup(result)).toBeGreaterThan(0.9);
    expect(result.vectors.length).toBe(result.items.length * result.dimension);
    expect(result.losses).toHaveLength(25);
    expect(result.losses.at(-1)).toBeLessThan(0.9 * (result.losses[0] ?? 0));
    expect([...result.counts]).toEqual([...result.counts].sort((a, b) => b - a));
  });
});

/** Row of an item's vector. */
function vectorOf({ vectors, items, dimension }: TrainedVectors, item: number): Float32Array {
  const row = items.indexOf(item);
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}

/** The items by descending cosine with one of them, itself left out. */
function nearestTo(trained: TrainedVectors, item: number): number[] {
  const own = vectorOf(trained, item);
  const cosine = (other: number): number => {
    const vector = vectorOf(trained, other);
    return own.reduce((sum, value, d) => sum + value * (vector[d] ?? 0), 0) / Math.hypot(...vector);
  };
  return [...trained.items].filter((other) => other !== item).sort((a, b) => cosine(b) - cosine(a));
}

describe('a sequence of more than 10,000 rows', () => {
  // Its first 10,000 rows are of the items 0 to 19; what follows is of 20 to 39, and of 40 and 41, which are nowhere else.
  const next = randomStream(7);
  const items = Int32Array.from({ length: 30_000 }, (_, i) =>
    i < 10_000 ? below(20, next()) : 20 + below(22, next()),
  );
  const sequences = { items, offsets: Uint32Array.of(0, 30_000) };

  it.each([
    ['fast', 'cbow', 1],
    ['fast', 'cbow', 2],
    ['fast', 'skip-gram', 1],
    ['gensim', 'cbow', 1],
    ['gensim', 'skip-gram', 1],
  ] as const)('is learnt from whole (%s %s, %i threads)', async (algorithm, architecture, threads) => {
    const trained = await trainProd2vec(
      request(
        { algorithm, architecture, vectorSize: 16, epochs: 25, alpha: 0.05 },
        { sequences, itemCount: 42, threads },
      ),
    );
    expect([...trained.trained]).toEqual(new Array(42).fill(1));
    // Threads write without locks: one of ten may stand there by chance.
    for (const item of [40, 41]) {
      const near = nearestTo(trained, item).slice(0, 10);
      expect(near.filter((other) => other >= 20).length).toBeGreaterThanOrEqual(threads === 1 ? 10 : 8);
    }
  });
});

describe('items that are in no pair', () => {
  // 5 stands alone in its sequences.
  const sequences = {
    items: Int32Array.of(0, 1, 2, 3, 4, 0, 2, 4, 1, 3, 5, 5, 6, 7, 6, 7),
    offsets: Uint32Array.of(0, 5, 10, 11, 12, 14, 16),
  };

  it.each(['fast', 'gensim'] as const)('are told from those that were trained (%s)', async (algorithm) => {
    const trained = await trainProd2vec(
      request({ algorithm, minCount: 2, epochs: 3 }, { sequences, itemCount: 8 }),
    );
    const told = Object.fromEntries([...trained.items].map((item, row) => [item, trained.trained[row]]));
    expect(told).toEqual({ 0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 0, 6: 1, 7: 1 });
  });
});

describe('a training thread that dies', () => {
  it.each([1, 2])('fails the training instead of being waited for (%i threads)', async (threads) => {
    const started: Worker[] = [];
    const note = (worker: Worker): unknown => started.push(worker);
    process.on('worker', note);
    const training = trainProd2vec(
      request({ epochs: 10_000 }, { threads, onProgress: () => void started.pop()?.terminate() }),
    );
    await expect(training).rejects.toThrow(/training thread ended before its work was done/);
    process.off('worker', note);
  });
});

describe('deterministic mode', () => {
  it.each([
    ['fast', 'cbow', 'a0f5e25676bed403'],
    ['fast', 'skip-gram', '27e4c74e54a5319c'],
    ['gensim', 'cbow', 'd95abc47cc15ae14'],
    ['gensim', 'skip-gram', '5578a8671f596b30'],
  ] as const)('gives the same bytes on every machine (%s, %s)', async (algorithm, architecture, golden) => {
    const settings = { algorithm, architecture, sample: 0.001, vectorSize: 10 };
    const first = await trainProd2vec(request(settings, { deterministic: true, threads: 2 }));
    const second = await trainProd2vec(request(settings, { deterministic: true }));
    expect(first.relaxed).toBe(false);
    expect(second.vectors).toEqual(first.vectors);
    // Changes only with the algorithm; the same here, on other processors and under other versions of Node.
    expect(hashOf(first)).toBe(golden);
    const other = await trainProd2vec(request(settings, { deterministic: true, seed: 2 }));
    expect(hashOf(other)).not.toBe(golden);
  });
});

describe('parts of the work', () => {
  const ends = Uint32Array.of(0, 10, 30, 30, 40);
  const order = (thread: number, taken: number[]): number[] => partsToTry(thread, ends, taken);

  it('are taken by their own threads while these keep step', () => {
    expect(order(0, [0, 0, 0, 0])).toEqual([0, 1, 2, 3]);
    expect(order(1, [4, 8, 0, 5])).toEqual([1, 2, 3, 0]);
    expect(order(3, [4, 8, 0, 5])).toEqual([3, 0, 1, 2]);
  });

  it('are taken by others where their thread is held up, the one most behind first', () => {
    expect(order(0, [4, 5, 0, 2])).toEqual([1, 0, 2, 3]);
    expect(order(1, [1, 10, 0, 5])).toEqual([0, 1, 2, 3]);
    // Less than three units behind.
    expect(order(1, [4, 12, 0, 4])).toEqual([1, 2, 3, 0]);
  });

  it('are helped with when the own one is done or empty', () => {
    expect(order(0, [12, 19, 0, 10])).toEqual([0, 1, 2, 3]);
    expect(order(0, [12, 15, 0, 10])[0]).toBe(1);
    expect(order(2, [3, 6, 5, 8])[0]).toBe(1);
  });
});

describe('work', () => {
  it('is cut into jobs of at most 10,000 rows with the learning rate of their start', () => {
    const lengths = [6000, 3000, 2000, 12_000, 100, 9900, 1];
    const offsets = Uint32Array.from([
      0,
      ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0)),
    ]);
    const units = cutWork(offsets);
    // Jobs: {6000, 3000}, {2000}, {12000}, {100, 9900}, {1}; units never cross a job.
    const starts = [0, 0, 2, 3, 4, 4, 6];
    const wanted = new Map(starts.map((start, sentence) => [sentence, start / 7]));
    Array.from(units.progress).forEach((progress, unit) => {
      expect(progress).toBeCloseTo(wanted.get(units.first[unit] ?? -1) ?? NaN, 12);
    });
    expect(Array.from(units.words).reduce((a, b) => a + b, 0)).toBe(33_001);
    expect(units.first.at(-1)).toBe(7);
  });

  it('is cut anew in each part, which has jobs and progress of its own', () => {
    const offsets = Uint32Array.from({ length: 13 }, (_, i) => i * 4000);
    const units = cutWork(offsets, Uint32Array.from([0, 5, 12]));
    // Jobs: {0, 1}, {2, 3}, {4} and {5, 6}, {7, 8}, {9, 10}, {11}; each sequence is a unit.
    expect([...units.parts]).toEqual([0, 5, 12]);
    expect([...units.first]).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect([...units.job]).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2, 2, 3]);
    const starts = [0, 0, 2, 2, 4].map((s) => s / 5).concat([0, 0, 2, 2, 4, 4, 6].map((s) => s / 7));
    starts.forEach((start, unit) => expect(units.progress[unit]).toBeCloseTo(start, 12));
  });

  it('lowers the learning rate linearly over epochs and progress, never below the end', () => {
    expect(learningRate(0.025, 0.0001, 0, 0, 30)).toBe(0.025);
    expect(learningRate(0.025, 0.0001, 15, 0, 30)).toBeCloseTo((0.025 + 0.0001) / 2, 12);
    expect(learningRate(0.025, 0.0001, 29, 0.5, 30)).toBeCloseTo(0.025 - 0.0249 * (29.5 / 30), 12);
    expect(learningRate(0.025, 0.0001, 30, 0, 30)).toBe(0.0001);
  });
});

/** Milliseconds from the abort to the rejection, in the middle of a long training. */
async function timeToCancel(): Promise<number> {
  const controller = new AbortController();
  let cancelledAt = 0;
  const onProgress = (): void => {
    if (controller.signal.aborted) return;
    cancelledAt = performance.now();
    controller.abort();
  };
  const long = { epochs: 100_000, vectorSize: 200, architecture: 'skip-gram' } as const;
  const training = trainProd2vec(request(long, { threads: 2, signal: controller.signal, onProgress }));
  await expect(training).rejects.toThrow(/abort/i);
  return performance.now() - cancelledAt;
}

describe('progress and control', () => {
  it('reports each epoch once, and ends with all words', async () => {
    const seen: TrainProgress[] = [];
    const result = await trainProd2vec(
      request({}, { threads: 2, onProgress: (progress) => seen.push(progress) }),
    );
    expect(seen.at(-1)?.words).toBe(6 * 12_000);
    expect(seen.at(-1)?.totalWords).toBe(6 * 12_000);
    const ends = seen
      .filter(({ epoch, words }) => words === epoch * 12_000 && epoch > 0)
      .map(({ epoch }) => epoch);
    expect(ends).toEqual([1, 2, 3, 4, 5, 6]);
    expect(result.epochsRun).toBe(6);
    expect(result.bestEpoch).toBe(6);
  });

  it('is cancelled within 100 ms', async () => {
    const took: number[] = [];
    // The best of three: other programs may hold up one of them.
    for (let attempt = 0; attempt < 3; attempt++) took.push(await timeToCancel());
    expect(Math.min(...took)).toBeLessThan(patience(100));
  });

  it('does not start when it is cancelled already', async () => {
    await expect(trainProd2vec(request({}, { signal: AbortSignal.abort() }))).rejects.toThrow(/abort/i);
  });

  it('stops early and returns the best weights', async () => {
    const copies: Float32Array[] = [];
    const scores = [0.1, 0.5, 0.3, 0.4];
    const result = await trainProd2vec(
      request(
        { epochs: 50 },
        {
          threads: 2,
          afterEpoch: (access, epoch) => {
            copies.push(access.vectors());
            return Promise.resolve({ score: scores[epoch - 1] ?? 0, stop: epoch === 4 });
          },
        },
      ),
    );
    expect(copies).toHaveLength(4);
    expect(result.epochsRun).toBe(4);
    expect(result.bestEpoch).toBe(2);
    expect(result.vectors).toEqual(copies[1]);
    expect(result.vectors).not.toEqual(copies[3]);
  });

  it('waits for the judgement of the last epoch, which may be the best', async () => {
    const copies: Float32Array[] = [];
    const result = await trainProd2vec(
      request(
        { epochs: 2 },
        {
          afterEpoch: async (access, epoch) => {
            copies.push(access.vectors());
            // The thread that trained is long over.
            if (epoch === 2) await new Promise((resolve) => setTimeout(resolve, 300));
            return { score: epoch, stop: false };
          },
        },
      ),
    );
    expect(result.bestEpoch).toBe(2);
    expect(result.vectors).toEqual(copies[1]);
  });

  it('reports an epoch only when it is judged, however long that takes', async () => {
    const judged = new Set<number>();
    const reportedEarly: number[] = [];
    const reported = new Set<number>();
    await trainProd2vec(
      request(
        { epochs: 2 },
        {
          onProgress: ({ epoch }) => {
            reported.add(epoch);
            if (epoch > 0 && !judged.has(epoch)) reportedEarly.push(epoch);
          },
          afterEpoch: async (_, epoch) => {
            // Progress is told every 200 ms.
            await new Promise((resolve) => setTimeout(resolve, 500));
            judged.add(epoch);
            return { score: epoch, stop: false };
          },
        },
      ),
    );
    expect(reportedEarly).toEqual([]);
    expect([...reported].filter((epoch) => epoch > 0)).toEqual([1, 2]);
  });

  it('passes on what goes wrong in afterEpoch', async () => {
    const training = trainProd2vec(
      request({}, { afterEpoch: () => Promise.reject(new Error('no validation rows')) }),
    );
    await expect(training).rejects.toThrow('no validation rows');
  });
});

describe('what cannot be trained is refused in words', () => {
  const refused = async (what: TrainRequest): Promise<UserError> => {
    const error: unknown = await trainProd2vec(what).catch((caught: unknown) => caught);
    if (!(error instanceof UserError)) throw new Error(`not a UserError: ${String(error)}`);
    return error;
  };

  it.each([
    ['alpha', NaN],
    ['alpha', -0.025],
    ['epochs', 0],
    ['vectorSize', -48],
    ['window', 1.5],
    ['negative', 0],
    ['nsExponent', Infinity],
    ['sample', NaN],
    ['minCount', -1],
  ] as const)('%s = %d', (name, value) => {
    expect(() => checkedProd2vec({ ...DEFAULTS, [name]: value })).toThrow(name);
  });

  it('a final learning rate above the first', () => {
    const check = (): unknown => checkedProd2vec({ ...DEFAULTS, alpha: 0.01, minAlpha: 0.02 });
    expect(check).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('--min-alpha') as string }),
    );
  });

  it('every item below min_count', async () => {
    const error = await refused(request({ minCount: 100_000 }));
    expect(error.message).toMatch(/fewer than 100000 training rows/);
    expect(error.hint).toContain('--min-count');
  });

  it('one item only, and none', async () => {
    const one = { items: new Int32Array(50).fill(3), offsets: Uint32Array.from([0, 50]) };
    expect((await refused(request({}, { sequences: one }))).message).toContain('one item only');
    const none = { items: new Int32Array(0), offsets: Uint32Array.from([0]) };
    expect((await refused(request({}, { sequences: none }))).message).toContain('empty');
  });

  it('more memory than WebAssembly has, before any is taken', () => {
    const size = { rows: 2_000_000, tokens: 100_000_000, sequences: 1_000_000, longest: 1000, threads: 2 };
    const fits = { ...DEFAULTS, vectorSize: 48 };
    expect(() => checkMemory(planMemory(size, fits), size, fits)).not.toThrow();
    const large = { ...DEFAULTS, vectorSize: 1024 };
    expect(() => checkMemory(planMemory(size, large), size, large)).toThrow(
      /Training needs 15\.\d GB .* limit is 4 GB/,
    );
    const many = { ...size, rows: 1000, tokens: 2_000_000_000 };
    expect(() => checkMemory(planMemory(many, fits), many, fits)).toThrow(/for the sequences/);
  });

  it('plans regions that do not overlap and keeps threads on their own cache lines', () => {
    const size = { rows: 1003, tokens: 77_777, sequences: 501, longest: 999, threads: 3 };
    const plan = planMemory(size, { ...DEFAULTS, vectorSize: 50 });
    expect(plan.rowBytes).toBe(256);
    const starts = [plan.settings, plan.stats, plan.scratch]
      .flat()
      .concat(plan.inputVectors, plan.outputVectors);
    expect(starts.every((at) => at % 64 === 0)).toBe(true);
    expect(new Set(starts).size).toBe(starts.length);
    expect(plan.outputVectors - plan.inputVectors).toBe(1003 * 256);
    expect(plan.bytes).toBeGreaterThanOrEqual(plan.outputVectors + 1003 * 256);
  });
});
