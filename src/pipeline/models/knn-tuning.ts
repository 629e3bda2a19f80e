/** What the kinds that count, and so are tuned without training, have in common. */
import type { PreparedData } from '../data/prepared-data.ts';
import type { RankMetric } from '../metrics/rank-metrics.ts';
import type { CoordinateSearchResult } from './coordinate-search.ts';

export interface KnnTuning<Index, Parameters> {
  readonly data: PreparedData;
  readonly index: Index;
  readonly start: Parameters;
  /** Parameters the user gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  readonly metric: RankMetric;
  readonly positions: string;
  readonly ties: Uint32Array;
  readonly seed: number;
  progress(done: number, total: number): Promise<void> | undefined;
}

export interface TunedKnn<Parameters> extends CoordinateSearchResult<Parameters> {
  readonly queries: number;
}
