/** Training of the recency encoder on worker threads over one shared memory. Knows nothing of runs and files. */
import { UserError } from '../../../protocol/user-error.ts';
import { pow, powers } from '../../deterministic-math.ts';
import { loadKernel } from '../../wasm/load-kernel.ts';
import { sharedMemory } from '../../wasm/shared-memory.ts';
import { WorkerPool } from '../../wasm/worker-pool.ts';
import { writeEncoderSettings } from './kernel-settings.ts';
import {
  checkEncoderMemory,
  CORRECTIONS,
  planEncoderMemory,
  type EncoderPlan,
  type EncoderShape,
} from './memory-plan.ts';
import {
  CONTROL,
  rateAt,
  type EncoderDone,
  type EncoderOrder,
  type EncoderWorkerData,
} from './train-protocol.ts';
import { sampleCorrections } from './sample-corrections.ts';
import type { TrainingSet } from './training-set.ts';

/** Moments' decays of Adam, as src/kernels/encoder/adam.ts has them. */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.99;
const TICK_MS = 200;

/** All that decides a training, sizes chosen. */
export interface EncoderTraining extends EncoderShape {
  readonly epochs: number;
  readonly temperature: number;
  /** Exponents p of the lags' first weights (k + 1)^−p, each that of an equal share of the dimensions. */
  readonly fades: readonly number[];
  /** Share of the negatives that are drawn by the items' training rows, the others uniformly. */
  readonly rowNegatives: number;
  readonly learningRate: number;
  /** 0: the lags' weights stay as they are. */
  readonly lagRate: number;
  readonly itemDropout: number;
  readonly queryDropout: number;
  /** Newest items of a history that are never negatives; 0 masks the target alone. */
  readonly maskedHistory: number;
}

/** The weights while training waits between two epochs; every call copies. */
export interface EncoderWeights {
  /** E, rows × dimensions. */
  items(): Float32Array;
  /** D, rows × dimensions. */
  offsets(): Float32Array;
  /** Lag × dimensions. */
  lagWeights(): Float32Array;
}

export interface EncoderProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly positions: number;
  readonly totalPositions: number;
}

export interface EpochEnd {
  /** From 1. */
  readonly epoch: number;
  /** Mean sampled softmax cross-entropy of the epoch. */
  readonly loss: number;
  readonly rate: number;
}

export interface EncoderRequest {
  readonly set: TrainingSet;
  readonly training: EncoderTraining;
  readonly seed: number;
  readonly threads: number;
  /** One thread and plain SIMD: equal bytes from run to run and machine to machine. */
  readonly deterministic: boolean;
  /** MiB that the process of the training may use. */
  readonly memoryLimit: number;
  readonly signal?: AbortSignal;
  onProgress?(progress: EncoderProgress): void;
  /** Called between epochs, while no thread trains; the weights with the highest score are returned. */
  afterEpoch?(weights: EncoderWeights, end: EpochEnd): Promise<{ score: number; stop: boolean }>;
}

export interface TrainedEncoder {
  readonly dimensions: number;
  readonly items: Float32Array;
  readonly offsets: Float32Array;
  readonly lagWeights: Float32Array;
  /** Mean loss of each epoch run. */
  readonly losses: readonly number[];
  /** The epoch (from 1) whose weights these are. */
  readonly bestEpoch: number;
  readonly seconds: number;
}

/**
 * Trains the encoder.
 * @throws UserError where it cannot fit or diverges; the signal's reason when aborted
 */
export async function trainEncoder(request: EncoderRequest): Promise<TrainedEncoder> {
  const { set, deterministic, signal } = request;
  signal?.throwIfAborted();
  const training = withFewerNegatives(request.training, set.vocabulary.items.length);
  const threads = deterministic ? 1 : Math.max(1, Math.floor(request.threads));
  const size = {
    items: set.vocabulary.items.length,
    tokens: set.tokens.length,
    positions: set.positions.length,
    threads,
  };
  const plan = planEncoderMemory(size, training);
  checkEncoderMemory(plan, size, training, request.memoryLimit);
  const memory = allocate(plan);
  fillMemory(memory.buffer, plan, { set, training, seed: request.seed, threads });
  const { module } = loadKernel('encoder', deterministic);
  const data: Omit<EncoderWorkerData, 'thread'> = {
    module,
    memory,
    plan,
    threads,
    items: size.items,
    dimensions: training.dimensions,
    positions: size.positions,
    batchSize: training.batchSize,
    epochs: training.epochs,
    learningRate: training.learningRate,
    lagRate: training.lagRate,
  };
  const pool = new TrainingThreads(data, memory, plan, signal);
  try {
    return await new Session({ ...request, training }, memory, plan, pool).run();
  } finally {
    await pool.dispose();
  }
}

