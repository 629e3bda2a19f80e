/** Training of prod2vec on worker threads over one shared memory. Knows nothing of runs and files. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../../protocol/user-error.ts';
import { distDir } from '../../dist-dir.ts';
import { deathOf } from '../../wasm/worker-death.ts';
import { BestWeights } from './best-weights.ts';
import { MODES } from './kernel.ts';
import { loadKernel } from '../../wasm/load-kernel.ts';
import { checkMemory, groupingOf, planMemory } from './memory-plan.ts';
import { CONTROL } from './train-protocol.ts';
import type { TrainWorkerData, TrainWorkerMessage } from './train-protocol.ts';
import type { TrainedVectors, TrainRequest } from './train-request.ts';
import { partSequences } from './sequence-parts.ts';
import { inputVectors, outputVectors, stop } from './train-session.ts';
import type { Session } from './train-session.ts';
import { allocate, fillMemory, longestSequence, writeThreadSettings } from './training-memory.ts';
import { movedRows } from './trained-rows.ts';
import { ProgressReporter, lossOfEpoch, wordsPerSecond } from './training-progress.ts';
import { buildVocabulary } from '../fitting/vocabulary.ts';
import { cutWork, learningRate } from './work-units.ts';

export type { TrainedVectors, TrainProgress, TrainRequest, VectorsAccess } from './train-request.ts';

const TICK_MS = 200;

/**
 * Trains item vectors.
 * @param request with parameters as `checkedProd2vec` gives them
 * @throws UserError for data or sizes that cannot be trained; the signal's reason when aborted
 */
export async function trainProd2vec(request: TrainRequest): Promise<TrainedVectors> {
  const { parameters } = request;
  request.signal?.throwIfAborted();
  const { itemCount, seed, deterministic } = request;
  const threads = deterministic ? 1 : Math.max(1, Math.floor(request.threads));
  const parts = parameters.algorithm === 'fast' ? threads : 1;
  const vocabulary = await buildVocabulary(request.sequences, itemCount, parameters.minCount, parts);
  const { sequences, first } = await partSequences(request.sequences, itemCount, parts);
  const grouping = request.grouping ?? groupingOf(parameters);
  const size = {
    rows: vocabulary.items.length,
    tokens: vocabulary.total,
    sequences: sequences.offsets.length - 1,
    longest: longestSequence(sequences),
    threads,
  };
  const plan = planMemory(size, parameters, grouping);
  checkMemory(plan, size, parameters);
  const memory = allocate(plan);
  await fillMemory(memory.buffer, plan, sequences, vocabulary);
  writeThreadSettings(memory.buffer, plan, size.rows, parameters, grouping, seed, vocabulary.stripes);
  const { module, relaxed } = loadKernel('word2vec', deterministic);
  request.signal?.throwIfAborted();
  const units = cutWork(sequences.offsets, first);
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

function startWorkers(session: Session, module: WebAssembly.Module, threads: number): Worker[] {
  const { parameters, plan, memory, units, vocabulary } = session;
  const data: Omit<TrainWorkerData, 'thread'> = {
    module,
    memory,
    plan,
    mode: MODES[`${parameters.algorithm} ${parameters.architecture}`],
    units,
    stripes: vocabulary.stripes,
    epochs: parameters.epochs,
    alpha: parameters.alpha,
    minAlpha: parameters.minAlpha,
    nsExponent: parameters.nsExponent,
    sampleThreshold: parameters.sample * vocabulary.total,
  };
  const file = path.join(distDir(), 'train-worker.mjs');
  return Array.from(
    { length: threads },
    (_, thread) => new Worker(file, { workerData: { ...data, thread } satisfies TrainWorkerData }),
  );
}

async function run(
  session: Session,
  module: WebAssembly.Module,
  threads: number,
): Promise<Omit<TrainedVectors, 'relaxed'>> {
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

/** Resolves when all workers have ended; rejects when one failed or died, `afterEpoch` threw, or the signal fired. */
function finished(session: Session, workers: readonly Worker[], best: BestWeights): Promise<void> {
  const { signal } = session.request;
  return new Promise((resolve, reject) => {
    const ended = new Set<Worker>();
    let judged: Promise<void> = Promise.resolve();
    const onAbort = (): void => {
      stop(session);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('training was cancelled'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    for (const worker of workers) {
      worker.on('message', (message: TrainWorkerMessage) => {
        if (message.kind === 'epoch') {
          judged = best.afterEpoch(message.epoch);
          judged.catch(reject);
        } else if (ended.add(worker).size === workers.length) {
          signal?.removeEventListener('abort', onAbort);
          // The threads end while the last epoch is still judged, and it may be the best.
          judged.then(resolve, reject);
        }
      });
      deathOf(worker, 'A training thread').catch((error: unknown) => {
        if (!ended.has(worker)) reject(error instanceof Error ? error : new Error(String(error)));
      });
    }
    if (signal?.aborted === true) onAbort();
  });
}

function checkFinite({ control, parameters }: Session): void {
  const failed = Atomics.load(control, CONTROL.notFinite);
  if (failed === 0) return;
  const rate = learningRate(parameters.alpha, parameters.minAlpha, failed - 1, 0, parameters.epochs);
  throw new UserError(
    `Training diverged: a vector was no longer finite after epoch ${failed} of ${parameters.epochs} (learning rate ${rate.toPrecision(3)}).`,
    'Lower --alpha.',
  );
}

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
    trained: best.trained ?? movedRows(session),
    epochsRun,
    bestEpoch: best.epoch ?? epochsRun,
    losses: Array.from({ length: epochsRun }, (_, index) => lossOfEpoch(session, index + 1)),
    wordsPerSecond: rate,
  };
}
