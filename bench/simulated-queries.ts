/** Held-out queries that never were, of which the true figures are known. */
import { clusteredRanks, type ClusteredRanks } from '../src/pipeline/metrics/clustered-ranks.ts';
import { gainOf } from '../src/pipeline/metrics/rank-metrics.ts';
import { below, randomStream } from '../src/pipeline/seeded-random.ts';

/** Queries a cluster has: one, twenty, or a number that differs by orders of magnitude (a median of 4, up to hundreds). */
export type ClusterSize = 'one' | 'twenty' | 'uneven';
export const SIMULATED_METRICS = ['hitRate@10', 'ndcg@10'] as const;
export type SimulatedMetric = (typeof SIMULATED_METRICS)[number];

export interface Design {
  readonly clusters: number;
  readonly size: ClusterSize;
  /** The true hit rate is drawn evenly from here, anew each time: at one rate few hits would be coarse numbers. */
  readonly rates: readonly [number, number];
  /** Intraclass correlation: how alike the queries of one cluster are, 0 (independent) to 1 (all the same). */
  readonly alike: number;
}

/** Hits stand at ranks 1 … DEPTH alike. */
const DEPTH = 10;

/** Random numbers of the distributions a simulation needs. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomStream(seed);
  }

  /** Evenly in (0, 1). */
  even(): number {
    return (this.#next() + 0.5) / 2 ** 32;
  }

  below(bound: number): number {
    return below(bound, this.#next());
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(this.even())) * Math.cos(2 * Math.PI * this.even());
  }

  /** Marsaglia & Tsang 2000. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * this.even() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = this.normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(this.even()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
    }
  }

  /** Shares with these means that sum to 1. @param alike their variance as a share of the largest possible one */
  shares(means: readonly number[], alike: number): number[] {
    if (alike === 0) return [...means];
    const parts = means.map((mean) => this.gamma(mean * (1 / alike - 1)));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / total);
  }
}

const SIZES: Readonly<Record<ClusterSize, (random: Random) => number>> = {
  one: () => 1,
  twenty: () => 20,
  uneven: (random) => 1 + Math.floor(Math.exp(1.2 + 1.2 * random.normal())),
};

/** Draws what happens to each query of each cluster: outcome k of `means` with its cluster's own share of it. */
function drawOutcomes(
  { clusters, size, alike }: Design,
  means: readonly number[],
  random: Random,
): { cluster: number[]; outcomes: number[] } {
  const cluster: number[] = [];
  const outcomes: number[] = [];
  for (let c = 0; c < clusters; c++) {
    const shares = random.shares(means, alike);
    for (let left = SIZES[size](random); left > 0; left--) {
      let point = random.even();
      let outcome = 0;
      while (outcome < shares.length - 1 && point >= (shares[outcome] ?? 0)) point -= shares[outcome++] ?? 0;
      cluster.push(c);
      outcomes.push(outcome);
    }
  }
  return { cluster, outcomes };
}

const rankOf = (random: Random): number => 1 + random.below(DEPTH);

function tableOf(ranks: readonly number[], cluster: readonly number[], clusterCount: number): ClusteredRanks {
  return clusteredRanks(
    { ranks: Int32Array.from(ranks) },
    { cluster: Uint32Array.from(cluster), clusterCount },
  );
}

/** What a hit is worth on average. */
export function meanGain(metric: SimulatedMetric): number {
  return gainOf(metric).reduce((sum, gain) => sum + gain, 0) / DEPTH;
}

/** One model's ranks, and its true hit rate. */
export function simulateModel(design: Design, random: Random): { ranks: ClusteredRanks; rate: number } {
  const [low, high] = design.rates;
  const rate = low + (high - low) * random.even();
  const { cluster, outcomes } = drawOutcomes(design, [rate, 1 - rate], random);
  const ranks = outcomes.map((outcome) => (outcome === 0 ? rankOf(random) : 0));
  return { ranks: tableOf(ranks, cluster, design.clusters), rate };
}

/** Two models' ranks of the same queries: some both hit, some one of them does, as often the one as the other. */
export function simulateEqualPair(
  design: Design,
  random: Random,
): { first: ClusteredRanks; second: ClusteredRanks } {
  const [low, high] = design.rates;
  const rate = low + (high - low) * random.even();
  const { cluster, outcomes } = drawOutcomes(design, [rate / 2, rate / 4, rate / 4, 1 - rate], random);
  const first = outcomes.map((outcome) => (outcome === 0 || outcome === 1 ? rankOf(random) : 0));
  const second = outcomes.map((outcome, q) =>
    outcome === 0 ? (first[q] ?? 0) : outcome === 2 ? rankOf(random) : 0,
  );
  return {
    first: tableOf(first, cluster, design.clusters),
    second: tableOf(second, cluster, design.clusters),
  };
}
