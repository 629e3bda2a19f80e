/**
 * Exact top-100 of 20,000 queries among 100,000 trained vectors of 48 dimensions against faiss-cpu's flat index and a loop
 * over gensim's most_similar, results compared; and the time of a single query.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { readNpy, writeNpy } from '../src/pipeline/data/npy.ts';
import { ExactIndex } from '../src/pipeline/neighbours/exact-index.ts';
import type { SearchResult } from '../src/pipeline/neighbours/neighbour-index.ts';
import { normalise } from '../src/pipeline/neighbours/normalise.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
const ITEMS = 100_000;
const DIMENSIONS = 48;
const QUERIES = 20_000;
const GENSIM_QUERIES = 300;
const K = 100;
/** As evaluation and neighbours search: in one thread. */
const THREADS = 1;
const ROUNDS = 3;
/** Scores of the two sides are sums in different orders. */
const TOLERANCE = 2e-6;

const FaissTimes = z.object({
  seconds: z.number(),
  build: z.number(),
  p50: z.number(),
  p95: z.number(),
  version: z.string(),
});
const GensimTime = z.object({ seconds: z.number(), version: z.string() });

const python = (args: readonly string[]): string =>
  execFileSync(process.env['RECSYS_PYTHON'] ?? 'python3', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;

/** Data of one case on disk, as the peers read them, and in memory. */
interface Case {
  readonly name: string;
  readonly vectorsFile: string;
  readonly queriesFile: string;
  readonly vectors: Float32Array;
  readonly queries: Float32Array;
}

/** Query rows spread over the catalogue, frequent and rare items alike. */
async function makeCase(folder: string, name: string, vectorsFile: string): Promise<Case> {
  const { array: vectors } = await readNpy(vectorsFile, Float32Array);
  const rows = Int32Array.from({ length: QUERIES }, (_, i) => (i * 7919) % ITEMS);
  const queriesFile = path.join(folder, 'queries.npy');
  await writeNpy(queriesFile, rows);
  const queries = new Float32Array(QUERIES * DIMENSIONS);
  rows.forEach((row, q) => {
    queries.set(vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS), q * DIMENSIONS);
  });
  return { name, vectorsFile, queriesFile, vectors, queries };
}

/** RECSYS_TOPK_VECTORS names a file that `topk_vectors.py` wrote before, and saves its minutes. */
async function trainedVectors(folder: string): Promise<Case> {
  const given = process.env['RECSYS_TOPK_VECTORS'];
  if (given !== undefined) return makeCase(folder, 'trained vectors', given);
  const file = path.join(folder, 'trained.npy');
  console.log(`training ${ITEMS} vectors with gensim …`);
  python(['bench/python/topk_vectors.py', SAMPLE, file, String(ITEMS)]);
  return makeCase(folder, 'trained vectors', file);
}

async function randomVectors(folder: string): Promise<Case> {
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const vectors = Float32Array.from(
    { length: ITEMS * DIMENSIONS },
    () => uniform() + uniform() + uniform() + uniform() - 2,
  );
  normalise(vectors, DIMENSIONS);
  const file = path.join(folder, 'random.npy');
  await writeNpy(file, vectors, [ITEMS, DIMENSIONS]);
  return makeCase(folder, 'random vectors', file);
}

/** Rows one side has and the other has not, though their scores are clearly above the last one's. */
function missing(rows: Int32Array, scores: Float32Array, last: number, others: ReadonlySet<number>): number {
  let count = 0;
  rows.forEach((row, i) => {
    if (!others.has(row) && (scores[i] ?? NaN) > last + TOLERANCE) count++;
  });
  return count;
}

/** Counts results that differ from those faiss wrote by more than ties: a row, or a score at its place. */
async function differences(ours: SearchResult, prefix: string): Promise<number> {
  const { array: rows } = await readNpy(`${prefix}rows.npy`, Int32Array);
  const { array: scores } = await readNpy(`${prefix}scores.npy`, Float32Array);
  let different = ours.scores.filter(
    (score, i) => !(Math.abs(score - (scores[i] ?? NaN)) <= TOLERANCE),
  ).length;
  for (let start = 0; start < rows.length; start += K) {
    const here = ours.rows.subarray(start, start + K);
    const there = rows.subarray(start, start + K);
    const last = Math.max(scores[start + K - 1] ?? NaN, ours.scores[start + K - 1] ?? NaN);
    different += missing(here, ours.scores.subarray(start, start + K), last, new Set(there));
    different += missing(there, scores.subarray(start, start + K), last, new Set(here));
  }
  return different;
}

interface Times {
  readonly seconds: number;
  readonly build: number;
  readonly result: SearchResult;
}

function ours({ vectors, queries }: Case, deterministic: boolean): Times {
  const started = performance.now();
  const index = new ExactIndex(vectors, DIMENSIONS, { deterministic });
  index.prepare();
  const built = performance.now();
  index.search(queries.subarray(0, 500 * DIMENSIONS), K);
  const searching = performance.now();
  const result = index.search(queries, K);
  const seconds = (performance.now() - searching) / 1000;
  return { seconds, build: (built - started) / 1000, result };
}

