/**
 * Our word2vec against gensim 4 on the same split of the sample: three seeds each, 30 epochs, every query asked of all.
 * Needs an interpreter with gensim in RECSYS_PYTHON (`npm test -- peers` makes one).
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { trainProd2vec } from '../../src/pipeline/kinds/prod2vec/train.ts';
import { PROD2VEC_PARAMETERS } from '../../src/pipeline/kinds/prod2vec/parameters.ts';
import type { Prod2vecParameters } from '../../src/pipeline/kinds/prod2vec/parameters.ts';
import { defaultsOf } from '../../src/protocol/parameters.ts';

const Settings = z.object({
  seeds: z.array(z.int()),
  epochs: z.int(),
  architectures: z.array(z.enum(['cbow', 'skip-gram'])),
});
const settings = Settings.parse(JSON.parse(readFileSync('test/peers/equality-settings.json', 'utf8')));
const { seeds: SEEDS, epochs: EPOCHS, architectures } = settings;
/** What `train-gensim.mjs` trained ahead. */
const trainedAhead = path.resolve('test-results/gensim');
const python = process.env['RECSYS_PYTHON'] ?? 'python3';
const script = path.resolve('test/peers/word2vec_equality.py');
const samples = ['samples/playlists.parquet', '../shared/data/playlists.parquet'].map((file) =>
  path.resolve(file),
);
const sample = samples.find((file) => existsSync(file)) ?? samples[0] ?? '';

const Comparison = z.object({
  queries: z.number(),
  items: z.number(),
  hitRate: z.array(z.number()),
  hitRateGensim: z.array(z.number()),
  difference: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  overlap: z.number(),
  overlapGensim: z.number(),
});

let folder: string;
let itemCount: number;

async function run(...words: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(python, [script, ...words], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

/** Gensim's models: those that were trained ahead with these settings on these sequences, else trained now. */
async function haveGensim(architecture: string): Promise<void> {
  if (!(await isTrainedAhead())) {
    await run('gensim', folder, architecture, String(EPOCHS), SEEDS.join(','));
    return;
  }
  for (const seed of SEEDS)
    for (const part of ['items', 'vectors']) {
      const name = `peer-${architecture}-${seed}.${part}`;
      await copyFile(path.join(trainedAhead, name), path.join(folder, name));
    }
}

async function isTrainedAhead(): Promise<boolean> {
  try {
    const read = (name: string): Promise<Buffer> => readFile(path.join(trainedAhead, name));
    const made = Settings.parse(JSON.parse((await read('trained.json')).toString()));
    if (JSON.stringify(made) !== JSON.stringify(settings)) return false;
    return (await read('train.items')).equals(await readFile(path.join(folder, 'train.items')));
  } catch {
    return false;
  }
}

async function trainOurs(chosen: Partial<Prod2vecParameters>, name: string): Promise<void> {
  const [offsets, items] = await Promise.all(
    ['train.offsets', 'train.items'].map((file) => readFile(path.join(folder, file))),
  );
  if (offsets === undefined || items === undefined) throw new Error('nothing prepared');
  const sequences = {
    offsets: new Uint32Array(new Uint8Array(offsets).buffer),
    items: new Int32Array(new Uint8Array(items).buffer),
  };
  const parameters = { ...defaultsOf(PROD2VEC_PARAMETERS), minCount: 3, epochs: EPOCHS, ...chosen };
  for (const seed of SEEDS) {
    const trained = await trainProd2vec({
      sequences,
      itemCount,
      parameters,
      seed,
      threads: 2,
      deterministic: false,
    });
    await writeFile(path.join(folder, `${name}-${seed}.items`), trained.items);
    await writeFile(path.join(folder, `${name}-${seed}.vectors`), trained.vectors);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'word2vec-equality-'));
  ({ itemCount } = z.object({ itemCount: z.int() }).parse(await run('prepare', sample, folder)));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.each(architectures)('%s', (architecture) => {
  beforeAll(() => haveGensim(architecture));

  it.each(['fast', 'gensim'] as const)(
    'trained by the %s algorithm is as good as by gensim',
    async (algorithm) => {
      await trainOurs({ architecture, algorithm }, `${algorithm}-${architecture}`);
      const result = Comparison.parse(await run('compare', folder, architecture, algorithm, SEEDS.join(',')));
      // The figures are the point of this test.
      console.log(`${algorithm} ${architecture}: ${JSON.stringify(result)}`);
      expect(result.queries).toBeGreaterThanOrEqual(7500);
      expect(result.difference.low).toBeGreaterThan(-0.03);
      expect(result.overlap).toBeGreaterThanOrEqual(result.overlapGensim - 0.02);
    },
  );
});
