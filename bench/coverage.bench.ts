/**
 * How often 95 % intervals hold a figure that is known, for few and many clusters with one and many queries each; beside
 * them the percentile intervals of a bootstrap over clusters.
 */
import { sumsOf, type ClusteredRanks } from '../src/pipeline/metrics/clustered-ranks.ts';
import { coverage, falseAlarms } from './coverage.ts';
import type { BenchResult, ResultRow } from './result-row.ts';
import {
  meanGain,
  Random,
  SIMULATED_METRICS,
  simulateModel,
  type ClusterSize,
  type Design,
  type SimulatedMetric,
} from './simulated-queries.ts';

const ROUNDS = 1000;
const BOOTSTRAP_ROUNDS = 200;
const SAMPLES = 300;
const CLUSTERS = [6, 10, 30, 100, 400];
const SIZES: readonly ClusterSize[] = ['one', 'twenty', 'uneven'];
const ALIKE = [0, 0.05, 0.2];
const RATES = [
  {
    title: 'rates from .05 to .95',
    rates: [
      [0.05, 0.2],
      [0.2, 0.6],
      [0.6, 0.95],
    ],
  },
  { title: 'rates from .01 to .05', rates: [[0.01, 0.05]] },
] as const;
const NOMINAL = 0.95;

/** The share of percentile intervals that hold the truth. */
function percentileCoverage(design: Design, metric: SimulatedMetric, seed: number): number {
  const random = new Random(seed);
  let held = 0;
  for (let round = 0; round < BOOTSTRAP_ROUNDS; round++) {
    const { ranks, rate } = simulateModel(design, random);
    const values = Float64Array.from({ length: SAMPLES }, () => resampled(ranks, metric, random)).sort();
    const truth = rate * meanGain(metric);
    const [low = 0, high = 0] = [0.025, 0.975].map((share) => values[Math.round(share * (SAMPLES - 1))]);
    if (low <= truth && truth <= high) held++;
  }
  return held / BOOTSTRAP_ROUNDS;
}

/** The metric of one resample of clusters. */
function resampled(ranks: ClusteredRanks, metric: SimulatedMetric, random: Random): number {
  const sums = sumsOf(ranks, metric);
  let [sum, queries] = [0, 0];
  for (const _ of sums) {
    const c = random.below(sums.length);
    sum += sums[c] ?? 0;
    queries += ranks.queries[c] ?? 0;
  }
  return sum / queries;
}

function designsOf(clusters: number, size: ClusterSize, rates: readonly Design['rates'][]): Design[] {
  const alike = size === 'one' ? [0] : ALIKE;
  return rates.flatMap((range) => alike.map((one) => ({ clusters, size, rates: range, alike: one })));
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function summary(shares: readonly number[]): string {
  return `${percent(mean(shares))} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))})`;
}

function rowOf(
  title: string,
  clusters: number,
  size: ClusterSize,
  rates: readonly Design['rates'][],
): ResultRow {
  const designs = designsOf(clusters, size, rates);
  const each = designs.flatMap((design) => SIMULATED_METRICS.map((metric) => ({ design, metric })));
  const ours = each.map(({ design, metric }, i) => coverage(design, metric, ROUNDS, i));
  const theirs = each.map(({ design, metric }, i) => percentileCoverage(design, metric, i));
  const alarms = designs.map((design, i) => falseAlarms(design, 'hitRate@10', ROUNDS, i));
  return {
    what: `${clusters} clusters, queries each: ${size}, ${title}`,
    ours: summary(ours),
    reference: summary(theirs),
    ratio: mean(ours) / NOMINAL,
    note: `tests of equal models with p < .05: ${percent(mean(alarms))}`,
  };
}

export function run(): Promise<BenchResult> {
  const rows: ResultRow[] = [];
  for (const { title, rates } of RATES)
    for (const size of SIZES)
      for (const clusters of CLUSTERS) {
        const row = rowOf(title, clusters, size, rates);
        console.log(
          `${row.what}: ${row.ours}; percentiles of a bootstrap ${row.reference}; ${row.note ?? ''}`,
        );
        rows.push(row);
      }
  const about =
    `Share of 95 % intervals that hold the truth, mean (least to most) over hit rates, intraclass correlations of ${ALIKE.join(', ')} and the metrics ${SIMULATED_METRICS.join(' and ')}; ` +
    `${ROUNDS} simulated evaluations each. Reference: percentile intervals of a bootstrap over clusters (${BOOTSTRAP_ROUNDS} evaluations, ${SAMPLES} resamples). Uneven: a median of 4 queries, up to hundreds. The ratio is to 95 %.`;
  return Promise.resolve({ rows, about });
}
