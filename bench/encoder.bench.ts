/**
 * Seconds of training the recency encoder against gensim's CBOW training of the same data in the same run, with the epochs
 * that each has by default; growth with the rows; and the peak memory with 400 k items.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import type { Sequences } from '../src/pipeline/data/prepared-data.ts';
import { PROD2VEC_PARAMETERS } from '../src/pipeline/kinds/prod2vec/parameters.ts';
import { encoderParameters } from '../src/pipeline/kinds/recency-encoder/parameters.ts';
import { chooseSizes, sizeOf } from '../src/pipeline/kinds/recency-encoder/sizes.ts';
import {
  trainEncoder,
  type EncoderTraining,
  type TrainedEncoder,
} from '../src/pipeline/kinds/recency-encoder/train.ts';
import { buildTrainingSet, type TrainingSet } from '../src/pipeline/kinds/recency-encoder/training-set.ts';
import { defaultsOf } from '../src/protocol/parameters.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
const BEAUTY = process.env['RECSYS_BEAUTY'] ?? '../shared/data/amazon-beauty.txt';
const BEAUTY_SECONDS = 15;
const MEMORY_GB = 4;
const MANY_ITEMS = 400_000;
const SIZES = [1e6, 4e6, 16e6];
/** Copies of the sample have tracks of their own up to so many: rows grow and items (113 k) do not. */
const VOCABULARIES = 2;
const PRODUCT = { ...defaultsOf(PROD2VEC_PARAMETERS) };

interface Corpus {
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly items: Int32Array<ArrayBuffer>;
}

const Hello = z.object({ version: z.string(), fast: z.number() });
const Answer = z.object({ seconds: z.number() });

/** gensim in a process of its own that answers one line for each line. */
class Gensim {
  private readonly child;
  private readonly lines;

  constructor(folder: string) {
    const python = process.env['RECSYS_PYTHON'] ?? 'python3';
    this.child = spawn(python, ['bench/python/train_cbow.py', SAMPLE, folder], {
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

  /** Seconds of training CBOW with the product's settings of prod2vec. */
  async train(folder: string, minCount: number): Promise<number> {
    const { vectorSize, window, negative, sample, epochs } = PRODUCT;
    const settings = { vector_size: vectorSize, window, negative, sample, epochs, min_count: minCount };
    this.child.stdin.write(`${JSON.stringify({ folder, workers: 2, ...settings })}\n`);
    return Answer.parse(await this.read()).seconds;
  }

  end(): void {
    this.child.stdin.end();
  }
}

const bytesOf = (file: string): ArrayBuffer => new Uint8Array(readFileSync(file)).buffer;

function readCorpus(folder: string): Corpus {
  return {
    offsets: new Uint32Array(bytesOf(path.join(folder, 'offsets'))),
    items: new Int32Array(bytesOf(path.join(folder, 'items'))),
  };
}

function writeCorpus(folder: string, { offsets, items }: Corpus): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'offsets'), offsets);
  writeFileSync(path.join(folder, 'items'), items);
}

/** Users' reviews without their last two items, as leave-one-out trains them. */
function readBeauty(): Corpus {
  const codes = new Map<string, number>();
  const code = (item: string): number => {
    const known = codes.get(item) ?? codes.size;
    codes.set(item, known);
    return known;
  };
  const lines = readFileSync(BEAUTY, 'utf8').trim().split('\n');
  const sequences = lines.map((line) => line.split(' ').slice(1, -2).map(code));
  const offsets = new Uint32Array(sequences.length + 1);
  sequences.forEach((sequence, s) => (offsets[s + 1] = (offsets[s] ?? 0) + sequence.length));
  return { offsets, items: Int32Array.from(sequences.flat()) };
}

/** So many rows of copies of the sample. */
function copies({ offsets, items }: Corpus, rows: number): Corpus {
  const itemCount = items.reduce((most, item) => Math.max(most, item), 0) + 1;
  const flat = new Int32Array(rows);
  const ends: number[] = [0];
  let at = 0;
  for (let copy = 0; at < rows; copy++) {
    const first = (copy % VOCABULARIES) * itemCount;
    for (let s = 0; s + 1 < offsets.length && at < rows; s++) {
      for (let i = offsets[s] ?? 0; i < (offsets[s + 1] ?? 0) && at < rows; i++)
        flat[at++] = (items[i] ?? 0) + first;
      ends.push(at);
    }
  }
  return { offsets: Uint32Array.from(ends), items: flat };
}

const setOf = (corpus: Sequences, skipRepeats: boolean): Promise<TrainingSet> => {
  const itemCount = corpus.items.reduce((most, item) => Math.max(most, item), 0) + 1;
  return buildTrainingSet(corpus, itemCount, { minCount: 1, skipRepeats });
};

interface Case {
  readonly vectorSize: number;
  readonly skipRepeats: boolean;
  readonly epochs?: number;
  readonly threads?: number;
}

interface Measured {
  readonly set: TrainingSet;
  readonly training: EncoderTraining;
  readonly trained: TrainedEncoder;
}

