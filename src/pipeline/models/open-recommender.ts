import type { PreparedData } from '../data/prepared-data.ts';
import { Recommender } from './recommend.ts';
import { modelKind } from './registry.ts';

export interface OpenRecommenderOptions {
  readonly data: PreparedData;
  readonly kind: string;
  /** Path of an artifact of the trained branch, undefined when it was not written. */
  readonly locate: (artifact: string) => string | undefined;
  readonly seed: number;
  readonly threads: number;
  readonly deterministic: boolean;
}

/** Opens a trained model with its fallback: what evaluation measures and what neighbours and serving answer with. */
export async function openRecommender({
  data,
  kind,
  locate,
  seed,
  threads,
  deterministic,
}: OpenRecommenderOptions): Promise<Recommender> {
  const must = (artifact: string): string => {
    const file = locate(artifact);
    if (file === undefined) throw new Error(`training left no artifact '${artifact}'`);
    return file;
  };
  const scorer = await modelKind(kind).open({ data, locate: must, threads, deterministic, seed });
  return new Recommender({ scorer, trainCounts: data.trainCounts, seed });
}
