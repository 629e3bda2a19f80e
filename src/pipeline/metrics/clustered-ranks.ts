/** Ranks of targets by cluster: by what was split, sequences or users, whose queries are no independent witnesses. */
import type { QuerySet } from './queries.ts';
import { DEEPEST, gainOf, type RankMetric } from './rank-metrics.ts';

/** Ranks of the targets of some queries. */
export interface RankTable {
  /** Rank for each query of the set, 0 for a miss. */
  readonly ranks: Int32Array;
  /** Indices of the queries that count, ascending; absent: all. */
  readonly subset?: Uint32Array;
}

export type Clusters = Pick<QuerySet, 'cluster' | 'clusterCount'>;

export interface ClusteredRanks {
  /** Queries of each cluster; 0 where none of them counts. */
  readonly queries: Uint32Array;
  /** Queries in all. */
  readonly n: number;
  /** Clusters with a query. */
  readonly clusters: number;
  /** Cluster and rank of each query that hits within reach of a metric. */
  readonly hitCluster: Uint32Array;
  readonly hitRank: Uint8Array;
}

export function clusteredRanks(
  { ranks, subset }: RankTable,
  { cluster, clusterCount }: Clusters,
): ClusteredRanks {
  const n = subset?.length ?? ranks.length;
  const queries = new Uint32Array(clusterCount);
  const hitCluster = new Uint32Array(n);
  const hitRank = new Uint8Array(n);
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const q = subset?.[i] ?? i;
    const c = cluster[q] ?? 0;
    const rank = ranks[q] ?? 0;
    queries[c] = (queries[c] ?? 0) + 1;
    if (rank < 1 || rank > DEEPEST) continue;
    hitCluster[hits] = c;
    hitRank[hits++] = rank;
  }
  const clusters = queries.reduce((count, own) => count + (own > 0 ? 1 : 0), 0);
  return {
    queries,
    n,
    clusters,
    hitCluster: hitCluster.subarray(0, hits),
    hitRank: hitRank.subarray(0, hits),
  };
}

/** What the queries of each cluster add up to in a metric. */
export function sumsOf({ queries, hitCluster, hitRank }: ClusteredRanks, metric: RankMetric): Float64Array {
  const gains = gainOf(metric);
  const sums = new Float64Array(queries.length);
  for (let i = 0; i < hitRank.length; i++) {
    const c = hitCluster[i] ?? 0;
    sums[c] = (sums[c] ?? 0) + (gains[hitRank[i] ?? 0] ?? 0);
  }
  return sums;
}

/** A metric over all queries. */
export function valueOf(ranks: ClusteredRanks, metric: RankMetric): number {
  return ranks.n === 0 ? 0 : sumsOf(ranks, metric).reduce((sum, own) => sum + own, 0) / ranks.n;
}