/** Trains with the sizes that the product chooses; weights are copied after each epoch, as early stopping does. */
async function train(corpus: Corpus, what: Case): Promise<Measured> {
  const set = await setOf(corpus, what.skipRepeats);
  const given = { ...defaultsOf(encoderParameters), vectorSize: what.vectorSize, epochs: what.epochs ?? 0 };
  const training = chooseSizes(given, sizeOf(set, given.history), what.skipRepeats);
  const trained = await trainEncoder({
    set,
    training,
    seed: 1,
    threads: what.threads ?? 2,
    deterministic: false,
    memoryLimit: 1024 * MEMORY_GB,
    afterEpoch: (_weights, { epoch }) => Promise.resolve({ score: epoch, stop: false }),
  });
  return { set, training, trained };
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const microseconds = ({ set, training, trained }: Measured): number =>
  (1e6 * trained.seconds) / set.positions.length / training.epochs;

function describe({ set, training, trained }: Measured): string {
  const { items } = set.vocabulary;
  return `${items.length} items, ${set.positions.length} positions, ${training.epochs} epochs, S ${training.negatives}, last loss ${(trained.losses.at(-1) ?? NaN).toFixed(3)}`;
}

function against(name: string, ours: Measured, peer: number): ResultRow {
  const row = {
    what: `${name}, ${ours.training.dimensions} dimensions, 2 threads, against CBOW`,
    ours: seconds(ours.trained.seconds),
    reference: `gensim CBOW, ${PRODUCT.vectorSize} dimensions, ${PRODUCT.epochs} epochs, 2 workers ${seconds(peer)}`,
    ratio: peer / ours.trained.seconds,
    note: describe(ours),
  };
  console.log(JSON.stringify(row));
  return row;
}

async function beautyRows(gensim: Gensim, folder: string): Promise<ResultRow[]> {
  if (!existsSync(BEAUTY)) {
    console.log(`Amazon Beauty skipped: ${BEAUTY} is not there (set RECSYS_BEAUTY).`);
    return [];
  }
  const corpus = readBeauty();
  const where = path.join(folder, 'beauty');
  writeCorpus(where, corpus);
  const what = { vectorSize: 128, skipRepeats: true };
  const peer = await gensim.train(where, 1);
  const two = await train(corpus, what);
  const one = await train(corpus, { ...what, threads: 1 });
  const loss = ({ trained }: Measured): number => trained.losses.at(-1) ?? NaN;
  return [
    {
      what: 'Amazon Beauty, 128 dimensions, 2 threads, against the time allowed',
      ours: seconds(two.trained.seconds),
      reference: `${BEAUTY_SECONDS} s`,
      ratio: BEAUTY_SECONDS / two.trained.seconds,
      target: 1,
      note: describe(two),
    },
    against('Amazon Beauty', two, peer),
    {
      what: 'Amazon Beauty, from 1 to 2 threads (Hogwild)',
      ours: seconds(two.trained.seconds),
      reference: `1 thread ${seconds(one.trained.seconds)}`,
      ratio: one.trained.seconds / two.trained.seconds,
      note: `last loss ${loss(two).toFixed(3)} with 2 threads, ${loss(one).toFixed(3)} with 1`,
    },
  ];
}

/** Peak of this process, threads included, in GB, since `forgetPeak`. Linux only. */
function peakGigabytes(): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 2 ** 30;
}

const forgetPeak = (): void => writeFileSync('/proc/self/clear_refs', '5');

async function memoryRow(sample: Corpus): Promise<ResultRow> {
  const { offsets, items } = copies(sample, 3 * MANY_ITEMS);
  // Every third row walks through all items.
  for (let item = 0; item < MANY_ITEMS; item++) items[3 * item] = item;
  forgetPeak();
  const ours = await train({ offsets, items }, { vectorSize: 128, skipRepeats: false, epochs: 2 });
  const peak = peakGigabytes();
  console.log(describe(ours), `${peak.toFixed(2)} GB`);
  return {
    what: '400 k items, 128 dimensions, 2 threads: peak memory of the training process',
    ours: `${peak.toFixed(2)} GB`,
    reference: `${MEMORY_GB} GB`,
    ratio: MEMORY_GB / peak,
    target: 1,
    note: `${describe(ours)}; ${seconds(ours.trained.seconds)}`,
  };
}

async function growthRows(sample: Corpus): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  let before: { rows: number; measured: Measured } | undefined;
  for (const size of SIZES) {
    const measured = await train(copies(sample, size), { vectorSize: 64, skipRepeats: false, epochs: 1 });
    console.log(size, describe(measured), seconds(measured.trained.seconds));
    if (before !== undefined) {
      const [each, earlier] = [microseconds(measured), microseconds(before.measured)];
      rows.push({
        what: `from ${before.rows / 1e6} M to ${size / 1e6} M rows, 64 dimensions, 1 epoch, 2 threads`,
        ours: `${each.toFixed(2)} µs a position`,
        reference: `${earlier.toFixed(2)} µs`,
        ratio: earlier / each,
        target: 0.8,
        note: `linear is 1; ${seconds(measured.trained.seconds)} against ${seconds(before.measured.trained.seconds)}; ${describe(measured)}`,
      });
    }
    before = { rows: size, measured };
  }
  return rows;
}

/** Measures and returns the rows of the results table. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recsys-encoder-'));
  const gensim = new Gensim(folder);
  try {
    const { version, fast } = Hello.parse(await gensim.read());
    const sample = readCorpus(folder);
    const rows = await beautyRows(gensim, folder);
    const peer = await gensim.train(folder, PRODUCT.minCount);
    rows.push(against('the sample', await train(sample, { vectorSize: 64, skipRepeats: false }), peer));
    gensim.end();
    rows.push(await memoryRow(sample), ...(await growthRows(sample)));
    const settings =
      'Sizes as the product chooses them, settings not searched. Rows beyond the sample are copies of it, of which two have tracks of their own';
    return {
      rows,
      about: `gensim ${version} (compiled, FAST_VERSION ${fast}), all of its time without building the vocabulary. ${settings}.`,
    };
  } finally {
    gensim.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
