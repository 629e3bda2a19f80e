/**
 * Words per second of training prod2vec on the sample (rows × epochs / seconds, dropped and sub-sampled rows counted)
 * against gensim, each with one and two threads, in turn. What makes the two comparable, equal quality, is proved by
 * test/peers/word2vec-equality.test.ts with the same settings.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { PROD2VEC_PARAMETERS } from '../src/pipeline/kinds/prod2vec/parameters.ts';
import type { Prod2vecParameters } from '../src/pipeline/kinds/prod2vec/parameters.ts';
import { trainProd2vec } from '../src/pipeline/kinds/prod2vec/train.ts';
import { defaultsOf } from '../src/protocol/parameters.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
const ROUNDS = 3;
const CASES = [
  { architecture: 'cbow', epochs: 30, target: 3.5 },
  { architecture: 'skip-gram', epochs: 10, target: 6 },
] as const;
type Case = (typeof CASES)[number];

const Hello = z.object({ version: z.string(), fast: z.number(), words: z.number(), itemCount: z.number() });
const Rate = z.object({ wordsPerSecond: z.number() });

interface Corpus {
  readonly offsets: Uint32Array;
  readonly items: Int32Array;
  readonly itemCount: number;
}

/** gensim in a process of its own that answers one line for each line. */
class Gensim {
  private readonly child;
  private readonly lines;

  constructor(folder: string) {
    const python = process.env['RECSYS_PYTHON'] ?? 'python3';
    this.child = spawn(python, ['bench/python/train_words.py', SAMPLE, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // BLAS gets one thread a worker, as gensim advises.
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async read(): Promise<unknown> {
    const line = await this.lines.next();
    if (line.done === true) throw new Error('the gensim process ended');
    return JSON.parse(line.value);
  }

  async wordsPerSecond({ architecture, epochs }: Case, workers: number): Promise<number> {
    this.child.stdin.write(`${JSON.stringify({ architecture, workers, epochs })}\n`);
    return Rate.parse(await this.read()).wordsPerSecond;
  }

  end(): void {
    this.child.stdin.end();
  }
}

async function ours(
  corpus: Corpus,
  { architecture, epochs }: Case,
  threads: number,
  more: Partial<Prod2vecParameters> = {},
): Promise<number> {
  const parameters = { ...defaultsOf(PROD2VEC_PARAMETERS), minCount: 3, architecture, epochs, ...more };
  const { wordsPerSecond } = await trainProd2vec({
    sequences: corpus,
    itemCount: corpus.itemCount,
    parameters,
    seed: 1,
    threads,
    deterministic: false,
  });
  return wordsPerSecond;
}

/** Words per second of one round, everything measured in turn. */
interface Round {
  readonly one: number;
  readonly two: number;
  readonly exact: number;
  readonly gensimOne: number;
  readonly gensimTwo: number;
}

async function oneRound(gensim: Gensim, corpus: Corpus, what: Case): Promise<Round> {
  return {
    gensimTwo: await gensim.wordsPerSecond(what, 2),
    two: await ours(corpus, what, 2),
    one: await ours(corpus, what, 1),
    gensimOne: await gensim.wordsPerSecond(what, 1),
    exact: await ours(corpus, what, 2, { algorithm: 'gensim' }),
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const rate = (words: number): string => `${(words / 1e6).toPrecision(3)} M words/s`;

function rowsOf({ architecture, target }: Case, rounds: readonly Round[]): ResultRow[] {
  const middle = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const [one, two] = [middle((r) => r.one), middle((r) => r.two)];
  const [gensimOne, gensimTwo] = [middle((r) => r.gensimOne), middle((r) => r.gensimTwo)];
  return [
    {
      what: `${architecture}, 2 threads`,
      ours: rate(two),
      reference: `gensim, 2 workers ${rate(gensimTwo)}`,
      ratio: middle((r) => r.two / r.gensimTwo),
      target,
      note: `rounds: ${rounds.map((r) => (r.two / r.gensimTwo).toFixed(2)).join(', ')}`,
    },
    {
      what: `${architecture}, 1 thread`,
      ours: rate(one),
      reference: `gensim, 1 worker ${rate(gensimOne)}`,
      ratio: middle((r) => r.one / r.gensimOne),
    },
    {
      what: `${architecture}, from 1 to 2 threads`,
      ours: `${rate(one)} → ${rate(two)}`,
      reference: `gensim ${middle((r) => r.gensimTwo / r.gensimOne).toFixed(2)} ×`,
      ratio: middle((r) => r.two / r.one),
      target: 1.8,
      note: `ratio of ours with 2 threads to ours with 1; rounds: ${rounds.map((r) => (r.two / r.one).toFixed(2)).join(', ')}`,
    },
    {
      what: `${architecture}, \`--algorithm gensim\`, 2 threads`,
      ours: rate(middle((r) => r.exact)),
      reference: `gensim, 2 workers ${rate(gensimTwo)}`,
      ratio: middle((r) => r.exact / r.gensimTwo),
    },
  ];
}

/** Measures and returns the rows of the results table. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recsys-train-'));
  const gensim = new Gensim(folder);
  try {
    const { version, fast, words, itemCount } = Hello.parse(await gensim.read());
    const bytes = (name: string): ArrayBuffer => new Uint8Array(readFileSync(path.join(folder, name))).buffer;
    const corpus = {
      offsets: new Uint32Array(bytes('offsets')),
      items: new Int32Array(bytes('items')),
      itemCount,
    };
    const rows: ResultRow[] = [];
    for (const what of CASES) {
      await ours(corpus, what, 2);
      const rounds: Round[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        rounds.push(await oneRound(gensim, corpus, what));
        console.log(
          what.architecture,
          JSON.stringify(rounds.at(-1), (_, value: unknown) =>
            typeof value === 'number' ? Math.round(value) : value,
          ),
        );
      }
      rows.push(...rowsOf(what, rounds));
    }
    const settings = `48 dimensions, window 10, 5 negatives, min_count 3, sample 1e-3`;
    return {
      rows,
      about: `gensim ${version} (compiled, FAST_VERSION ${fast}), ${words} rows of the sample, ${settings}.`,
    };
  } finally {
    gensim.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
