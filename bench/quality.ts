/**
 * How good the default settings are, by the product's own command: each run is a process in a store of its own, all choices are
 * made on validation, and the test part is read once, when the run ends.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { eachAtMost } from '../src/pipeline/each-at-most.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

/** Runs side by side, each on one thread. */
const AT_ONCE = 2;

const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
const Metrics = z.record(z.string(), z.union([Estimate, z.unknown()]));
const Shown = z.object({
  metrics: z.object({ validation: z.record(z.string(), Metrics), test: z.record(z.string(), Metrics) }),
});
type Shown = z.infer<typeof Shown>;
type Part = keyof Shown['metrics'];

/** Names of two metrics of a report, and how tables call them. */
export interface MetricPair {
  readonly names: readonly [string, string];
  readonly heads: string;
}

/** A published model, or figures that the project set itself. */
export interface Figures {
  readonly name: string;
  readonly values: readonly [number, number];
}

/** Data, as they are asked, and what is to be reached. */
export interface QualityTask {
  /** What the data are and how they are split. */
  readonly title: string;
  readonly data: string;
  readonly options: readonly string[];
  readonly seeds: readonly number[];
  /** Branches whose figures are shown; the first is the headline. */
  readonly models: readonly [string, ...string[]];
  readonly metrics: MetricPair;
  /** The best published first; empty where nothing is published. */
  readonly published: readonly Figures[];
  /** Figures that the project set itself. */
  readonly reach: readonly [number, number];
}

/** One run of the command line. */
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

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Figures of one model in the runs of a task. */
class Measured {
  private readonly runs: readonly Shown[];
  private readonly metrics: MetricPair;

  constructor(runs: readonly Shown[], metrics: MetricPair) {
    this.runs = runs;
    this.metrics = metrics;
  }

  /** Of the models asked for those that the runs have: without a group column there is no group affinity. */
  among(models: readonly string[]): readonly string[] {
    return models.filter((model) => this.runs.every(({ metrics }) => model in metrics.test));
  }

  values(part: Part, model: string, runs = this.runs): [number, number] {
    const [first, second] = this.metrics.names;
    return [
      mean(runs.map((run) => estimateOf(run, part, model, first).value)),
      mean(runs.map((run) => estimateOf(run, part, model, second).value)),
    ];
  }

  /** Of several seeds each one's figures; of one the interval of the first metric. */
  spread(model: string): string {
    const [only, ...others] = this.runs;
    if (only !== undefined && others.length === 0) {
      const { low, high } = estimateOf(only, 'test', model, this.metrics.names[0]);
      return `95 %: ${low.toFixed(4)} to ${high.toFixed(4)}`;
    }
    return `seeds: ${this.runs.map((run) => pairText(this.values('test', model, [run]))).join(', ')}`;
  }
}

function estimateOf(run: Shown, part: Part, model: string, metric: string): z.infer<typeof Estimate> {
  const found = Estimate.safeParse(run.metrics[part][model]?.[metric]);
  if (!found.success) throw new Error(`the run has no ${metric} of ${model} on ${part}`);
  return found.data;
}

const pairText = (values: readonly [number, number]): string =>
  values.map((value) => value.toFixed(4)).join(' / ');

function rowsOf(task: QualityTask, measured: Measured): ResultRow[] {
  const [headline] = task.models;
  const best = measured.values('test', headline);
  const [leader] = task.published;
  const compared = leader ?? { name: 'set', values: task.reach };
  const what = `${task.title}, ${task.metrics.heads}`;
  const models = measured.among(task.models).map((model): ResultRow => {
    const values = measured.values('test', model);
    return {
      what: `${what}: ${model}`,
      ours: pairText(values),
      reference: `${compared.name} ${pairText(compared.values)}`,
      ratio: values[0] / compared.values[0],
      note: `validation ${pairText(measured.values('validation', model))}; ${measured.spread(model)}`,
    };
  });
  const set = task.reach.map((value, at): ResultRow => ({
    what: `${what.replace(task.metrics.heads, task.metrics.names[at] ?? '')}: ${headline} against the figure set`,
    ours: (best[at] ?? NaN).toFixed(4),
    reference: String(value),
    ratio: (best[at] ?? NaN) / value,
    target: 1,
  }));
  const published = task.published.map(({ name, values }): ResultRow => ({
    what: `${what}: ${headline} against ${name}`,
    ours: pairText(best),
    reference: `${name} ${pairText(values)}, published`,
    ratio: best[0] / values[0],
  }));
  return [...models, ...set, ...published];
}

/**
 * Runs every task with each of its seeds; data that are not there are skipped, and said.
 * @param about what the tasks have in common: how queries are made and ranked
 */
export async function measureQuality(tasks: readonly QualityTask[], about: string): Promise<BenchResult> {
  const there = tasks.filter(({ data, title }) => {
    const isThere = existsSync(data.includes('*') ? path.dirname(data) : data);
    if (!isThere) console.log(`${title} is skipped: ${data} is not there.`);
    return isThere;
  });
  const work = there.flatMap((task) =>
    task.seeds.map((seed) => async () => {
      const shown = await measure(task.data, [...task.options, '--seed', String(seed)]);
      const values = new Measured([shown], task.metrics).values('test', task.models[0]);
      console.log(`${task.title}, seed ${seed}: ${task.models[0]} ${pairText(values)}`);
      return { task, shown };
    }),
  );
  const runs = await eachAtMost(AT_ONCE, work, (start) => start());
  const rows = there.flatMap((task) => {
    const own = runs.filter((run) => run.task === task).map(({ shown }) => shown);
    return rowsOf(task, new Measured(own, task.metrics));
  });
  for (const { what, ours, reference, note } of rows)
    console.log(`${what}: ${ours} (${reference})${note === undefined ? '' : `; ${note}`}`);
  return {
    about: `Settings that \`recsys run\` finds by itself, everything chosen on validation, the test part read once a run. ${about} Ratios are of the first metric.`,
    rows,
  };
}
