import { FEWEST_CLUSTERS, leastP, tooFew, type PairedTest } from '../../protocol/report.ts';
import { clusterSpread } from './cluster-spread.ts';
import { sumsOf, type ClusteredRanks } from './clustered-ranks.ts';
import { MISSES } from './estimate.ts';
import { holm } from './holm.ts';
import type { RankMetric } from './rank-metrics.ts';
import { MOST_FLIPPED, signFlipTest } from './sign-flips.ts';
import { twoSidedQuantile, twoSidedTail } from './t-distribution.ts';

/** A model with its ranks on the same queries as the others'. */
export interface Ranked {
  readonly name: string;
  readonly ranks: ClusteredRanks;
}

interface Difference {
  readonly value: number;
  readonly error: number;
  readonly freedom: number;
  /** Of the clusters in which the models differ. */
  readonly differing: Float64Array;
}

/**
 * The mean difference of two models, by what each cluster's queries sum up to. To its variance come two more queries,
 * one that each model wins: where models differ in few queries only, those seen would make it too small (Bonett & Price
 * 2012).
 */
function difference(
  ours: Float64Array,
  theirs: Float64Array,
  { queries, clusters, n }: ClusteredRanks,
): Difference {
  const differences = ours.map((sum, c) => sum - (theirs[c] ?? 0));
  const differing = differences.filter((own) => own !== 0);
  if (clusters < 2)
    return { value: (differing[0] ?? 0) / Math.max(1, n), error: Infinity, freedom: 1, differing };
  const { value, variance, freedom } = clusterSpread(differences, queries, clusters);
  return { value, error: Math.sqrt(variance + 2 / (n * n)), freedom, differing };
}

/** Exact where so few clusters differ that all signs can be tried; never below what their number allows. */
function pOf({ value, error, freedom, differing }: Difference): number {
  if (differing.length <= MOST_FLIPPED) return signFlipTest([...differing]);
  return Math.max(leastP(differing.length), twoSidedTail(Math.abs(value) / error, freedom));
}

function intervalOf({ value, error, freedom }: Difference, clusters: number): { low: number; high: number } {
  if (clusters < FEWEST_CLUSTERS) return { low: -1, high: 1 };
  const reach = twoSidedQuantile(MISSES, freedom) * error;
  return { low: Math.max(-1, value - reach), high: Math.min(1, value + reach) };
}

/**
 * Paired tests between any two models in one metric, by clusters: exact sign flips where few clusters differ, otherwise
 * Student's t. Intervals are Student's; of fewer clusters than `FEWEST_CLUSTERS` they say nothing, −1 to 1. All tests
 * stand together: `adjusted` is Holm's.
 */
export function pairedTests(models: readonly Ranked[], metric: RankMetric): PairedTest[] {
  const sums = models.map(({ ranks }) => sumsOf(ranks, metric));
  const tests = models.flatMap((a, i) =>
    models.slice(i + 1).map((b, k) => {
      const { clusters } = a.ranks;
      const found = difference(
        sums[i] ?? new Float64Array(0),
        sums[i + 1 + k] ?? new Float64Array(0),
        a.ranks,
      );
      const interval = intervalOf(found, clusters);
      return { a: a.name, b: b.name, metric, clusters, difference: found.value, ...interval, p: pOf(found) };
    }),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  return tests.map((test, i) => ({ ...test, adjusted: adjusted[i] ?? 1 }));
}

/**
 * By how many of its standard errors, by clusters, the mean of the first ranks is above that of the second; 0 where they
 * do not differ, or so few clusters there are that there is no telling.
 */
export function errorsAhead(a: ClusteredRanks, b: ClusteredRanks, metric: RankMetric): number {
  if (tooFew(a)) return 0;
  const theirs = sumsOf(b, metric);
  const differences = sumsOf(a, metric).map((sum, c) => sum - (theirs[c] ?? 0));
  const { value, variance } = clusterSpread(differences, a.queries, a.clusters);
  return variance === 0 ? 0 : value / Math.sqrt(variance);
}