/** Negatives are distinct, so at least one item must be none of them; with S = N − 1 the softmax leaves out one. */
function withFewerNegatives(training: EncoderTraining, items: number): EncoderTraining {
  return { ...training, negatives: Math.min(training.negatives, items - 1) };
}

function allocate(plan: EncoderPlan): WebAssembly.Memory {
  return sharedMemory(plan.pages, plan.pages, {
    message: `This machine did not give training the ${Math.ceil(plan.bytes / 2 ** 20)} MB of memory it needs.`,
    hint: 'Close other programs, train fewer models at a time (--max-workers), or lower --encoder-vector-size.',
  });
}

type MemoryContents = Pick<EncoderRequest, 'set' | 'training' | 'seed' | 'threads'>;

/** Writes data, first lag weights, Adam's corrections and each thread's settings; E is the kernel's to fill, D stays 0. */
export function fillMemory(buffer: ArrayBufferLike, plan: EncoderPlan, contents: MemoryContents): void {
  const { set, training, seed, threads } = contents;
  const { dimensions, history, negatives } = training;
  new Int32Array(buffer, plan.tokens, set.tokens.length).set(set.tokens);
  new Uint32Array(buffer, plan.starts, set.starts.length).set(set.starts);
  new Uint32Array(buffer, plan.positions, set.positions.length).set(set.positions);
  const corrections = new Float32Array(buffer, plan.corrections, 2 * CORRECTIONS);
  const [first, second] = [powers(FIRST_DECAY, CORRECTIONS + 1), powers(SECOND_DECAY, CORRECTIONS + 1)];
  for (let n = 1; n <= CORRECTIONS; n++) {
    corrections[2 * n - 2] = 1 / (1 - (first[n] ?? 0));
    corrections[2 * n - 1] = 1 / (1 - (second[n] ?? 0));
  }
  const stride = plan.vectorBytes / 4;
  const weights = new Float32Array(buffer, plan.lagWeights, history * stride);
  for (let lag = 0; lag < history; lag++)
    weights.set(firstLagWeights(lag, training.fades, dimensions), lag * stride);
  const drawnRows = Math.floor(training.rowNegatives * negatives);
  const drawn = sampleCorrections(set.vocabulary, negatives, drawnRows);
  new Float32Array(buffer, plan.sampleCorrections, drawn.length).set(drawn);
  for (let thread = 0; thread < threads; thread++) {
    writeEncoderSettings(buffer, plan.settings[thread] ?? 0, {
      ...plan,
      itemCount: set.vocabulary.items.length,
      batchSize: training.batchSize,
      negatives,
      drawnRows,
      historyLength: history,
      maskedHistory: training.maskedHistory,
      tokenCount: set.tokens.length,
      positionCount: set.positions.length,
      correctionCount: CORRECTIONS,
      scratch: plan.scratch[thread] ?? 0,
      stats: plan.stats[thread] ?? 0,
      seed,
      learnsLags: training.lagRate > 0 ? 1 : 0,
      inverseTemperature: 1 / training.temperature,
      itemDropout: training.itemDropout,
      queryDropout: training.queryDropout,
    });
  }
}

/** (k + 1)^−p in each dimension, k being the lag. */
function firstLagWeights(lag: number, fades: readonly number[], dimensions: number): Float32Array {
  const exponent = (d: number): number => fades[Math.floor((d * fades.length) / dimensions)] ?? 0;
  return Float32Array.from({ length: dimensions }, (_, d) => pow(lag + 1, -exponent(d)));
}

/** The training threads, and the counters that they share. */
class TrainingThreads {
  readonly #pool: WorkerPool<EncoderOrder, EncoderDone>;
  readonly #control: Int32Array;
  readonly #signal: AbortSignal | undefined;

