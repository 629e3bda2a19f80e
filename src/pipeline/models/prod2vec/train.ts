/** Training of prod2vec on worker threads over one shared memory. Knows nothing of runs and files. */
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../../protocol/user-error.ts';
import type { Sequences } from '../../data/prepared-data.ts';
import { distDir } from '../../dist-dir.ts';
import { MODES } from './kernel.ts';
import { compileKernel } from './kernel-module.ts';
import { writeSettings } from './kernel-settings.ts';
import { checkMemory, groupingOf, planMemory } from './memory-plan.ts';
import type { Grouping, MemoryPlan } from './memory-plan.ts';
import { readParameters } from '../../../protocol/parameters.ts';
import { PROD2VEC_PARAMETERS } from './parameters.ts';
import type { Prod2vecParameters } from './parameters.ts';
import { CONTROL, STATS } from './train-protocol.ts';
import type { TrainWorkerData, TrainWorkerMessage } from './train-protocol.ts';
import { buildVocabulary } from './vocabulary.ts';
import type { Vocabulary } from './vocabulary.ts';
import { cutWork, learningRate } from './work-units.ts';
import type { WorkUnits } from './work-units.ts';

/** How training stands; sent several times a second and once for every finished epoch. */
export interface TrainProgress {
  /** Finished epochs. */
  readonly epoch: number;
  readonly epochs: number;
  /** Training rows done, of `totalWords` = rows × epochs (dropped and sub-sampled rows count). */
  readonly words: number;
  readonly totalWords: number;
  readonly wordsPerSecond: number;
  /** Mean negative-sampling loss of a sample of pairs in the last finished epoch (before: so far); NaN before any pair. */
  readonly loss: number;
  /** Learning rate now. */
  readonly alpha: number;
}

/** The weights while training waits between two epochs. */
export interface VectorsAccess {
  /** Item code of each row. */
  readonly items: Int32Array;
  readonly dimension: number;
  /** A copy of the input vectors, rows × dimension. */
  vectors(): Float32Array;
}

/** What `afterEpoch` decides: the weights with the highest score are the ones returned. */
export interface EpochVerdict {
  readonly score: number;
  readonly stop: boolean;
}

export interface TrainRequest {
  readonly sequences: Sequences;
  /** Item codes are 0 … itemCount − 1. */
  readonly itemCount: number;
  readonly parameters: Prod2vecParameters;
  readonly seed: number;
  readonly threads: number;
  /** One thread and plain SIMD: equal bytes from run to run and machine to machine. */
  readonly deterministic: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: TrainProgress): void;
  /** Called between epochs, while no thread trains. Without it threads run through without a barrier. */
  afterEpoch?(access: VectorsAccess, epoch: number): Promise<EpochVerdict>;
  /** For experiments only: how the fast algorithms group positions. */
  readonly grouping?: Grouping;
}

export interface TrainedVectors {
  /** Item code of each row, by descending count. */
  readonly items: Int32Array;
  readonly counts: Uint32Array;
  readonly dimension: number;
  /** Input vectors, rows × dimension. */
  readonly vectors: Float32Array;
  readonly outputVectors: Float32Array;
  readonly epochsRun: number;
  /** The epoch (from 1) whose weights these are. */
  readonly bestEpoch: number;
  /** Mean sampled loss of each epoch run. */
  readonly losses: readonly number[];
  readonly wordsPerSecond: number;
  /** Whether the relaxed-SIMD build ran. */
  readonly relaxed: boolean;
}

interface Session {
  readonly request: TrainRequest;
  readonly parameters: Prod2vecParameters;
  readonly vocabulary: Vocabulary;
  readonly plan: MemoryPlan;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly units: WorkUnits;
  readonly totalWords: number;
  readonly started: number;
}

/** Rows copied before other work of the process gets a turn. */
const TURN = 1 << 22;
const TICK_MS = 200;

/**
 * Trains item vectors.
 * @throws UserError for parameters, data or sizes that cannot be trained; the signal's reason when aborted
 */
