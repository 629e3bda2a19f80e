/**
 * The local endpoint under load beside a Python server (FastAPI on uvicorn, NumPy) of the same vectors, the same requests,
 * and the graph of the same model in TensorFlow. Each server has one processor to itself, the generator the other.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { ExportedModelEvent } from '../src/protocol/export.ts';
import { formatCount } from '../src/protocol/text/format.ts';
import { trainQuickly } from './quick-encoder.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
const SERVED = ['recency-encoder', 'session-knn', 'stack'] as const;
/** What the stack is made of too. */
const TRAINED = [...SERVED, 'sequential-item-knn', 'n-gram', 'group-affinity'];
const CONNECTIONS = 32;
const SECONDS = 10;
const ROUNDS = 3;
/** Requests a second, and milliseconds at the 99th percentile, that are wanted. */
const WANTED = { rate: 2000, p99: 20 };
/** Times as many as the Python server. */
const WANTED_RATIO = 3;
const SERVER_CPU = '0';
const GENERATOR_CPU = '1';

const Load = z.object({
  requests: z.object({ average: z.number(), total: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
});
type Load = z.infer<typeof Load>;

const Timed = z.object({ p50_ms: z.number(), p95_ms: z.number() });
const InTensorFlow = z.object({ one_item: Timed, five_items: Timed });

function cli(args: readonly string[]): string {
  return execFileSync(process.execPath, ['dist/cli.mjs', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function pinned(
  cpu: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn('taskset', ['-c', cpu, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
}

/** Waits for a line of what a process says. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => reject(new Error(`it ended: ${text}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

/** Loads a server in a process of its own. @param seed different ones ask different queries */
async function loaded(url: string, names: string, seed: number, seconds = SECONDS): Promise<Load> {
  const generator = pinned(GENERATOR_CPU, process.execPath, [
    'bench/load/generate.mjs',
    JSON.stringify({ url, names, seed, seconds, connections: CONNECTIONS }),
  ]);
  const load = Load.parse(JSON.parse(await said(generator, /^(\{.*\})$/m)));
  // What is refused is quick.
  if (failures(load) > 0)
    throw new Error(`${failures(load)} of ${load.requests.total} requests to ${url} failed`);
  return load;
}

interface Server {
  readonly url: string;
  end(): Promise<void>;
}

async function ours(store: string, model: string): Promise<Server> {
  const child = pinned(SERVER_CPU, process.execPath, [
    ...['dist/cli.mjs', 'serve', 'latest', '--store', store, '--model', model],
    ...['--port', '0', '--name', 'model'],
  ]);
  const base = await said(child, /(http:\/\/127\.0\.0\.1:\d+)/);
  return { url: `${base}/v1/models/model:predict`, end: () => ended(child) };
}

async function python(interpreter: string, vectors: string): Promise<Server> {
  const child = pinned(SERVER_CPU, interpreter, ['bench/python/serve.py', vectors], {
    OPENBLAS_NUM_THREADS: '1',
    OMP_NUM_THREADS: '1',
  });
  const base = await said(child, /(http:\/\/127\.0\.0\.1:\d+)/);
  return { url: `${base}/v1/models/model:predict`, end: () => ended(child) };
}

/** The median round by requests a second, after one that warms the server up. */
async function measured(server: Server, names: string): Promise<Load> {
  try {
    await loaded(server.url, names, 99, 3);
    const rounds: Load[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await loaded(server.url, names, round));
    rounds.sort((a, b) => a.requests.average - b.requests.average);
    const median = rounds[Math.floor(ROUNDS / 2)];
    if (median === undefined) throw new Error('no round was measured');
    return median;
  } finally {
    await server.end();
  }
}

const told = ({ requests, latency }: Load): string =>
  `${Math.round(requests.average)} requests/s, p50 ${latency.p50} ms, p99 ${latency.p99} ms`;

const failures = ({ errors, timeouts, non2xx }: Load): number => errors + timeouts + non2xx;

function rowsOf(model: string, load: Load, reference: Load | undefined): ResultRow[] {
  const note = `0 errors among ${load.requests.total} requests: one ends the benchmark`;
  const rows: ResultRow[] = [
    {
      what: `${model} over HTTP, ${CONNECTIONS} connections, one processor`,
      ours: told(load),
      reference: `wanted: ${WANTED.rate} requests/s, p99 ${WANTED.p99} ms`,
      ratio: Math.min(load.requests.average / WANTED.rate, WANTED.p99 / load.latency.p99),
      target: 1,
      note,
    },
  ];
  if (reference !== undefined)
    rows.push({
      what: `the same against FastAPI and NumPy with the model's vectors`,
      ours: told(load),
      reference: told(reference),
      ratio: load.requests.average / reference.requests.average,
      target: WANTED_RATIO,
    });
  return rows;
}

function inTensorFlow(
  interpreter: string,
  store: string,
  model: string,
  folder: string,
  own: Load,
): ResultRow {
  const target = path.join(folder, `${model}-graph`);
  const exported = cli([
    ...['export', 'latest', '--store', store, '--model', model, '--format', 'savedmodel', '-o', target],
    '--json',
  ]);
  const { numbers } = ExportedModelEvent.parse(JSON.parse(exported.trimEnd().split('\n').at(-1) ?? ''));
  const output = execFileSync(interpreter, ['bench/savedmodel-latency.py', target], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { five_items: five } = InTensorFlow.parse(JSON.parse(output));
  return {
    what: `${model}: one query of five items in TensorFlow, without HTTP`,
    ours: `p50 ${five.p50_ms.toFixed(1)} ms, p95 ${five.p95_ms.toFixed(1)} ms`,
    reference: `local endpoint under load: p50 ${own.latency.p50} ms`,
    ratio: own.latency.p50 / five.p50_ms,
    note: `no race: what the exported graph takes by itself; ten items go through ${formatCount(numbers)} numbers, about`,
  };
}

export async function run(): Promise<BenchResult> {
  const interpreter = process.env['RECSYS_PYTHON'] ?? 'python3';
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-bench-endpoint-'));
  try {
    const { store, vectors } = trainQuickly(cli, { data: SAMPLE, models: TRAINED, folder });
    const names = path.join(folder, 'vectors.names.txt');
    const items = fs.readFileSync(names, 'utf8').trimEnd().split('\n').length;
    const reference = await measured(await python(interpreter, vectors), names);
    const rows: ResultRow[] = [];
    for (const model of SERVED) {
      const load = await measured(await ours(store, model), names);
      rows.push(...rowsOf(model, load, model === 'recency-encoder' ? reference : undefined));
      rows.push(inTensorFlow(interpreter, store, model, folder, load));
    }
    return {
      rows,
      about: `${SAMPLE}: ${items} items with vectors of 64 numbers; lists of 1 to 8 items, all different, ten items asked; ${ROUNDS} rounds of ${SECONDS} s after a short one, the median shown; server and generator (autocannon) have a processor each`,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
