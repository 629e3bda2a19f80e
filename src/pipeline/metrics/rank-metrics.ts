/**
 * Metrics of one relevant item per query, all functions of its rank r (0: a miss):
 * hit rate@k = [r ≤ k]; MRR@k = 1/r if r ≤ k; NDCG@k = 1/log₂(r + 1) if r ≤ k (the ideal ranking scores 1).
 */
import { log2 } from '../deterministic-math.ts';

/** Ranks beyond this count as misses in every metric. */
export const DEEPEST = 100;

/** Those of one family stand together, by ascending cut. */
export const RANK_METRICS = [
  'hitRate@1',
  'hitRate@5',
  'hitRate@10',
  'hitRate@20',
  'hitRate@50',
  'hitRate@100',
  'mrr@5',
  'mrr@10',
  'mrr@20',
  'mrr@50',
  'mrr@100',
  'ndcg@5',
  'ndcg@10',
  'ndcg@20',
  'ndcg@50',
  'ndcg@100',
] as const;
export type RankMetric = (typeof RANK_METRICS)[number];

export function isRankMetric(name: string): name is RankMetric {
  return RANK_METRICS.some((metric) => metric === name);
}

const GAIN: Readonly<Record<string, (rank: number) => number>> = {
  hitRate: () => 1,
  mrr: (rank) => 1 / rank,
  ndcg: (rank) => 1 / log2(rank + 1),
};

function gainTable(metric: RankMetric): Float64Array {
  const [name = '', cut = '0'] = metric.split('@');
  const gain = GAIN[name] ?? (() => 0);
  return Float64Array.from({ length: Number(cut) + 1 }, (_, rank) => (rank >= 1 ? gain(rank) : 0));
}

const GAINS = Object.fromEntries(RANK_METRICS.map((metric) => [metric, gainTable(metric)])) as Record<
  RankMetric,
  Float64Array
>;

/** What a query whose target has each rank (index; 0 = miss) adds to a metric; ranks beyond its end add nothing. */
export function gainOf(metric: RankMetric): Float64Array {
  return GAINS[metric];
}

/** The last rank that adds to a metric: 10 of `ndcg@10`. */
export function cutOf(metric: RankMetric): number {
  return GAINS[metric].length - 1;
}

/** The metrics of one family: all read from the running sum of one gain over the ranks. */
export interface MetricFamily {
  /** Gain of each rank up to the deepest cut of the family (index 0: a miss, 0). */
  readonly gains: Float64Array;
  /** Where each cut lies, ascending, and the metric's place in `RANK_METRICS`. */
  readonly cuts: readonly { readonly rank: number; readonly metric: number }[];
}

function familyNamed(name: string): MetricFamily {
  const own = RANK_METRICS.filter((metric) => metric.startsWith(`${name}@`));
  const cuts = own.map((metric) => ({
    rank: cutOf(metric),
    metric: RANK_METRICS.indexOf(metric),
  }));
  const deepest = own.at(-1);
  return { gains: deepest === undefined ? new Float64Array(1) : GAINS[deepest], cuts };
}

/** All metrics, by family. */
export const METRIC_FAMILIES: readonly MetricFamily[] = Object.keys(GAIN).map(familyNamed);

/** Mean of a metric over ranks. */
export function meanMetric(metric: RankMetric, ranks: Int32Array): number {
  const gains = gainOf(metric);
  let sum = 0;
  for (const rank of ranks) sum += gains[rank] ?? 0;
  return ranks.length === 0 ? 0 : sum / ranks.length;
}
