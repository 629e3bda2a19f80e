import type { PreparedData } from '../data/prepared-data.ts';
import type { OpenContext, Scorer } from '../kinds/model-kind.ts';
import { Recommender } from './recommend.ts';
import { modelKind } from '../kinds/registry.ts';

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
export async function openRecommender(options: OpenRecommenderOptions): Promise<Recommender> {
  const { data, kind, locate, seed } = options;
  const must = (artifact: string): string => {
    const file = locate(artifact);
    if (file === undefined) throw new Error(`training left no artifact '${artifact}'`);
    return file;
  };
  const scorer = await openScorer(kind, must, options);
  return new Recommender({ scorer, trainCounts: data.trainCounts, seed });
}

/** Opens a trained model, and those it is made of. */
export function openScorer(
  kind: string,
  locate: (artifact: string) => string,
  options: Omit<OpenContext, 'locate' | 'openOther'>,
): Promise<Scorer> {
  const { data, threads, deterministic, seed } = options;
  return modelKind(kind).open({
    data,
    locate,
    threads,
    deterministic,
    seed,
    openOther: (other, where) => openScorer(other, where, options),
  });
}