export async function trainProd2vec(request: TrainRequest): Promise<TrainedVectors> {
  const parameters = checkParameters(request);
  request.signal?.throwIfAborted();
  const vocabulary = await buildVocabulary(request.sequences, request.itemCount, parameters.minCount);
  const threads = request.deterministic ? 1 : Math.max(1, Math.floor(request.threads));
  const grouping = request.grouping ?? groupingOf(parameters);
  const size = { rows: vocabulary.items.length, tokens: vocabulary.total, sequences: request.sequences.offsets.length - 1, threads };
  const plan = planMemory(size, parameters, grouping);
  checkMemory(plan, size, parameters);
  const memory = allocate(plan);
  await fillMemory(memory.buffer, plan, request.sequences, vocabulary);
  writeThreadSettings(memory.buffer, plan, size.rows, parameters, grouping, request.seed);
  const { module, relaxed } = await compileKernel('word2vec', request.deterministic);
  request.signal?.throwIfAborted();
  const units = cutWork(request.sequences.offsets);
  const session: Session = {
    request,
    parameters,
    vocabulary,
    plan,
    memory,
    control: new Int32Array(memory.buffer, plan.control, 128),
    units,
    totalWords: units.words.reduce((sum, words) => sum + words, 0) * parameters.epochs,
    started: performance.now(),
  };
  return { ...(await run(session, module, threads)), relaxed };
}

function checkParameters(request: TrainRequest): Prod2vecParameters {
  const read = readParameters(PROD2VEC_PARAMETERS, request.parameters);
  if ('problems' in read) {
    throw new UserError(`prod2vec cannot train: ${read.problems.map(({ name, message }) => `${name} ${message}`).join('; ')}.`, 'Correct these parameters.');
  }
  if (read.values.minAlpha > read.values.alpha) {
    throw new UserError(`The final learning rate ${read.values.minAlpha} is above the first, ${read.values.alpha}.`, 'Set --min-alpha to at most --alpha.');
  }
  return read.values;
}

function allocate(plan: MemoryPlan): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: plan.pages, maximum: plan.pages, shared: true });
  } catch (cause) {
    throw new UserError(
      `This machine did not give training the ${Math.ceil(plan.bytes / 2 ** 20)} MB of memory it needs.`,
      'Close other programs, train fewer hyper-parameter sets at a time (--max-workers), or lower --vector-size.',
      { cause },
    );
  }
}

/** Writes counts, tokens (rows of the vocabulary, without dropped items) and sequence offsets. */
async function fillMemory(buffer: ArrayBufferLike, plan: MemoryPlan, { items, offsets }: Sequences, vocabulary: Vocabulary): Promise<void> {
  new Uint32Array(buffer, plan.counts, vocabulary.counts.length).set(vocabulary.counts);
  const tokens = new Int32Array(buffer, plan.tokens, vocabulary.total);
  const sentences = new Uint32Array(buffer, plan.sentences, offsets.length);
  let at = 0;
  let turn = 0;
  for (let s = 0; s + 1 < offsets.length; s++) {
    const end = offsets[s + 1] ?? 0;
    for (let i = offsets[s] ?? 0; i < end; i++) {
      const row = vocabulary.rowOf[items[i] ?? 0] ?? -1;
      if (row >= 0) tokens[at++] = row;
    }
    sentences[s + 1] = at;
    if (end - turn > TURN) {
      turn = end;
      await nextTurn();
    }
  }
}

function writeThreadSettings(buffer: ArrayBufferLike, plan: MemoryPlan, rows: number, parameters: Prod2vecParameters, grouping: Grouping, seed: number): void {
  plan.settings.forEach((at, thread) => {
    writeSettings(buffer, at, {
      rowCount: rows,
      rowBytes: plan.rowBytes,
      vectorBytes: plan.vectorBytes,
      dimension: parameters.vectorSize,
      inputVectors: plan.inputVectors,
      outputVectors: plan.outputVectors,
      cumulative: plan.cumulative,
      guide: plan.guide,
      guideShift: plan.guideShift,
      keep: parameters.sample > 0 ? plan.keep : 0,
      sigmoids: plan.sigmoids,
      tokens: plan.tokens,
      sentences: plan.sentences,
      scratch: plan.scratch[thread] ?? 0,
      stats: plan.stats[thread] ?? 0,
      cancelFlag: plan.control + 4 * CONTROL.cancel,
      windowSize: parameters.window,
      negative: parameters.negative,
      meanOfContext: parameters.cbowMean ? 1 : 0,
      shrinkWindows: parameters.shrinkWindows ? 1 : 0,
      ...grouping,
      seed,
    });
  });
}