  constructor(
    data: Omit<EncoderWorkerData, 'thread'>,
    memory: WebAssembly.Memory,
    plan: EncoderPlan,
    signal: AbortSignal | undefined,
  ) {
    this.#control = new Int32Array(memory.buffer, plan.control, 32);
    this.#signal = signal;
    this.#pool = new WorkerPool(
      'encoder-worker.mjs',
      'A training thread of the recency encoder',
      data.threads,
      (thread) => ({ ...data, thread }) satisfies EncoderWorkerData,
    );
  }

  /** Batches taken of the epoch that runs. */
  get batches(): number {
    return Atomics.load(this.#control, CONTROL.next);
  }

  /**
   * Lets all threads carry out an order; false when one of them found a number that is not finite.
   * @throws UserError when a thread died, now or since the last order
   */
  async carryOut(order: EncoderOrder): Promise<boolean> {
    const signal = this.#signal;
    signal?.throwIfAborted();
    Atomics.store(this.#control, CONTROL.next, 0);
    const stop = (): void => {
      Atomics.store(this.#control, CONTROL.cancel, 1);
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const done = await this.#pool.carryOut(order);
      signal?.throwIfAborted();
      return done.every(({ finite }) => finite);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async dispose(): Promise<void> {
    Atomics.store(this.#control, CONTROL.cancel, 1);
    await this.#pool.dispose();
  }
}

/** One training from the first epoch to the best weights. */
class Session {
  readonly #request: EncoderRequest;
  readonly #memory: WebAssembly.Memory;
  readonly #plan: EncoderPlan;
  readonly #pool: TrainingThreads;
  readonly #losses: number[] = [];
  #epochsDone = 0;
  #lossBefore = 0;
  #positionsBefore = 0;

  constructor(request: EncoderRequest, memory: WebAssembly.Memory, plan: EncoderPlan, pool: TrainingThreads) {
    this.#request = request;
    this.#memory = memory;
    this.#plan = plan;
    this.#pool = pool;
  }

  async run(): Promise<TrainedEncoder> {
    const { training } = this.#request;
    const started = performance.now();
    const weights = this.#weights();
    let best: { score: number; epoch: number; kept: TrainedWeights } | undefined;
    const timer = setInterval(() => this.#tick(), TICK_MS);
    try {
      await this.#pool.carryOut({ kind: 'fill' });
      for (let epoch = 0; epoch < training.epochs; epoch++) {
        await this.#pool.carryOut({ kind: 'epoch', epoch });
        const end = this.#endOf(epoch);
        if (!(await this.#pool.carryOut({ kind: 'check' })) || !Number.isFinite(end.loss))
          throw diverged(end, training);
        const verdict = await this.#request.afterEpoch?.(weights, end);
        if (verdict === undefined) continue;
        // A score that is no number (nothing to validate on) takes the newest weights.
        if (best === undefined || !(verdict.score <= best.score))
          best = { score: verdict.score, epoch: end.epoch, kept: copyOf(weights) };
        if (verdict.stop) break;
      }
    } finally {
      clearInterval(timer);
    }
    return {
      dimensions: training.dimensions,
      ...(best?.kept ?? copyOf(weights)),
      losses: this.#losses,
      bestEpoch: best?.epoch ?? this.#epochsDone,
      seconds: (performance.now() - started) / 1000,
    };
  }

  #tick(): void {
    const { set, training } = this.#request;
    const total = set.positions.length;
    const inEpoch = Math.min(total, this.#pool.batches * training.batchSize);
    this.#request.onProgress?.({
      epoch: this.#epochsDone,
      epochs: training.epochs,
      positions: Math.min(training.epochs, this.#epochsDone + inEpoch / total) * total,
      totalPositions: training.epochs * total,
    });
  }

  #endOf(epoch: number): EpochEnd {
    const { training } = this.#request;
    let loss = 0;
    let positions = 0;
    for (const at of this.#plan.stats) {
      const [sum = 0, count = 0] = new Float64Array(this.#memory.buffer, at, 2);
      loss += sum;
      positions += count;
    }
    const mean = (loss - this.#lossBefore) / Math.max(1, positions - this.#positionsBefore);
    this.#lossBefore = loss;
    this.#positionsBefore = positions;
    this.#losses.push(mean);
    this.#epochsDone = epoch + 1;
    return {
      epoch: epoch + 1,
      loss: mean,
      rate: rateAt(training.learningRate, (epoch + 1) / training.epochs),
    };
  }

  #weights(): EncoderWeights {
    const { set, training } = this.#request;
    const rows = set.vocabulary.items.length;
    const { vectorBytes, rowBytes } = this.#plan;
    const read = (at: number, count: number, apart: number): Float32Array => {
      const stride = apart / 4;
      const padded = new Float32Array(this.#memory.buffer, at, count * stride);
      const packed = new Float32Array(count * training.dimensions);
      for (let row = 0; row < count; row++) {
        const from = row * stride;
        packed.set(padded.subarray(from, from + training.dimensions), row * training.dimensions);
      }
      return packed;
    };
    return {
      items: () => read(this.#plan.items, rows, rowBytes),
      offsets: () => read(this.#plan.offsets, rows, rowBytes),
      lagWeights: () => read(this.#plan.lagWeights, training.history, vectorBytes),
    };
  }
}

type TrainedWeights = Pick<TrainedEncoder, 'items' | 'offsets' | 'lagWeights'>;

function copyOf(weights: EncoderWeights): TrainedWeights {
  return { items: weights.items(), offsets: weights.offsets(), lagWeights: weights.lagWeights() };
}

function diverged({ epoch, rate }: EpochEnd, training: EncoderTraining): UserError {
  return new UserError(
    `Training the recency encoder diverged: a weight was no longer finite, or too large to be squared, after epoch ${epoch} of ${training.epochs} (learning rate ${rate.toPrecision(3)}).`,
    'Lower --encoder-learning-rate.',
  );
}
