/**
 * How much a mean over queries varies from one draw of clusters to the next. The mean is a ratio, of what clusters sum
 * up to and how many queries they have, and its variance is the jackknife's, leaving one cluster out at a time (Efron &
 * Tibshirani 1993, 11; Bell & McCaffrey 2002 for its small bias where clusters are few and uneven).
 */
export interface ClusterSpread {
  /** The mean over queries. */
  readonly value: number;
  readonly variance: number;
  /**
   * Degrees of freedom of that variance: clusters − 1, or what the kurtosis of the clusters' residuals leaves of them,
   * where a few large clusters, or the few that hit at all, decide.
   */
  readonly freedom: number;
}

/** Kurtosis of the normal distribution, with which the degrees of freedom are the number of clusters. */
const NORMAL_KURTOSIS = 3;

/**
 * @param sums what the queries of each cluster add up to
 * @param queries how many they are; clusters without any do not count
 * @param clusters those with a query, at least 2
 */
export function clusterSpread(sums: Float64Array, queries: Uint32Array, clusters: number): ClusterSpread {
  let total = 0;
  let n = 0;
  for (let c = 0; c < sums.length; c++) {
    total += sums[c] ?? 0;
    n += queries[c] ?? 0;
  }
  const value = total / n;
  let squares = 0;
  let fourths = 0;
  for (let c = 0; c < sums.length; c++) {
    const own = queries[c] ?? 0;
    if (own === 0) continue;
    const residual = ((sums[c] ?? 0) - value * own) / (1 - own / n);
    squares += residual ** 2;
    fourths += residual ** 4;
  }
  const variance = ((clusters - 1) / clusters) * (squares / (n * n));
  const effective = fourths === 0 ? clusters : (NORMAL_KURTOSIS * squares ** 2) / fourths;
  return { value, variance, freedom: Math.min(clusters - 1, effective) };
}
