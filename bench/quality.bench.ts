/**
 * How good the default settings are, by the product's own command, against published tables and the tutorial's model:
 * Amazon Beauty by leave-one-out (three seeds), and the sample split by playlist and by user. All choices are made on
 * validation; each run reads the test part once, when it ends.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import type { BenchResult, ResultRow } from './result-row.ts';

const BEAUTY = process.env['RECSYS_BEAUTY'] ?? '../shared/data/amazon-beauty.txt';
const SAMPLE = 'samples/playlists.parquet';
const SEEDS = [1, 2, 3];
/** Of the split by playlist, and those of the split by user: 26 users are its test part, so that one split says little. */
const SAMPLE_SEED = 42;
const USER_SEEDS = (process.env['RECSYS_BENCH_USER_SEEDS'] ?? '42,1,2').split(',').map(Number);
/** Runs side by side, each on one thread. */
const AT_ONCE = 2;
const MODELS = ['blend', 'recency-encoder', 'sequential-item-knn', 'session-knn', 'group-affinity'] as const;
/** The tutorial's model, as it is headlined: CBOW, the last item. */
const TUTORIAL = 'prod2vec-min-count-3';

/** HR@10 and NDCG@10 as published (first use of the split: Kang & McAuley 2018; figures of S3-Rec, ICLRec, BSARec, WEARec). */
const PUBLISHED: readonly (readonly [string, number, number])[] = [
  ['PopRec', 0.0152, 0.0068],
  ['GRU4Rec', 0.0283, 0.0137],
  ['Caser', 0.0347, 0.0176],
  ['BERT4Rec', 0.0347, 0.017],
  ['SASRec', 0.0605, 0.0318],
  ['S3-Rec', 0.0647, 0.0327],
  ['ICLRec', 0.0744, 0.0403],
  ['BSARec', 0.1008, 0.0611],
  ['WEARec', 0.1041, 0.0614],
];

const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
const Metrics = z.looseObject({ 'hitRate@10': Estimate, 'hitRate@100': Estimate, 'ndcg@10': Estimate });
const Shown = z.object({
  metrics: z.object({ validation: z.record(z.string(), Metrics), test: z.record(z.string(), Metrics) }),
});
type Shown = z.infer<typeof Shown>;
type MetricName = 'hitRate@10' | 'hitRate@100' | 'ndcg@10';

