/** The whole job on the sample (prepare, three sets of prod2vec, evaluate) against the same job in Python. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import type { BenchResult, ResultRow } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
/** What the program it is compared with does. */
const TUTORIAL_SPLIT = ['--split', 'sequence'];
const POSITIONS = 'every:5';
const ROUNDS = 3;
/** The default set takes minutes, so it is asked for. */
const DEFAULT_SET_ASKED = process.env['RECSYS_BENCH_DEFAULT'] === '1';
const BASELINES_TOO = 'prod2vec,sequential-item-knn,popularity,group-popularity,markov';

const PythonResult = z.object({ inside: z.number(), testHitRate: z.number() });
/** gensim's workers and BLAS get one thread a process: with more they slow each other down. */
const PYTHON_ENV = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

function seconds(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

function runPython(python: string): { seconds: number; hitRate: number } {
  let output = '';
  const wall = seconds(() => {
    output = execFileSync(
      python,
      ['bench/python/whole_job.py', SAMPLE, POSITIONS, String(os.availableParallelism())],
      {
        encoding: 'utf8',
        env: { ...process.env, ...PYTHON_ENV },
      },
    );
  });
  return { seconds: wall, hitRate: PythonResult.parse(JSON.parse(output)).testHitRate };
}

/** In a fresh store, so that nothing is reused. */
function runOurs(extra: readonly string[]): { seconds: number; hitRate: number } {
  const store = mkdtempSync(path.join(os.tmpdir(), 'recsys-bench-'));
  try {
    const cli = (args: readonly string[]) =>
      execFileSync(process.execPath, ['dist/cli.mjs', ...args, '--store', store], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const wall = seconds(() =>
      cli(['run', SAMPLE, ...TUTORIAL_SPLIT, '--positions', POSITIONS, '--json', ...extra]),
    );
    const shown = z.object({
      bestEmbedding: z.string(),
      metrics: z.object({
        test: z.record(z.string(), z.looseObject({ 'hitRate@100': z.object({ value: z.number() }) })),
      }),
    });
    const { bestEmbedding, metrics } = shown.parse(JSON.parse(cli(['show', 'latest', '--json'])));
    return { seconds: wall, hitRate: metrics.test[bestEmbedding]?.['hitRate@100'].value ?? 0 };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function defaultSetRow(reference: number): ResultRow {
  const { seconds: today } = runOurs([]);
  return {
    what: 'the default set: these, the recency encoder tuning itself for its minute, session kNN, and the blend',
    ours: `${today.toFixed(1)} s`,
    reference: `${reference.toFixed(1)} s`,
    ratio: reference / today,
    note: 'run once; Python does only the three sets, one gensim CBOW each',
  };
}

export function run(): BenchResult {
  const python = process.env['RECSYS_PYTHON'] ?? 'python3';
  const rounds = Array.from({ length: ROUNDS }, () => ({
    python: runPython(python),
    same: runOurs(['--models', 'prod2vec']),
    all: runOurs(['--models', BASELINES_TOO]),
  }));
  const reference = median(rounds.map((round) => round.python.seconds));
  const rate = (pick: 'python' | 'same') => median(rounds.map((round) => round[pick].hitRate)).toFixed(4);
  const row = (what: string, pick: 'same' | 'all', target?: number) => ({
    what,
    ours: `${median(rounds.map((round) => round[pick].seconds)).toFixed(1)} s`,
    reference: `${reference.toFixed(1)} s`,
    ratio: median(rounds.map((round) => round.python.seconds / round[pick].seconds)),
    ...(target === undefined ? {} : { target }),
  });
  const rows = [
    {
      ...row('prepare, three sets of prod2vec, evaluate', 'same', 4),
      note: `hit rate@100 on test ${rate('same')}, Python ${rate('python')} on a split of its own`,
    },
    {
      ...row('the same and item-kNN with tuning, popularity, artist popularity, Markov, all compared', 'all'),
      note: 'Python does only the three sets',
    },
    ...(DEFAULT_SET_ASKED ? [defaultSetRow(reference)] : []),
  ];
  for (const { what, ours, reference: theirs, ratio } of rows)
    console.log(`${what}: ${ours}, Python ${theirs}: ${ratio.toFixed(2)} ×`);
  return {
    about: `Whole commands, median of ${ROUNDS} rounds in turn; ${SAMPLE}, positions ${POSITIONS}. Python: DuckDB, pandas, gensim 4.4 for three sets in a pool of ${os.availableParallelism()} processes, a loop over most_similar (validation of each set, test of the best). Ours also evaluates every query rule, both treatments of seen items, intervals and paired tests, on both splits.`,
    rows,
  };
}
