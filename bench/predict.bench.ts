/**
 * `recsys predict` over a file of many queries: rows a second, and the peak memory of all its processes, beside the same in
 * Python (DuckDB, NumPy, pyarrow) with the vectors of the same model.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { withDuckDB } from '../src/pipeline/data/duckdb-session.ts';
import { nameOf, quoteText } from '../src/pipeline/data/sql-text.ts';
import { measureTree, type TreeMeasure } from './process-tree.ts';
import { trainQuickly } from './quick-encoder.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
const QUERIES = Number(process.env['RECSYS_BENCH_QUERIES'] ?? 1_000_000);
const MODELS = ['sequential-item-knn', 'recency-encoder'] as const;
const K = 10;
/** MiB that predictions may take, and are held to. */
const MEMORY_MIB = 2048;

const Count = z.object({ queries: z.number(), rows: z.number() });
type Count = z.infer<typeof Count>;

function cli(args: readonly string[]): void {
  execFileSync(process.execPath, ['dist/cli.mjs', ...args], { stdio: 'ignore' });
}

/** Windows of one to eight items of the sample's playlists, all with a number of their own. */
async function writeQueries(file: string): Promise<Count> {
  const item = nameOf(['artist', 'track'].map((column) => `"${column}"`));
  const windows = `WITH rows AS (
      SELECT ${item} AS item, dense_rank() OVER (ORDER BY user_id, playlist) - 1 AS list, row_id
      FROM read_parquet(${quoteText(SAMPLE)})
    ), lists AS (SELECT list, list(item ORDER BY row_id) AS items FROM rows GROUP BY list),
    asked AS (
      SELECT q AS query, items, 1 + q % 8 AS length, hash(q) % len(items) AS begins
      FROM range(${QUERIES}) t(q) JOIN lists ON list = q % (SELECT count(*) FROM lists)
    )
    SELECT query, unnest(list_slice(items, begins + 1, begins + length)) AS item,
      generate_subscripts(list_slice(items, begins + 1, begins + length), 1) AS position FROM asked ORDER BY query, position`;
  return await withDuckDB({ memoryLimit: 4096, threads: 2 }, async (session) => {
    await session.run(`COPY (${windows}) TO ${quoteText(file)} (FORMAT parquet)`);
    const counted = `SELECT count(DISTINCT query)::DOUBLE AS queries, count(*)::DOUBLE AS rows FROM read_parquet(${quoteText(file)})`;
    return await session.row(counted, Count);
  });
}

const told = (measure: TreeMeasure, { rows, queries }: Count): string =>
  `${rate(rows / measure.seconds)} rows/s (${rate(queries / measure.seconds)} queries/s), ${Math.round(measure.peak / 2 ** 20)} MiB at the peak`;

const rate = (perSecond: number): string => Math.round(perSecond).toLocaleString('en');

function predicted(store: string, model: string, folder: string, threads: number): Promise<TreeMeasure> {
  return measureTree(process.execPath, [
    ...['dist/cli.mjs', 'predict', 'latest', '--store', store, '--model', model, '--force', '-k', String(K)],
    ...['--input', path.join(folder, 'queries.parquet'), '--output', path.join(folder, 'ours.parquet')],
    ...['--sequence', 'query', '--item', 'item', '--order', 'position'],
    ...['--threads', String(threads), '--memory-limit', String(MEMORY_MIB)],
  ]);
}

/** @throws Error where fewer queries were answered than asked: what is left out is quick */
async function requireAll(file: string, { queries }: Count): Promise<void> {
  const sql = `SELECT count(*)::DOUBLE AS n FROM read_parquet(${quoteText(file)}) WHERE len(items) = ${K}`;
  const { n } = await withDuckDB({ memoryLimit: 1024, threads: 2 }, (session) =>
    session.row(sql, z.object({ n: z.number() })),
  );
  if (n !== queries) throw new Error(`${file}: ${n} of ${queries} queries have a list of ${K} items`);
}

async function rowsOf(
  store: string,
  model: string,
  folder: string,
  count: Count,
  python: TreeMeasure | undefined,
): Promise<ResultRow[]> {
  const threads = os.availableParallelism();
  const all = await predicted(store, model, folder, threads);
  await requireAll(path.join(folder, 'ours.parquet'), count);
  const one = await predicted(store, model, folder, 1);
  const rows: ResultRow[] = [
    {
      what: `${model}: a file of ${rate(count.queries)} queries, ${threads} threads`,
      ours: told(all, count),
      reference: `one thread: ${told(one, count)}`,
      ratio: one.seconds / all.seconds,
    },
    {
      what: `${model}: memory against what it may take`,
      ours: `${Math.round(all.peak / 2 ** 20)} MiB at the peak`,
      reference: `--memory-limit ${MEMORY_MIB}`,
      ratio: (MEMORY_MIB * 2 ** 20) / all.peak,
      target: 1,
    },
  ];
  if (python !== undefined)
    rows.push({
      what: `${model}: the same against DuckDB, NumPy and pyarrow with the model's vectors`,
      ours: told(all, count),
      reference: told(python, count),
      ratio: python.seconds / all.seconds,
    });
  for (const { what, ours, reference, ratio } of rows)
    console.log(`${what}: ${ours}; ${reference}: ${ratio.toFixed(2)} ×`);
  return rows;
}

export async function run(): Promise<BenchResult> {
  const interpreter = process.env['RECSYS_PYTHON'] ?? 'python3';
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-bench-predict-'));
  try {
    const { store, vectors } = trainQuickly(cli, { data: SAMPLE, models: MODELS, folder });
    const queries = path.join(folder, 'queries.parquet');
    const count = await writeQueries(queries);
    const target = path.join(folder, 'python.parquet');
    const python = await measureTree(interpreter, ['bench/python/predict.py', queries, vectors, target]);
    await requireAll(target, count);
    const rows: ResultRow[] = [];
    for (const model of MODELS)
      rows.push(
        ...(await rowsOf(store, model, folder, count, model === 'recency-encoder' ? python : undefined)),
      );
    const items = fs
      .readFileSync(path.join(folder, 'vectors.names.txt'), 'utf8')
      .trimEnd()
      .split('\n').length;
    return {
      rows,
      about: `${SAMPLE}: ${rate(count.queries)} queries, windows of 1 to 8 items of its playlists, ${rate(count.rows)} rows in all; ${rate(items)} items with vectors of 64 numbers; ${K} items a list, to parquet. Time is of the whole command, its start too; the peak is that of all its processes.`,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