function startWorkers(session: Session, module: WebAssembly.Module, threads: number): Worker[] {
  const { parameters, plan, memory, units, vocabulary } = session;
  const data: Omit<TrainWorkerData, 'thread'> = {
    module,
    memory,
    plan,
    mode: MODES[`${parameters.algorithm} ${parameters.architecture}`],
    units,
    epochs: parameters.epochs,
    alpha: parameters.alpha,
    minAlpha: parameters.minAlpha,
    nsExponent: parameters.nsExponent,
    sampleThreshold: parameters.sample * vocabulary.total,
  };
  const file = path.join(distDir(), 'train-worker.mjs');
  return Array.from({ length: threads }, (_, thread) => new Worker(file, { workerData: { ...data, thread } satisfies TrainWorkerData }));
}

/** Stops all threads, also those that wait. */
function stop({ control }: Session): void {
  Atomics.store(control, CONTROL.cancel, 1);
  Atomics.notify(control, CONTROL.allowed);
}

async function run(session: Session, module: WebAssembly.Module, threads: number): Promise<Omit<TrainedVectors, 'relaxed'>> {
  const { request, control, parameters } = session;
  Atomics.store(control, CONTROL.allowed, request.afterEpoch === undefined ? parameters.epochs : 1);
  const reporter = new ProgressReporter(session);
  const best = new BestWeights(session);
  const workers = startWorkers(session, module, threads);
  const timer = setInterval(() => reporter.tick(), TICK_MS);
  try {
    await finished(session, workers, best);
  } finally {
    clearInterval(timer);
    stop(session);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  checkFinite(session);
  reporter.tick();
  return resultOf(session, best);
}

/** Resolves when all workers have ended; rejects when one failed, `afterEpoch` threw, or the signal fired. */
function finished(session: Session, workers: readonly Worker[], best: BestWeights): Promise<void> {
  const { signal } = session.request;
  return new Promise((resolve, reject) => {
    let running = workers.length;
    const onAbort = (): void => {
      stop(session);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('training was cancelled'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    for (const worker of workers) {
      worker.on('message', (message: TrainWorkerMessage) => {
        if (message.kind === 'epoch') best.afterEpoch(message.epoch).catch(reject);
        else if (--running === 0) {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        }
      });
      worker.on('error', reject);
    }
    if (signal?.aborted === true) onAbort();
  });
}

/** Runs `afterEpoch`, keeps a copy of the best weights, and lets the next epoch start. */
class BestWeights {
  readonly #session: Session;
  epoch: number | undefined;
  vectors: Float32Array | undefined;
  outputVectors: Float32Array | undefined;
  #score = -Infinity;

  constructor(session: Session) {
    this.#session = session;
  }

  async afterEpoch(epoch: number): Promise<void> {
    const { request, vocabulary, parameters, control } = this.#session;
    if (request.afterEpoch === undefined || Atomics.load(control, CONTROL.cancel) !== 0) return;
    const access: VectorsAccess = { items: vocabulary.items, dimension: parameters.vectorSize, vectors: () => inputVectors(this.#session) };
    const { score, stop: stopNow } = await request.afterEpoch(access, epoch + 1);
    if (this.epoch === undefined || score > this.#score) {
      this.#score = score;
      this.epoch = epoch + 1;
      this.vectors = inputVectors(this.#session);
      this.outputVectors = outputVectors(this.#session);
    }
    if (stopNow) stop(this.#session);
    else {
      Atomics.add(control, CONTROL.allowed, 1);
      Atomics.notify(control, CONTROL.allowed);
    }
  }
}

/** Loss from sums of (positive loss, pairs, negative loss, pairs): one positive and `negative` negative pairs. */
function lossOf(sums: readonly number[], negative: number): number {
  const [positiveLoss = 0, positivePairs = 0, negativeLoss = 0, negativePairs = 0] = sums;
  if (positivePairs === 0) return NaN;
  return positiveLoss / positivePairs + (negativePairs === 0 ? 0 : (negative * negativeLoss) / negativePairs);
}

/** Cumulative sums at the end of an epoch (0 before the first). */
function sumsAfter({ memory, plan }: Session, epochs: number): readonly number[] {
  return epochs === 0 ? [0, 0, 0, 0] : Array.from(new Float64Array(memory.buffer, plan.epochStats + 32 * (epochs - 1), 4));
}

/** Mean sampled loss of one epoch (from 1). */
function lossOfEpoch(session: Session, epoch: number): number {
  const before = sumsAfter(session, epoch - 1);
  const sums = sumsAfter(session, epoch).map((sum, index) => sum - (before[index] ?? 0));
  return lossOf(sums, session.parameters.negative);
}

function threadStats({ memory, plan }: Session): number[] {
  const sums = Array.from({ length: STATS.length }, () => 0);
  for (const at of plan.stats) {
    new Float64Array(memory.buffer, at, STATS.length).forEach((value, index) => (sums[index] = (sums[index] ?? 0) + value));
  }
  return sums;
}

class ProgressReporter {
  readonly #session: Session;
  #reported = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reports every epoch finished since the last tick, and how things stand. */
  tick(): void {
    const { request, parameters, control, totalWords } = this.#session;
    if (request.onProgress === undefined) return;
    const done = Atomics.load(control, CONTROL.epochsDone);
    for (; this.#reported < done; this.#reported++) {
      this.#report(this.#reported + 1, (totalWords * (this.#reported + 1)) / parameters.epochs, lossOfEpoch(this.#session, this.#reported + 1));
    }
    const stats = threadStats(this.#session);
    const words = stats[STATS.words] ?? 0;
    if (words > (totalWords * done) / parameters.epochs) {
      this.#report(done, words, done === 0 ? lossOf(stats, parameters.negative) : lossOfEpoch(this.#session, done));
    }
  }

  #report(epoch: number, words: number, loss: number): void {
    const { request, parameters, totalWords } = this.#session;
    const { epochs } = parameters;
    request.onProgress?.({
      epoch,
      epochs,
      words,
      totalWords,
      wordsPerSecond: wordsPerSecond(this.#session),
      loss,
      alpha: learningRate(parameters.alpha, parameters.minAlpha, 0, (words / totalWords) * epochs, epochs),
    });
  }
}

function wordsPerSecond(session: Session): number {
  return (threadStats(session)[STATS.words] ?? 0) / Math.max(0.001, (performance.now() - session.started) / 1000);
}

function checkFinite({ control, parameters }: Session): void {
  const failed = Atomics.load(control, CONTROL.notFinite);
  if (failed === 0) return;
  const rate = learningRate(parameters.alpha, parameters.minAlpha, failed - 1, 0, parameters.epochs);
  throw new UserError(`Training diverged: a vector was no longer finite after epoch ${failed} of ${parameters.epochs} (learning rate ${rate.toPrecision(3)}).`, 'Lower --alpha.');
}

function unpadded({ memory, plan, vocabulary, parameters }: Session, matrix: number): Float32Array {
  const { vectorSize } = parameters;
  const rows = vocabulary.items.length;
  const stride = plan.rowBytes / 4;
  const padded = new Float32Array(memory.buffer, matrix, rows * stride);
  const packed = new Float32Array(rows * vectorSize);
  for (let row = 0; row < rows; row++) packed.set(padded.subarray(row * stride, row * stride + vectorSize), row * vectorSize);
  return packed;
}

const inputVectors = (session: Session): Float32Array => unpadded(session, session.plan.inputVectors);
const outputVectors = (session: Session): Float32Array => unpadded(session, session.plan.outputVectors);

function resultOf(session: Session, best: BestWeights): Omit<TrainedVectors, 'relaxed'> {
  const { vocabulary, parameters, control } = session;
  const rate = wordsPerSecond(session);
  const epochsRun = Atomics.load(control, CONTROL.epochsDone);
  return {
    items: vocabulary.items,
    counts: vocabulary.counts,
    dimension: parameters.vectorSize,
    vectors: best.vectors ?? inputVectors(session),
    outputVectors: best.outputVectors ?? outputVectors(session),
    epochsRun,
    bestEpoch: best.epoch ?? epochsRun,
    losses: Array.from({ length: epochsRun }, (_, index) => lossOfEpoch(session, index + 1)),
    wordsPerSecond: rate,
  };
}
