import { METHOD_TITLES, MOST_ITEMS, type ProjectionMethod } from '../../protocol/projection.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { whyNotWritten } from '../store/store-error.ts';
import { keepProjection, projectionKey, readProjection, type KeptProjection } from './kept-projection.ts';
import type { MapVectors } from './map-vectors.ts';
import { projectInThread, type OnProgress } from './projection-thread.ts';

/** Fewer items than this have no neighbourhoods to keep. */
const LEAST_ITEMS = 5;
export const DEFAULT_SEED = 42;

export interface ProjectionQuestion {
  readonly model: string;
  readonly method: ProjectionMethod;
  readonly seed?: number | undefined;
  /** Of the most frequent items so many; absent: as many as the method can. */
  readonly most?: number | undefined;
}

export interface Projection extends KeptProjection {
  readonly method: ProjectionMethod;
  readonly seed: number;
  /** It was made earlier, and was read. */
  readonly kept: boolean;
  /** Why it could not be kept beside the run. */
  readonly notKept?: string;
}

/** @throws UserError where there are too few items for the method */
function rowsFor({ items }: MapVectors, method: ProjectionMethod, most: number | undefined): number {
  const rows = Math.min(items.length, most ?? MOST_ITEMS[method], MOST_ITEMS[method]);
  const least = method === 'pca' ? 1 : LEAST_ITEMS;
  if (rows >= least) return rows;
  throw new UserError(
    `${METHOD_TITLES[method]} needs at least ${least} items, and there are ${rows}.`,
    'Map it with --method pca, or train with more data.',
    { exitCode: EXIT.failed },
  );
}

/**
 * The picture of a run's item vectors: that which was kept, or a new one, which is kept.
 * @throws UserError when there are too few items, or it is given up
 */
export async function projectionOf(
  run: RunFolder,
  vectors: MapVectors,
  { model, method, seed = DEFAULT_SEED, most }: ProjectionQuestion,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<Projection> {
  const parameters = { method, seed, rows: rowsFor(vectors, method, most) };
  const key = await projectionKey(vectors, parameters);
  const kept = await readProjection(run, key);
  if (kept !== undefined) return { ...kept, method, seed, kept: true };
  const began = performance.now();
  const made = await projectInThread(vectors, parameters, signal, onProgress);
  const whole = { ...made, seconds: (performance.now() - began) / 1000 };
  const answer = { ...whole, method, seed, kept: false };
  try {
    await keepProjection(run, key, model, parameters, whole);
    return answer;
  } catch (error) {
    // A store that cannot be written to is no reason not to see the map.
    return { ...answer, notKept: whyNotWritten(error) };
  }
}
