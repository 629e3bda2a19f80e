/**
 * Bootstrap over clusters (Efron & Tibshirani 1993, percentile intervals): what was split, sequences or users, is drawn
 * with replacement, all queries of a drawn one with it. Equal seeds give equal draws, so replicates of two models are paired.
 */
import type { Estimate } from '../../protocol/report.ts';
import { below, randomStream, seedFor } from '../seeded-random.ts';
import type { QuerySet } from './queries.ts';
import { groupPositions } from '../group-positions.ts';
import { DrawnRanks, LANES, type RankedHits } from './drawn-ranks.ts';
import { DEEPEST, METRIC_FAMILIES, RANK_METRICS, type RankMetric } from './rank-metrics.ts';

/** Ranks of the targets of some queries. */
export interface RankTable {
  /** Rank for each query of the set, 0 for a miss. */
  readonly ranks: Int32Array;
  /** Indices of the queries that count, ascending; absent: all. */
  readonly subset?: Uint32Array;
}

/** Replicates of one table: `values[metric × samples + b]`, NaN where no query was drawn. */
export interface Replicates {
  readonly samples: number;
  readonly values: Float64Array;
  /** Each metric on the queries themselves. */
  readonly points: Float64Array;
  /** Queries in the table. */
  readonly n: number;
}

/** A table's queries: those ranked within reach of a metric, by rank, and how many there are in each cluster. */
interface Prepared extends RankedHits {
  readonly perCluster: Uint32Array;
  readonly n: number;
}

function prepare(
  { ranks, subset }: RankTable,
  queries: QuerySet,
  shared: Map<Uint32Array | undefined, Uint32Array>,
): Prepared {
  const chosen = subset ?? Uint32Array.from(ranks.keys());
  const reached = Int32Array.from(chosen, (q) => (inReach(ranks[q] ?? 0) ? (ranks[q] ?? 0) : -1));
  const { offsets: starts, positions } = groupPositions(reached, DEEPEST + 1);
  const clusterAt = (i: number): number => queries.cluster[chosen[i] ?? 0] ?? 0;
  let perCluster = shared.get(subset);
  if (perCluster === undefined) {
    perCluster = new Uint32Array(queries.clusterCount);
    for (let i = 0; i < chosen.length; i++) perCluster[clusterAt(i)] = (perCluster[clusterAt(i)] ?? 0) + 1;
    shared.set(subset, perCluster);
  }
  return { hits: positions.map(clusterAt), starts, perCluster, n: chosen.length };
}

function inReach(rank: number): boolean {
  return rank >= 1 && rank <= DEEPEST;
}

/** How often each cluster is drawn in one resample. */
function drawWeights(weights: Uint16Array, lane: number, next: () => number): void {
  const count = weights.length / LANES;
  for (let i = 0; i < count; i++) {
    const at = below(count, next()) * LANES + lane;
    weights[at] = (weights[at] ?? 0) + 1;
  }
}

/** Sums every metric over the ranks drawn in a resample: one pass a family, its cuts read off on the way. */
function sumMetrics(drawn: Uint32Array, lane: number, sums: Float64Array): void {
  for (const { gains, cuts } of METRIC_FAMILIES) {
    let sum = 0;
    let rank = 1;
    for (const cut of cuts) {
      for (; rank <= cut.rank; rank++) sum += (drawn[rank * LANES + lane] ?? 0) * (gains[rank] ?? 0);
      sums[cut.metric] = sum;
    }
  }
}

export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
  /** Which part the queries belong to: parts draw independently. */
  readonly part: string;
}

/** Measures every table in the first `lanes` of the resamples drawn, and gives the metrics of each to `store`. */
function measure(
  tables: readonly Prepared[],
  drawn: DrawnRanks,
  lanes: number,
  store: (table: number, lane: number, sums: Float64Array, queries: number) => void,
): void {
  const sums = new Float64Array(RANK_METRICS.length);
  const counts = new Map<Uint32Array, Uint32Array>();
  tables.forEach(({ perCluster }, t) => {
    const queries = counts.get(perCluster) ?? drawn.ofAll(perCluster);
    counts.set(perCluster, queries);
    const histogram = drawn.of(t);
    for (let lane = 0; lane < lanes; lane++) {
      sumMetrics(histogram, lane, sums);
      store(t, lane, sums, queries[lane] ?? 0);
    }
  });
}

/** Replicates of every metric of every table, all from the same draws. */
export function bootstrap(
  tables: readonly RankTable[],
  queries: QuerySet,
  options: BootstrapOptions,
): Replicates[] {
  const { samples } = options;
  const shared = new Map<Uint32Array | undefined, Uint32Array>();
  const prepared = tables.map((table) => prepare(table, queries, shared));
  const results = prepared.map(({ n }) => ({
    samples,
    values: new Float64Array(RANK_METRICS.length * samples),
    points: new Float64Array(RANK_METRICS.length),
    n,
  }));
  const drawn = new DrawnRanks(prepared, queries.clusterCount, DEEPEST);
  drawn.weights.fill(1);
  measure(prepared, drawn, 1, (t, _, sums, count) => {
    const points = results[t]?.points;
    if (points !== undefined && count > 0) points.set(sums.map((sum) => sum / count));
  });
  const next = randomStream(seedFor(options.seed, `bootstrap/${options.part}`));
  for (let first = 0; first < samples; first += LANES) {
    const lanes = Math.min(LANES, samples - first);
    drawn.weights.fill(0);
    for (let lane = 0; lane < lanes; lane++) drawWeights(drawn.weights, lane, next);
    measure(prepared, drawn, lanes, (t, lane, sums, count) => {
      const values = results[t]?.values;
      if (values === undefined) return;
      for (let m = 0; m < sums.length; m++)
        values[m * samples + first + lane] = count === 0 ? NaN : (sums[m] ?? 0) / count;
    });
  }
  return results;
}

/** Percentile of sorted values by linear interpolation, `share` in [0, 1]. */
function percentile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? 0;
  return low + (high - low) * (at - below);
}

/** 95 % percentile interval of replicates; NaNs are left out. */
export function interval(replicates: Float64Array): { low: number; high: number } {
  const sorted = replicates.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return { low: 0, high: 0 };
  return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
}

/** The replicates of one metric. */
export function replicatesOf({ values, samples }: Replicates, metric: RankMetric): Float64Array {
  const m = RANK_METRICS.indexOf(metric);
  return values.subarray(m * samples, (m + 1) * samples);
}

/** A metric on the queries themselves. */
export function pointOf({ points }: Replicates, metric: RankMetric): number {
  return points[RANK_METRICS.indexOf(metric)] ?? 0;
}

/** A metric with its 95 % interval. */
export function estimateOf(replicates: Replicates, metric: RankMetric): Estimate {
  return {
    value: pointOf(replicates, metric),
    ...interval(replicatesOf(replicates, metric)),
    n: replicates.n,
  };
}
