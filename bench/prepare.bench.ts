/** Preparing 10 M generated rows against the tutorial's query with DuckDB and pandas, and 100 M when asked for. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { locateFiles } from '../src/pipeline/data/locate-files.ts';
import { hashContent } from '../src/pipeline/store/content-hash.ts';
import { generateRows } from './generate-rows.ts';
import { measureTree } from './process-tree.ts';
import type { TreeMeasure } from './process-tree.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const ROWS = 10_000_000;
const ROUNDS = 3;
const THREADS = 2;
const LIMIT_MB = 4096;
/** 100 M rows take several minutes and 20 GB of disk, so they are asked for: RECSYS_BENCH_100M=1. */
const LARGE = { rows: 100_000_000, limit: 8192, asked: process.env['RECSYS_BENCH_100M'] === '1' };

async function ours(data: string, limit: number, scratch: string): Promise<TreeMeasure> {
  const store = mkdtempSync(path.join(scratch, 'store-'));
  const args = [
    'prepare',
    data,
    '--split',
    'sequence',
    '--store',
    store,
    '--threads',
    String(THREADS),
    '--memory-limit',
    String(limit),
    '--json',
  ];
  const measure = await measureTree(process.execPath, ['dist/cli.mjs', ...args]);
  rmSync(store, { recursive: true, force: true });
  return measure;
}

async function tutorial(
  python: string,
  data: string,
  work: 'step' | 'query' | 'needed',
): Promise<TreeMeasure> {
  return await measureTree(python, ['bench/python/prepare.py', data, String(THREADS), work]);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const seconds = (measures: readonly TreeMeasure[]): number =>
  median(measures.map((measure) => measure.seconds));
const peak = (measures: readonly TreeMeasure[]): number =>
  Math.max(...measures.map((measure) => measure.peak));
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

function rowsAgainst(
  what: string,
  own: readonly TreeMeasure[],
  theirs: readonly TreeMeasure[],
  targets: boolean,
): ResultRow[] {
  return [
    {
      what: `prepare 10 M rows, time (${what})`,
      ours: `${seconds(own).toFixed(1)} s`,
      reference: `${seconds(theirs).toFixed(1)} s`,
      ratio: seconds(theirs) / seconds(own),
      ...(targets ? { target: 3 } : {}),
    },
    {
      what: `prepare 10 M rows, peak memory (${what})`,
      ours: gigabytes(peak(own)),
      reference: gigabytes(peak(theirs)),
      ratio: peak(theirs) / peak(own),
      ...(targets ? { target: 3 } : {}),
    },
  ];
}

/** Median seconds of hashing the data whole, as a run does whose data it has not seen. */
async function hashing(data: string): Promise<number> {
  const files = await locateFiles(data);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    for (const { path: file } of files) await hashContent(file);
    times.push((performance.now() - begun) / 1000);
  }
  return median(times);
}

function hashingRow(hashed: number, prepared: number): ResultRow {
  return {
    what: 'prepare 10 M rows: its time over that of hashing the data whole',
    ours: `${(1000 * hashed).toFixed(0)} ms`,
    reference: `${prepared.toFixed(1)} s`,
    ratio: prepared / hashed,
    target: 10,
  };
}

const LARGE_ROW = 'prepare 100 M rows within 8 GB (GB allowed over GB used)';

/** The last row of 100 M rows, which tells its own day, for when it is not asked for again. */
function keptLarge(): ResultRow[] {
  if (!existsSync('docs/benchmarks.json')) return [];
  const kept = JSON.parse(readFileSync('docs/benchmarks.json', 'utf8')) as {
    prepare?: { rows: ResultRow[] };
  };
  return kept.prepare?.rows.filter((row) => row.what === LARGE_ROW) ?? [];
}

async function large(scratch: string): Promise<ResultRow> {
  const data = await generateRows(path.join(scratch, 'rows-100m'), LARGE.rows);
  const measure = await ours(data, LARGE.limit, scratch);
  return {
    what: LARGE_ROW,
    ours: `${gigabytes(measure.peak)}, ${measure.seconds.toFixed(0)} s`,
    reference: '8.59 GB',
    ratio: (LARGE.limit * 2 ** 20) / measure.peak,
    target: 1,
    note: `RECSYS_BENCH_100M=1, ${new Date().toISOString().slice(0, 10)}`,
  };
}

export async function run(): Promise<BenchResult> {
  const python = process.env['RECSYS_PYTHON'] ?? 'python3';
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'recsys-bench-prepare-'));
  try {
    const data = await generateRows(path.join(scratch, 'rows-10m'), ROWS);
    // One reading by each, so that the file is in the page cache for all that is measured.
    await ours(data, LIMIT_MB, scratch);
    const rounds: { own: TreeMeasure; step: TreeMeasure; query: TreeMeasure; needed: TreeMeasure }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        own: await ours(data, LIMIT_MB, scratch),
        step: await tutorial(python, data, 'step'),
        query: await tutorial(python, data, 'query'),
        needed: await tutorial(python, data, 'needed'),
      });
    }
    const own = rounds.map((round) => round.own);
    const of = (work: 'step' | 'query' | 'needed') => rounds.map((round) => round[work]);
    const rows = [
      ...rowsAgainst("the tutorial's query, best settings", own, of('query'), true),
      ...rowsAgainst("the tutorial's whole step as it stands", own, of('step'), false),
      ...rowsAgainst('only the column it needs', own, of('needed'), false),
      hashingRow(await hashing(data), seconds(own)),
      ...(LARGE.asked ? [await large(scratch)] : keptLarge()),
    ];
    for (const row of rows)
      console.log(`${row.what}: ${row.ours}, reference ${row.reference}: ${row.ratio.toFixed(2)} ×`);
    return {
      about: `Whole commands; time: median of ${ROUNDS} rounds in turn, memory: the largest sum of peaks of all processes. ${ROWS / 1e6} M rows made from the sample with new names of users, playlists, artists and tracks (2.2 M distinct items). Ours: recsys prepare, ${THREADS} threads, --memory-limit ${LIMIT_MB}, profile and run store included. Reference: bench/python/prepare.py, DuckDB 1.5.5 and pandas, ${THREADS} threads, no limit; it ends with data frames in memory, ours with files on disk, hashed and flushed.`,
      rows,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
