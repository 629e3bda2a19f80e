/**
 * How good the default settings are, by the product's own command, against published tables and the tutorial's model:
 * Amazon Beauty by leave-one-out (three seeds), and the sample split by playlist and by user. All choices are made on
 * validation; each run reads the test part once, when it ends.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import type { BenchResult, ResultRow } from './result-row.ts';

const BEAUTY = process.env['RECSYS_BEAUTY'] ?? '../shared/data/amazon-beauty.txt';
const SAMPLE = 'samples/playlists.parquet';
const SEEDS = [1, 2, 3];
const SAMPLE_SEED = 42;
const MODELS = ['blend', 'recency-encoder', 'sequential-item-knn'] as const;
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

interface Measured {
  readonly shown: Shown;
  readonly seconds: number;
}

/** One run of the command line, in a store of its own. */
function measure(data: string, options: readonly string[]): Measured {
  const store = mkdtempSync(path.join(os.tmpdir(), 'recsys-bench-'));
  const cli = (args: readonly string[]): string =>
    execFileSync(process.execPath, ['dist/cli.mjs', ...args, '--store', store], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  try {
    const started = performance.now();
    cli(['run', data, '--json', ...options]);
    const seconds = (performance.now() - started) / 1000;
    return { shown: Shown.parse(JSON.parse(cli(['show', 'latest', '--json']))), seconds };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function valueOf(
  runs: readonly Measured[],
  part: 'validation' | 'test',
  model: string,
  metric: MetricName,
): number {
  return mean(runs.map(({ shown }) => shown.metrics[part][model]?.[metric].value ?? NaN));
}

function pair(
  runs: readonly Measured[],
  part: 'validation' | 'test',
  model: string,
  second: MetricName,
): string {
  return `${valueOf(runs, part, model, 'hitRate@10').toFixed(4)} / ${valueOf(runs, part, model, second).toFixed(4)}`;
}

function spread(runs: readonly Measured[], model: string): string {
  if (runs.length === 1) {
    const estimate = runs[0]?.shown.metrics.test[model]?.['hitRate@10'];
    return `95 % of HR@10 ${(estimate?.low ?? NaN).toFixed(4)} to ${(estimate?.high ?? NaN).toFixed(4)}`;
  }
  return `seeds: ${runs.map((run) => pair([run], 'test', model, 'ndcg@10')).join(', ')}`;
}

function beautyRows(runs: readonly Measured[]): ResultRow[] {
  const ours = MODELS.map((model) => ({
    what: `Amazon Beauty, HR@10 / NDCG@10: ${model}`,
    ours: pair(runs, 'test', model, 'ndcg@10'),
    reference: 'WEARec 0.1041 / 0.0614, published',
    ratio: valueOf(runs, 'test', model, 'hitRate@10') / 0.1041,
    note: `validation ${pair(runs, 'validation', model, 'ndcg@10')}; ${spread(runs, model)}`,
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

function sampleRows(runs: readonly Measured[], split: string, reach: number): ResultRow[] {
  return MODELS.map((model) => ({
    what: `sample split by ${split}, HR@10 / HR@100, seen items kept: ${model} (HR@100 to reach: ${reach})`,
    ours: pair(runs, 'test', model, 'hitRate@100'),
    reference: `prod2vec CBOW, last item ${pair(runs, 'test', TUTORIAL, 'hitRate@100')}`,
    ratio: valueOf(runs, 'test', model, 'hitRate@100') / valueOf(runs, 'test', TUTORIAL, 'hitRate@100'),
    note: `validation ${pair(runs, 'validation', model, 'hitRate@100')}; ${spread(runs, model)}`,
  }));
}

export function run(): BenchResult {
  const rows: ResultRow[] = [];
  const times: string[] = [];
  const models = 'recency-encoder,sequential-item-knn,blend';
  if (existsSync(BEAUTY)) {
    const runs = SEEDS.map((seed) =>
      measure(BEAUTY, ['--split', 'leave-one-out', '--models', models, '--seed', String(seed)]),
    );
    rows.push(...beautyRows(runs));
    times.push(`Amazon Beauty ${mean(runs.map(({ seconds }) => seconds)).toFixed(0)} s a run`);
  } else console.log(`Amazon Beauty is skipped: ${BEAUTY} is not there (set RECSYS_BEAUTY).`);
  for (const [split, option, reach] of [
    ['playlist', 'sequence', 0.48],
    ['user', 'user', 0.12],
  ] as const) {
    const options = ['--models', `${models},prod2vec`, '--sets', '[{"min_count":3}]'];
    const result = measure(SAMPLE, [...options, '--split', option, '--seed', String(SAMPLE_SEED)]);
    rows.push(...sampleRows([result], split, reach));
    times.push(`the sample by ${split} ${result.seconds.toFixed(0)} s`);
  }
  for (const { what, ours, reference, note } of rows)
    console.log(`${what}: ${ours} (${reference})${note === undefined ? '' : `; ${note}`}`);
  return {
    about: `Default settings of \`recsys run\`, everything chosen on validation. Amazon Beauty: leave-one-out, full ranking, items of the query removed, pessimistic ties, mean of seeds ${SEEDS.join(', ')}. The sample: seed ${SAMPLE_SEED}, every fifth position and the last of each test playlist, out-of-vocabulary targets are misses. Times of whole commands: ${times.join('; ')}. Ratios are of HR@10 on Amazon Beauty and of HR@100 on the sample.`,
    rows,
  };
}
