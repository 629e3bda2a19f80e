/** The memory that steps take, against what they are told to need before anything is taken. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { PREPARED, type PreparedArtifact } from '../src/pipeline/data/prepared-data.ts';
import { MIB, PROCESS_MIB } from '../src/pipeline/flow/memory-budget.ts';
import { below, randomStream } from '../src/pipeline/seeded-random.ts';
import { evaluateBytes, trainBytes } from '../src/pipeline/flows/next-item/memory-of-models.ts';
import { RunManifest } from '../src/protocol/run.ts';
import { measureTree } from './process-tree.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const ROWS = 1_000_000;
const ITEMS = 150_000;
const THREADS = 2;
const KINDS =
  'popularity,group-popularity,markov,group-affinity,sequential-item-knn,session-knn,n-gram,prod2vec,recency-encoder,stack,blend';
/** Trainings as wide as any, but short: memory does not grow with their length. */
const SHORT = [
  '--sets',
  '[{"epochs":1,"min_count":2}]',
  '--encoder-tune-minutes',
  '0',
  '--encoder-epochs',
  '1',
];

/** Sessions of 3 to 20 items, most of which lie near each other in the catalogue. */
function writeSessions(file: string): void {
  const next = randomStream(5);
  const lines = ['session,item,category,position'];
  for (let session = 0; lines.length <= ROWS; session++) {
    const base = below(ITEMS, next());
    const length = 3 + below(18, next());
    for (let position = 0; position < length; position++) {
      const near = below(10, next()) < 7;
      const item = near
        ? (base + below(60, next())) % ITEMS
        : Math.min(below(ITEMS, next()), below(ITEMS, next()));
      lines.push(`s${session},i${item},c${item >> 3},${position}`);
    }
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

function prepared(folder: string): { store: string; id: string; manifest: RunManifest } {
  const data = path.join(folder, 'sessions.csv');
  const store = path.join(folder, 'store');
  writeSessions(data);
  const args = ['dist/cli.mjs', 'prepare', data, '--store', store, '--models', KINDS, ...SHORT, '--json'];
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  const [id = ''] = readdirSync(path.join(store, 'runs'));
  const file = path.join(store, 'runs', id, 'run.json');
  return { store, id, manifest: RunManifest.parse(JSON.parse(readFileSync(file, 'utf8'))) };
}

const mebibytes = (bytes: number): number => Math.round(bytes / MIB);

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recsys-memory-'));
  try {
    const { store, id, manifest } = prepared(folder);
    const locate = (step: string, artifact: string): string =>
      path.join(store, 'runs', id, step, PREPARED[artifact as PreparedArtifact]);
    const rows: ResultRow[] = [];
    for (const branch of manifest.models) {
      const asked = { manifest, branch, threads: THREADS, locate };
      const needs = { train: await trainBytes(asked), evaluate: await evaluateBytes(asked) };
      for (const [step, bytes] of Object.entries(needs)) {
        const args = ['dist/cli.mjs', 'step', id, `${step}/${branch.name}`, '--store', store];
        const { peak } = await measureTree(process.execPath, [...args, '--threads', String(THREADS)]);
        const told = mebibytes(bytes) + PROCESS_MIB;
        const row = {
          what: `memory of ${step}/${branch.kind}`,
          ours: `${mebibytes(peak)} MiB at the peak`,
          reference: `${told} MiB told before`,
          ratio: told / mebibytes(peak),
        };
        rows.push(row);
        console.log(`${row.what}: ${row.ours}, ${row.reference}: ${row.ratio.toFixed(2)} ×`);
      }
    }
    return {
      about: `${ROWS / 1e6} M rows, ${ITEMS / 1000} k items; each step is a process of its own, its peak the largest resident set. The ratio is what was told over what was taken: below 1 a limit would not hold.`,
      rows,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
