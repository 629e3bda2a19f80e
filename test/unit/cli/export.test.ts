/** `recsys export`: the built command line writes the vectors of a run's models, and of packages. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ExportedEvent } from '../../../src/protocol/export.ts';
import { FailureEvent, ProgressEvent } from '../../../src/protocol/events.ts';
import { ArchiveManifest } from '../../../src/pipeline/exporters/savedmodel/manifest.ts';
import { openStore, type Vectors } from '../../../src/pipeline/client.ts';
import { readNpy } from '../../../src/pipeline/data/npy.ts';
import { recsys, startRecsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
const MODEL = 'prod2vec-min-count-1';
let vectors: Vectors;
let packaged: string;

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const end = await cli('run', 'tiny.csv', ...SMALL_JOB, '--name', 'base');
  expect(end.code, end.stderr).toBe(0);
  const run = openStore(path.join(folder, '.recsys')).run('base');
  vectors = await run.vectors();
  packaged = path.join(folder, 'copy');
  fs.cpSync(path.join(run.view.folder, 'train', MODEL), packaged, { recursive: true });
}, 60_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What a model's file tells of the test part. */
function measuredIn(file: string): number | undefined {
  const told = /\{"format":1.*?"packageSha256":"\w+"\}/s.exec(fs.readFileSync(file, 'latin1'))?.[0] ?? '';
  return z.partial(ArchiveManifest).parse(JSON.parse(told)).metrics?.['hitRate@10']?.value;
}

const Value = z.looseObject({ value: z.number() });
const Shown = z.object({
  metrics: z.object({ test: z.record(z.string(), z.looseObject({ 'hitRate@10': Value })) }),
});

async function testHitRate(model: string): Promise<number | undefined> {
  const { stdout } = await cli('show', 'base', '--json');
  return Shown.parse(JSON.parse(stdout)).metrics.test[model]?.['hitRate@10'].value;
}