/** One run of the command line, in a store of its own. */
async function measure(data: string, options: readonly string[]): Promise<Shown> {
  const store = mkdtempSync(path.join(os.tmpdir(), 'recsys-bench-'));
  const cli = async (args: readonly string[]): Promise<string> => {
    const command = ['dist/cli.mjs', ...args, '--store', store];
    return (await promisify(execFile)(process.execPath, command, { maxBuffer: 1 << 28 })).stdout;
  };
  try {
    await cli(['run', data, '--json', '--max-workers', '1', ...options]);
    return Shown.parse(JSON.parse(await cli(['show', 'latest', '--json'])));
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

/** All of the given work, in order, so much of it at once. */
async function sideBySide<Result>(work: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = work.map((start, place) => async () => {
    results[place] = await start();
  });
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function valueOf(
  runs: readonly Shown[],
  part: 'validation' | 'test',
  model: string,
  metric: MetricName,
): number {
  return mean(runs.map(({ metrics }) => metrics[part][model]?.[metric].value ?? NaN));
}

function pair(
  runs: readonly Shown[],
  part: 'validation' | 'test',
  model: string,
  second: MetricName,
): string {
  return `${valueOf(runs, part, model, 'hitRate@10').toFixed(4)} / ${valueOf(runs, part, model, second).toFixed(4)}`;
}

function spread(runs: readonly Shown[], model: string, second: MetricName): string {
  if (runs.length === 1) {
    const estimate = runs[0]?.metrics.test[model]?.['hitRate@10'];
    return `95 % of HR@10 ${(estimate?.low ?? NaN).toFixed(4)} to ${(estimate?.high ?? NaN).toFixed(4)}`;
  }
  return `seeds: ${runs.map((run) => pair([run], 'test', model, second)).join(', ')}`;
}

/** Those of the models that the runs have; without a group column there is no group affinity. */
const modelsOf = (runs: readonly Shown[]): readonly string[] =>
  MODELS.filter((model) => runs.every(({ metrics }) => model in metrics.test));

function beautyRows(runs: readonly Shown[]): ResultRow[] {
  const ours = modelsOf(runs).map((model) => ({
    what: `Amazon Beauty, HR@10 / NDCG@10: ${model}`,
    ours: pair(runs, 'test', model, 'ndcg@10'),
    reference: 'WEARec 0.1041 / 0.0614, published',
    ratio: valueOf(runs, 'test', model, 'hitRate@10') / 0.1041,
    note: `validation ${pair(runs, 'validation', model, 'ndcg@10')}; ${spread(runs, model, 'ndcg@10')}`,
    ...(model === 'blend' ? { target: 1 } : {}),
  }));
  const best = valueOf(runs, 'test', 'blend', 'hitRate@10');
  const published = PUBLISHED.map(([name, hitRate, ndcg]) => ({
    what: `Amazon Beauty, HR@10 / NDCG@10: blend against ${name}`,
    ours: pair(runs, 'test', 'blend', 'ndcg@10'),
    reference: `${name} ${hitRate.toFixed(4)} / ${ndcg.toFixed(4)}, published`,
    ratio: best / hitRate,
  }));
  return [...ours, ...published];
}

interface Reach {
  readonly 'hitRate@10': number;
  readonly 'hitRate@100': number;
}

function sampleRows(runs: readonly Shown[], split: string, reach: Reach): ResultRow[] {
  const reached = (['hitRate@10', 'hitRate@100'] as const).map((metric) => {
    const value = valueOf(runs, 'test', 'blend', metric);
    return {
      what: `sample split by ${split}, ${metric}: blend against the figure set`,
      ours: value.toFixed(4),
      reference: String(reach[metric]),
      ratio: value / reach[metric],
      target: 1,
    };
  });
  const ours = modelsOf(runs).map((model) => ({
    what: `sample split by ${split}, HR@10 / HR@100, seen items kept: ${model}`,
    ours: pair(runs, 'test', model, 'hitRate@100'),
    reference: `prod2vec CBOW, last item ${pair(runs, 'test', TUTORIAL, 'hitRate@100')}`,
    ratio: valueOf(runs, 'test', model, 'hitRate@100') / valueOf(runs, 'test', TUTORIAL, 'hitRate@100'),
    note: `validation ${pair(runs, 'validation', model, 'hitRate@100')}; ${spread(runs, model, 'hitRate@100')}`,
  }));
  return [...ours, ...reached];
}

export async function run(): Promise<BenchResult> {
  const models = 'recency-encoder,sequential-item-knn,session-knn,group-affinity,blend';
  const sample = (split: string, seed: number) => () =>
    measure(SAMPLE, [
      ...['--models', `${models},prod2vec`, '--sets', '[{"min_count":3}]'],
      ...['--split', split, '--seed', String(seed)],
    ]);
  const hasBeauty = existsSync(BEAUTY);
  if (!hasBeauty) console.log(`Amazon Beauty is skipped: ${BEAUTY} is not there (set RECSYS_BEAUTY).`);
  const beauty = (hasBeauty ? SEEDS : []).map(
    (seed) => () => measure(BEAUTY, ['--split', 'leave-one-out', '--models', models, '--seed', String(seed)]),
  );
  const byUser = USER_SEEDS.map((seed) => sample('user', seed));
  const results = await sideBySide([sample('sequence', SAMPLE_SEED), ...byUser, ...beauty]);
  const [byPlaylist, ...others] = results;
  const users = others.slice(0, USER_SEEDS.length);
  const beauties = others.slice(USER_SEEDS.length);
  const rows = [
    ...(hasBeauty ? beautyRows(beauties) : []),
    ...sampleRows(byPlaylist === undefined ? [] : [byPlaylist], 'playlist', {
      'hitRate@10': 0.097,
      'hitRate@100': 0.48,
    }),
    ...sampleRows(users, 'user', { 'hitRate@10': 0.025, 'hitRate@100': 0.12 }),
  ];
  for (const { what, ours, reference, note } of rows)
    console.log(`${what}: ${ours} (${reference})${note === undefined ? '' : `; ${note}`}`);
  return {
    about: `Default settings of \`recsys run\`, everything chosen on validation. Amazon Beauty: leave-one-out, full ranking, items of the query removed, pessimistic ties, mean of seeds ${SEEDS.join(', ')}. The sample: every fifth position and the last of each test playlist, out-of-vocabulary targets are misses; by playlist seed ${SAMPLE_SEED}, by user the mean of seeds ${USER_SEEDS.join(', ')}, which are other splits. Ratios are of HR@10 on Amazon Beauty and of HR@100 on the sample.`,
    rows,
  };
}
