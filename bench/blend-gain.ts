/**
 * What one more member adds to a blend: weights are chosen on half of the validation sequences, with and without it, and both
 * blends are measured on the other half. The difference is paired, its standard error by sequence.
 *
 *     node scripts/experiment.mjs blend-gain <run> [--members recency-encoder,sequential-item-knn] [--added session-knn]
 *         [--store .recsys] [--queries 6000]
 */
import { parseArgs } from 'node:util';
import type { PreparedData } from '../src/pipeline/data/prepared-data.ts';
import { buildQueries, queryItems, targetOf } from '../src/pipeline/metrics/queries.ts';
import { DEEPEST, gainOf, meanMetric, type RankMetric } from '../src/pipeline/metrics/rank-metrics.ts';
import { blendItems, blendScorer } from '../src/pipeline/kinds/blend/scorer.ts';
import { searchBlend } from '../src/pipeline/kinds/blend/search-weights.ts';
import { blendBias, itemSignals, type BlendSearch } from '../src/pipeline/kinds/blend/weighting.ts';
import type { Scorer } from '../src/pipeline/kinds/ranking/scorer.ts';
import { Recommender } from '../src/pipeline/kinds/ranking/recommender.ts';
import { sampleRanks, type ValidationSample } from '../src/pipeline/kinds/fitting/validation-sample.ts';
import { openRunData } from '../src/pipeline/query/run-data.ts';
import { openRunModel } from '../src/pipeline/query/run-model.ts';
import { seedFor, shuffled } from '../src/pipeline/seeded-random.ts';
import { RunStore } from '../src/pipeline/store/run-store.ts';

const METRICS: readonly RankMetric[] = ['ndcg@10', 'ndcg@100', 'hitRate@10', 'hitRate@100'];
/** Queries on which weights are chosen, as the product does. */
const CHOOSING = 3000;
const SEED = 1;
const pause = (): Promise<void> => Promise.resolve();

/** Seeded queries of one half of what was split, sequences or users. */
function halfOf(data: PreparedData, half: 0 | 1, positions: string, most: number): ValidationSample {
  const set = buildQueries(data, 'validation', positions);
  const order = shuffled(set.clusterCount, seedFor(SEED, 'halves'));
  const halves = new Uint8Array(set.clusterCount);
  order.forEach((cluster, place) => (halves[cluster] = place % 2));
  const chosen = shuffled(set.targets.length, seedFor(SEED, 'queries'))
    .filter((q) => halves[set.cluster[q] ?? 0] === half)
    .subarray(0, most);
  return {
    queries: Array.from(chosen, (q) => queryItems(set, q)),
    targets: Int32Array.from(chosen, (q) => targetOf(set, q)),
    seenRemoved: data.layout.leaveOneOut,
    cluster: Uint32Array.from(chosen, (q) => set.cluster[q] ?? 0),
  };
}

async function blendOf(
  data: PreparedData,
  scorers: readonly Scorer[],
  on: ValidationSample,
): Promise<Scorer> {
  const { trainCounts } = data;
  const items = blendItems(scorers, trainCounts.length);
  const search: BlendSearch = {
    scorers,
    items,
    ...itemSignals(items, data),
    sample: {
      ...on,
      queries: on.queries.slice(0, CHOOSING),
      targets: on.targets.subarray(0, CHOOSING),
      cluster: on.cluster.subarray(0, CHOOSING),
    },
    metric: data.layout.leaveOneOut ? 'ndcg@10' : 'ndcg@100',
    trainCounts,
    seed: SEED,
    progress: () => undefined,
    pause,
  };
  const { weights } = await searchBlend(search);
  process.stdout.write(`weights ${JSON.stringify(weights)}\n`);
  const parts = scorers.map((scorer, m) => ({ name: `model ${m}`, scorer, weight: weights.members[m] ?? 0 }));
  return blendScorer(parts, items, blendBias(search, weights), trainCounts.length);
}

function ranksOf(data: PreparedData, scorer: Scorer, sample: ValidationSample): Promise<Int32Array> {
  const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed: SEED });
  return sampleRanks(recommender, sample, DEEPEST, pause);
}

/** Mean difference and its standard error, queries of a sequence or user taken together. */
function difference(a: Int32Array, b: Int32Array, { cluster }: ValidationSample, metric: RankMetric): string {
  const gains = gainOf(metric);
  const each = Array.from(a, (rank, q) => (gains[rank] ?? 0) - (gains[b[q] ?? 0] ?? 0));
  const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
  const byCluster = new Map<number, number>();
  each.forEach((value, q) => {
    const c = cluster[q] ?? 0;
    byCluster.set(c, (byCluster.get(c) ?? 0) + value - mean);
  });
  const squares = [...byCluster.values()].reduce((sum, value) => sum + value * value, 0);
  return `${mean.toFixed(4)} ± ${(Math.sqrt(squares) / each.length).toFixed(4)}`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: 'string', default: '.recsys' },
    members: { type: 'string', default: 'recency-encoder,sequential-item-knn' },
    added: { type: 'string', default: 'session-knn' },
    queries: { type: 'string', default: '6000' },
  },
});
const run = RunStore.open(values.store).resolve(positionals[0] ?? 'latest');
const data = await openRunData(run);
const positions = String(run.manifest().parameters['positions']);
const [choosing, measuring] = ([0, 1] as const).map((half) =>
  halfOf(data, half, positions, Number(values.queries)),
);
if (choosing === undefined || measuring === undefined) throw new Error('there are two halves');
const names = [...values.members.split(','), values.added];
const scorers: Scorer[] = [];
for (const name of names) scorers.push((await openRunModel(run, name)).scorer);
const without = await blendOf(data, scorers.slice(0, -1), choosing);
const withIt = await blendOf(data, scorers, choosing);
const line = (cells: readonly string[]): boolean => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const figures = (ranks: Int32Array): string[] =>
  METRICS.map((metric) => meanMetric(metric, ranks).toFixed(4));
line([`${measuring.queries.length} validation queries of run ${run.id}`, ...METRICS]);
line(['---', ...METRICS.map(() => '---')]);
for (const [m, scorer] of scorers.entries())
  line([names[m] ?? '', ...figures(await ranksOf(data, scorer, measuring))]);
const [before, after] = [await ranksOf(data, without, measuring), await ranksOf(data, withIt, measuring)];
line([`blend without ${values.added}`, ...figures(before)]);
line([`blend with ${values.added}`, ...figures(after)]);
line(['difference', ...METRICS.map((metric) => difference(after, before, measuring, metric))]);
