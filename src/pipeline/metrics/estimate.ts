import { FEWEST_CLUSTERS, type Estimate } from '../../protocol/report.ts';
import { clusterSpread, type ClusterSpread } from './cluster-spread.ts';
import { sumsOf, valueOf, type ClusteredRanks } from './clustered-ranks.ts';
import type { RankMetric } from './rank-metrics.ts';
import { twoSidedQuantile } from './t-distribution.ts';

/** What an interval misses the truth by, in the long run. */
export const MISSES = 0.05;

/** As many independent queries as would leave a share this uncertain, and the t by which its interval reaches. */
interface Certainty {
  readonly queries: number;
  readonly t: number;
}

function certaintyOf(
  { n, clusters }: ClusteredRanks,
  sums: Float64Array,
  { value, variance, freedom }: ClusterSpread,
): Certainty {
  // One query a cluster, all hits or misses: the rate itself says how it varies, nothing is left to estimate.
  const single = n === clusters && sums.every((sum) => sum === 0 || sum === 1);
  if (single) return { queries: n, t: twoSidedQuantile(MISSES, Infinity) };
  const queries = variance > 0 ? (value * (1 - value)) / variance : value > 0 && value < 1 ? n : clusters;
  return { queries, t: twoSidedQuantile(MISSES, freedom) };
}

/** The score interval of a share (Wilson 1927), which holds where hits are few too. */
function scoreInterval(value: number, { queries, t }: Certainty): { low: number; high: number } {
  const correction = (t * t) / queries;
  const centre = (value + correction / 2) / (1 + correction);
  const half =
    (t / (1 + correction)) * Math.sqrt((value * (1 - value)) / queries + correction / (4 * queries));
  return {
    low: Math.min(value, Math.max(0, centre - half)),
    high: Math.max(value, Math.min(1, centre + half)),
  };
}

/**
 * A metric with its 95 % interval: Wilson's, for as many independent queries as the clusters' spread leaves (Dean &
 * Pagano 2015 for surveys in clusters), with Student's t for the uncertainty of that spread. Of fewer clusters than
 * `FEWEST_CLUSTERS` it says nothing, 0 to 1. How often it holds is measured by `npm run bench -- coverage`.
 */
export function estimateOf(ranks: ClusteredRanks, metric: RankMetric): Estimate {
  const { n, clusters } = ranks;
  const counted = { n, clusters };
  if (clusters < FEWEST_CLUSTERS) return { value: valueOf(ranks, metric), low: 0, high: 1, ...counted };
  const sums = sumsOf(ranks, metric);
  const spread = clusterSpread(sums, ranks.queries, clusters);
  return {
    value: spread.value,
    ...scoreInterval(spread.value, certaintyOf(ranks, sums, spread)),
    ...counted,
  };
}
