import type { PreparedData } from '../../data/prepared-data.ts';
import { buildQueries, queryItems, targetOf } from '../../metrics/queries.ts';
import { meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';
import { Recommender } from '../recommend.ts';
import type { EpochVerdict, VectorsAccess } from './train.ts';
import { cosineScorer } from './scorer.ts';

/** Validation queries measured after each epoch. */
const QUERIES = 2000;

export interface EarlyStoppingOptions {
  readonly data: PreparedData;
  readonly positions: string;
  readonly seed: number;
  readonly deterministic: boolean;
  /** Epochs without a better figure before training stops. */
  readonly patience: number;
}

/** Measures the model's own rule on a seeded sample of validation queries after each epoch. */
export class EarlyStopping {
  readonly metric: RankMetric;
  private readonly options: EarlyStoppingOptions;
  private readonly queries: Int32Array[];
  private readonly targets: Int32Array;
  private best = -Infinity;
  private bestEpoch = 0;

  constructor(options: EarlyStoppingOptions) {
    this.options = options;
    const set = buildQueries(options.data, 'validation', options.positions);
    const chosen = shuffled(set.targets.length, seedFor(options.seed, 'early stopping')).subarray(0, QUERIES);
    this.queries = Array.from(chosen, (q) => queryItems(set, q));
    this.targets = Int32Array.from(chosen, (q) => targetOf(set, q));
    this.metric = options.data.layout.leaveOneOut ? 'ndcg@10' : 'hitRate@100';
  }

  /** Judges the weights after an epoch (from 1). */
  judge(access: VectorsAccess, epoch: number): EpochVerdict {
    const score = this.measure(access);
    if (score > this.best) {
      this.best = score;
      this.bestEpoch = epoch;
    }
    return { score, stop: epoch - this.bestEpoch >= this.options.patience };
  }

  private measure({ items, dimension, vectors }: VectorsAccess): number {
    const { data, deterministic, seed } = this.options;
    const scorer = cosineScorer(
      { items, dimension, values: vectors() },
      data.trainCounts.length,
      deterministic,
    );
    const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed });
    const ranks = new Int32Array(this.queries.length);
    const rank = { kept: 0, removed: 0 };
    recommender.scoreEach(this.queries, 'last-item', (i, { candidates, background }) => {
      recommender.ranker.rank(
        candidates,
        background,
        this.queries[i] ?? new Int32Array(0),
        this.targets[i] ?? -1,
        rank,
      );
      ranks[i] = data.layout.leaveOneOut ? rank.removed : rank.kept;
    });
    scorer.dispose?.();
    return meanMetric(this.metric, ranks);
  }
}