function singles({ vectors, queries }: Case): number[] {
  const index = new ExactIndex(vectors, DIMENSIONS);
  index.prepare();
  const times = Array.from({ length: 1200 }, (_, q) => {
    const query = queries.subarray(q * DIMENSIONS, (q + 1) * DIMENSIONS);
    const started = performance.now();
    index.search(query, K);
    return performance.now() - started;
  });
  return times.slice(200);
}

const rate = (seconds: number, queries = QUERIES): string =>
  `${Math.round(queries / seconds).toLocaleString('en')} queries/s`;

interface Round {
  readonly faiss: z.infer<typeof FaissTimes>;
  readonly fast: Times;
  readonly plain: Times;
}

async function oneRound(data: Case, prefix: string): Promise<Round> {
  const rest = ['faiss', data.vectorsFile, data.queriesFile, String(K), String(THREADS), prefix];
  const faiss = FaissTimes.parse(JSON.parse(python(['bench/python/topk_peers.py', ...rest])));
  const fast = ours(data, false);
  const plain = ours(data, true);
  const wrong = (await differences(fast.result, prefix)) + (await differences(plain.result, prefix));
  if (wrong > 0) throw new Error(`${data.name}: ${wrong} results differ from faiss by more than ties`);
  return { faiss, fast, plain };
}

/** Rounds of peer and ours in turn. */
async function compareWithFaiss(
  folder: string,
  data: Case,
): Promise<{ rows: ResultRow[]; version: string; seconds: number }> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await oneRound(data, path.join(folder, 'faiss-')));
  const middle = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const what = `exact top-${K}, ${QUERIES / 1000} k queries × ${ITEMS / 1000} k items, ${DIMENSIONS} dimensions, ${data.name}, one thread`;
  const reference = `faiss flat ${rate(middle((round) => round.faiss.seconds))}`;
  const row = (name: 'fast' | 'plain', label: string): ResultRow => ({
    what: `${what}${label}`,
    ours: rate(middle((round) => round[name].seconds)),
    reference,
    ratio: middle((round) => round.faiss.seconds / round[name].seconds),
    note: `index built in ${middle((round) => round[name].build).toFixed(2)} s; ${middle(
      (round) => (round.faiss.seconds + round.faiss.build) / (round[name].seconds + round[name].build),
    ).toFixed(2)} × with both builds counted; results equal up to ties`,
  });
  const rows = [row('fast', ''), row('plain', ', plain SIMD')];
  return { rows, version: rounds[0]?.faiss.version ?? '', seconds: middle((round) => round.fast.seconds) };
}

function compareSingles(folder: string, data: Case): ResultRow {
  const arguments_ = [
    'faiss',
    data.vectorsFile,
    data.queriesFile,
    String(K),
    '1',
    path.join(folder, 'single-'),
  ];
  const faiss = FaissTimes.parse(JSON.parse(python(['bench/python/topk_peers.py', ...arguments_])));
  const times = singles(data);
  const p95 = percentile(times, 0.95);
  return {
    what: `neighbours of one item among ${ITEMS / 1000} k, in the process (reach: p95 ≤ 2 ms)`,
    ours: `p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
    reference: `faiss flat, 1 thread: p50 ${faiss.p50.toFixed(2)} ms, p95 ${faiss.p95.toFixed(2)} ms`,
    ratio: faiss.p95 / p95,
    note: p95 <= 2 ? 'reached' : 'missed',
  };
}

function compareWithGensim(data: Case, seconds: number): { row: ResultRow; version: string } {
  const arguments_ = ['gensim', data.vectorsFile, data.queriesFile, String(K), String(GENSIM_QUERIES)];
  const gensim = GensimTime.parse(JSON.parse(python(['bench/python/topk_peers.py', ...arguments_])));
  const row = {
    what: `the same against a loop over most_similar(topn=${K})`,
    ours: rate(seconds),
    reference: `gensim ${rate(gensim.seconds, GENSIM_QUERIES)}`,
    ratio: gensim.seconds / GENSIM_QUERIES / (seconds / QUERIES),
    target: 20,
    note: `${GENSIM_QUERIES} queries of the same`,
  };
  return { row, version: gensim.version };
}

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recsys-topk-'));
  try {
    const trained = await trainedVectors(folder);
    const faiss = await compareWithFaiss(folder, trained);
    const gensim = compareWithGensim(trained, faiss.seconds);
    const single = compareSingles(folder, trained);
    const random = await compareWithFaiss(folder, await randomVectors(folder));
    const [first, ...others] = faiss.rows;
    const rows = [
      ...(first === undefined ? [] : [{ ...first, target: 1 }]),
      gensim.row,
      single,
      ...others,
      ...random.rows,
    ];
    for (const { what, ours: mine, reference, ratio, note } of rows) {
      console.log(
        `${what}: ${mine}; ${reference}: ${ratio.toFixed(2)} ×${note === undefined ? '' : ` (${note})`}`,
      );
    }
    return {
      about: `Median of ${ROUNDS} rounds in turn, warm. ${faiss.version}, ${gensim.version}. Trained vectors: gensim CBOW, 30 epochs, on six renamed, mixed copies of the sample's playlists.`,
      rows,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
