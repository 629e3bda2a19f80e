/**
 * Our word2vec against gensim 4 on the same split of the sample: three seeds each (RECSYS_EQUALITY_SEEDS names others),
 * as many epochs as each architecture needs, every query asked of all.
 * Needs an interpreter with gensim in RECSYS_PYTHON (`npm test -- peers` makes one).
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { trainProd2vec } from '../../src/pipeline/kinds/prod2vec/train.ts';
import { PROD2VEC_PARAMETERS } from '../../src/pipeline/kinds/prod2vec/parameters.ts';
import type { Prod2vecParameters } from '../../src/pipeline/kinds/prod2vec/parameters.ts';
import { defaultsOf } from '../../src/protocol/parameters.ts';

const SEEDS = (process.env['RECSYS_EQUALITY_SEEDS'] ?? '1,2,3').split(',').map(Number);
/** Skip-gram learns from each pair of a window by itself, CBOW from a window at once: a third of the epochs is as much learning. */
const EPOCHS = { cbow: 30, 'skip-gram': 10 };
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

type Architecture = keyof typeof EPOCHS;

async function trainOurs(
  chosen: Partial<Prod2vecParameters> & { readonly architecture: Architecture },
  name: string,
): Promise<void> {
  const [offsets, items] = await Promise.all(
    ['train.offsets', 'train.items'].map((file) => readFile(path.join(folder, file))),
  );
  if (offsets === undefined || items === undefined) throw new Error('nothing prepared');
  const sequences = {
    offsets: new Uint32Array(new Uint8Array(offsets).buffer),
    items: new Int32Array(new Uint8Array(items).buffer),
  };
  const epochs = EPOCHS[chosen.architecture];
  const parameters = { ...defaultsOf(PROD2VEC_PARAMETERS), minCount: 3, epochs, ...chosen };
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

describe.each(['cbow', 'skip-gram'] as const)('%s', (architecture) => {
  beforeAll(() => run('gensim', folder, architecture, String(EPOCHS[architecture]), SEEDS.join(',')));

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