describe('recsys export', { timeout: 30_000 }, () => {
  it('writes what the client gives, and says what it is', async () => {
    const { code, stdout, stderr } = await cli('export', 'base', '--format', 'npy', '-o', 'v.npy');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${vectors.items.length} vectors of 8 numbers by ${MODEL} of run `);
    expect(stdout).toContain('not scaled to length 1. Compare them by cosine');
    expect(stdout).toContain('stands for a backslash');
    const { array } = await readNpy(path.join(folder, 'v.npy'), Float32Array);
    expect(array).toEqual(vectors.values);
    expect(fs.readFileSync(path.join(folder, 'v.names.txt'), 'utf8')).toBe(`${vectors.items.join('\n')}\n`);
    const again = await cli('export', '--package', 'copy', '--format', 'npy', '-o', 'of-package.npy');
    expect(again.stdout).toContain('of the package copy');
    expect(fs.readFileSync(path.join(folder, 'of-package.npy'))).toEqual(
      fs.readFileSync(path.join(folder, 'v.npy')),
    );
  });

  it('tells programs line by line', async () => {
    const { stdout } = await cli('export', '--json', '--format', 'tsv', '-o', 'json/');
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(ProgressEvent.parse(told[0])).toMatchObject({ done: vectors.items.length, unit: 'rows' });
    const exported = ExportedEvent.parse(told.at(-1));
    expect(exported).toMatchObject({ model: MODEL, format: 'tsv', rows: vectors.items.length, dimension: 8 });
    expect(exported.files.map((file) => path.basename(file))).toEqual(['vectors.tsv', 'metadata.tsv']);
    const [heading] = fs.readFileSync(exported.files[1] ?? '', 'utf8').split('\n');
    expect(heading?.split('\t')).toEqual(expect.arrayContaining(['name', 'artist', 'track', 'train_rows']));
  });

  it('writes a whole model for ONNX Runtime, once', async () => {
    const { code, stdout, stderr } = await cli(
      ...['export', 'base', '--model', 'popularity', '--format', 'onnx', '-o', 'models/'],
    );
    expect(code).toBe(0);
    // Before it is written.
    const told = /^the graph: ([\d.]+ kB); a query of 10 items goes through about \d+ numbers$/m.exec(stderr);
    expect(stdout).toContain(`An ONNX model of ${told?.[1] ?? 'some size'} by `);
    expect(stdout).toMatch(/An ONNX model of [\d.]+ kB by /);
    const [file, again] = ['model.onnx', 'again.onnx'].map((name) => path.join(folder, 'models', name));
    expect(fs.readFileSync(file ?? '').includes('LabelEncoder')).toBe(true);
    expect(measuredIn(file ?? '')).toBe(await testHitRate('popularity'));
    const refused = await cli('export', 'base', '--format', 'onnx', '-o', 'models/');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--force')]);
    await cli('export', 'base', '--model', 'popularity', '--format', 'onnx', '-o', 'models/again.onnx');
    expect(fs.readFileSync(again ?? '')).toEqual(fs.readFileSync(file ?? ''));
  });

  it('refuses what it cannot do, and says what to do', async () => {
    const without = await cli('export', 'base', '--model', 'popularity', '--format', 'tsv', '-o', 'x/');
    expect(without.code).toBe(1);
    expect(without.stderr).toContain("Model 'popularity' has no vectors");
    expect(without.stderr).toContain(`These have some: ${MODEL}.`);
    const none = await cli('export', 'base', '--everything', '--format', 'tsv', '-o', 'x/');
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('recsys refit')]);
    for (const words of [
      ['export', 'base', '--package', 'copy', '--format', 'npy', '-o', 'x'],
      ['export', 'base', '--format', 'pickle', '-o', 'x'],
    ])
      expect((await cli(...words)).code).toBe(2);
    fs.writeFileSync(path.join(folder, 'mine.txt'), 'mine');
    const there = await cli('export', 'base', '--json', '--format', 'word2vec', '-o', 'mine.txt');
    expect(FailureEvent.parse(JSON.parse(there.stdout)).hint).toContain('--force');
    expect(fs.readFileSync(path.join(folder, 'mine.txt'), 'utf8')).toBe('mine');
    expect(fs.existsSync(path.join(folder, 'x'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')(
    'leaves nothing where a file cannot be written to its end',
    async () => {
      const made = path.join(folder, 'short');
      fs.mkdirSync(made);
      // A file system that takes no more says so in the same way.
      const limited = (format: string) =>
        recsys(['export', 'base', '--format', format, '-o', 'short/'], {
          cwd: folder,
          shell: 'trap "" XFSZ; ulimit -f 1; exec "$@"',
        });
      for (const format of ['word2vec', 'parquet']) {
        const { code, stderr } = await limited(format);
        expect([format, code]).toEqual([format, 1]);
        expect(stderr).toMatch(/vectors\.\w+ cannot be written: /);
        expect(fs.readdirSync(made)).toEqual([]);
      }
    },
  );

  it.skipIf(process.platform === 'win32')('stops when it is told to, and leaves nothing', async () => {
    fs.mkdirSync(path.join(folder, 'stopped'));
    const { child, end } = startRecsys(['export', 'base', '--format', 'parquet', '-o', 'stopped/'], {
      cwd: folder,
      env: { NODE_OPTIONS: `--import ${STOP_AT_WRITE}` },
    });
    expect(child.pid).toBeGreaterThan(0);
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([130, 'Cancelled: nothing was written.\n']);
    expect(fs.readdirSync(path.join(folder, 'stopped'))).toEqual([]);
  });
});

/** Sends the process the signal of Ctrl+C when it puts its files in their places. */
const STOP_AT_WRITE = `data:text/javascript,${encodeURIComponent(
  "import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';" +
    "const { open } = fs; fs.open = async (file, flags) => { if (flags === 'r+') { process.kill(process.pid, 'SIGINT');" +
    'await new Promise((done) => setTimeout(done, 50)); } return open(file, flags); }; syncBuiltinESMExports();',
)}`;
