import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ProjectionMethod, ProjectionProgress } from '../../protocol/projection.ts';
import { UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';
import { deathOf } from '../wasm/worker-death.ts';
import type { Clusters } from './clusters.ts';
import type { MapVectors } from './map-vectors.ts';
import type { MadeProjection, ProjectionMessage, ProjectionOrder } from './projection-messages.ts';

/** Told of each picture on the way, with positions where they are new. */
export type OnProgress = (progress: ProjectionProgress, positions?: Float32Array) => void;

/**
 * Has a thread of its own place items; it is ended at once when the signal says that nobody waits.
 * @param rows so many of the first rows
 * @throws UserError when it fails or is given up
 */
export async function projectInThread(
  vectors: MapVectors,
  { method, seed, rows }: { readonly method: ProjectionMethod; readonly seed: number; readonly rows: number },
  signal: AbortSignal,
  onProgress: OnProgress = () => undefined,
): Promise<MadeProjection> {
  const { dimension } = vectors;
  const values = vectors.values.subarray(0, rows * dimension);
  return inThread({ values, dimension, seed, task: method }, signal, (message) => {
    if (message.type === 'progress') onProgress(message.progress, message.positions);
    return message.type === 'projected' ? message.made : undefined;
  });
}

/** @throws UserError when it fails or is given up */
export async function clusterInThread(
  { values, dimension }: MapVectors,
  seed: number,
  signal: AbortSignal,
): Promise<Clusters> {
  return inThread({ values, dimension, seed, task: 'clusters' }, signal, (message) =>
    message.type === 'clustered' ? { ofRow: message.ofRow, typical: message.typical } : undefined,
  );
}

/** @param answer of a message that is the last; undefined: there are more to come */
async function inThread<T>(
  order: ProjectionOrder,
  signal: AbortSignal,
  answer: (message: ProjectionMessage) => T | undefined,
): Promise<T> {
  if (signal.aborted) throw givenUp();
  const worker = new Worker(path.join(distDir(), 'projection-worker.mjs'), { workerData: order });
  const done = new AbortController();
  try {
    return await Promise.race([
      answerOf(worker, answer),
      deathOf(worker, 'The thread that projects'),
      aborted(signal, done.signal),
    ]);
  } finally {
    done.abort();
    await worker.terminate();
  }
}

function answerOf<T>(worker: Worker, answer: (message: ProjectionMessage) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ProjectionMessage) => {
      if (message.type === 'failed')
        reject(
          new UserError(
            `The map could not be made: ${message.message}.`,
            'Try another method, or fewer items with --most.',
          ),
        );
      const last = answer(message);
      if (last !== undefined) resolve(last);
    });
  });
}

/** @param done after which nobody listens any more */
function aborted(signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(givenUp()), { once: true, signal: done });
  });
}

function givenUp(): UserError {
  return new UserError('The map was given up before it was ready.', 'Ask for it again.', { exitCode: 130 });
}
