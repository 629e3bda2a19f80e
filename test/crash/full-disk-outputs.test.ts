/** Maps, exports, cards and predictions on a disk that is full: said clearly, nothing left behind, and nothing lost. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunStore } from '../../src/pipeline/store/run-store.ts';
import { recsys, type CliEnd } from '../unit/support/recsys-cli.ts';
import { SMALL_JOB } from '../unit/support/small-job.ts';
import { writeTinyPlaylists } from '../unit/support/tiny-data.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { mayMount, mount } from './mounting.ts';

const folder = temporaryFolder();
const disk = path.join(folder, 'disk');
const ROOM = '30m';
const MAP = ['map', 'latest', '--method', 'pca'] as const;
const EARLIER = 'what was there before';

const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });

const canMount = mayMount(folder);
if (!canMount) process.stderr.write('Skipped: full disks need the right to mount a tmpfs.\n');

/** Takes all room that is left, but for some pages. */
function fill(place: string, sparePages = 0): void {
  const file = path.join(place, 'filler');
  const page = Buffer.alloc(4096);
  const handle = fs.openSync(file, 'w');
  let pages = 0;
  try {
    for (;;) pages += Math.floor(fs.writeSync(handle, page) / page.length);
  } catch {
    // It is full now.
  } finally {
    fs.closeSync(handle);
  }
  fs.truncateSync(file, (pages - sparePages) * page.length);
}

/** All files of a folder with their bytes. */
function contents(place: string): Record<string, number> {
  const names = fs.readdirSync(place, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(names.map((name) => [name, fs.statSync(path.join(place, name)).size]));
}

function expectFull(end: CliEnd, what: string): void {
  expect(end.code, `${what}: ${end.stderr}`).toBe(1);
  expect(end.stderr, what).toMatch(/cannot be written: the disk is full\./);
  expect(end.stderr, what).toMatch(/Free some space/);
  expect(end.stderr, what).not.toMatch(/^\s+at /m);
}

beforeAll(async () => {
  if (!canMount) return;
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  fs.mkdirSync(disk);
  expect(mount('-t', 'tmpfs', '-o', `size=${ROOM}`, 'tmpfs', disk)).toBe(true);
  const end = await cli('run', 'tiny.csv', ...SMALL_JOB);
  expect(end.code, end.stderr).toBe(0);
});
afterAll(() => {
  if (canMount) spawnSync('umount', ['-l', disk]);
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What writes a file, and how the file is called. */
const WRITING: readonly (readonly [name: string, args: readonly string[]])[] = [
  ...['map.html', 'map.svg', 'map.png', 'map.parquet'].map((name) => [name, [...MAP, '-o']] as const),
  ...(
    [
      ['vectors.txt', 'word2vec'],
      ['vectors.bin', 'word2vec-binary'],
      ['vectors.npy', 'npy'],
      ['vectors.parquet', 'parquet'],
      ['vectors.tsv', 'tsv'],
      ['model.tar.gz', 'savedmodel'],
      ['model.onnx', 'onnx'],
    ] as const
  ).map(([name, format]) => [name, ['export', 'latest', '--format', format, '-o']] as const),
  ['card.html', ['card', 'latest', '-o']],
  ['predicted.csv', ['predict', 'latest', '--input', 'tiny.csv', '--output']],
];

describe.runIf(canMount)('a full disk', () => {
  it.each(WRITING)(
    'refuses %s: the one that was there stays, and none is left half-written',
    async (name, args) => {
      const place = path.join(disk, name.replace('.', '-'));
      fs.mkdirSync(place);
      fs.writeFileSync(path.join(place, name), EARLIER);
      const force = args[0] === 'export' || args[0] === 'predict' ? ['--force'] : [];
      fill(disk);
      try {
        const before = contents(place);
        expectFull(await cli(...args, path.join(place, name), ...force), name);
        expect(contents(place)).toEqual(before);
        expect(fs.readFileSync(path.join(place, name), 'utf8')).toBe(EARLIER);
        expectFull(await cli(...args, path.join(place, `new-${name}`)), `new ${name}`);
        expect(contents(place)).toEqual(before);
      } finally {
        fs.rmSync(path.join(disk, 'filler'));
      }
      const end = await cli(...args, path.join(place, `new-${name}`));
      expect(end.code, end.stderr).toBe(0);
    },
  );

  it('refuses a folder of a whole model, which is not made', async () => {
    fill(disk, 1);
    const output = path.join(disk, 'saved');
    try {
      expectFull(await cli('export', 'latest', '--format', 'savedmodel', '-o', output), 'savedmodel');
      expect(fs.existsSync(output)).toBe(false);
    } finally {
      fs.rmSync(path.join(disk, 'filler'));
    }
  });

  it('keeps no map, and shows it all the same', async () => {
    const store = path.join(disk, 'store');
    fs.cpSync(path.join(folder, '.recsys'), store, { recursive: true });
    const run = RunStore.open(store).resolve('latest');
    // Those that were made above.
    fs.rmSync(path.join(run.folder, 'maps'), { recursive: true, force: true });
    const before = contents(run.folder);
    const output = path.join(folder, 'elsewhere.html');
    const draw = () => cli(...MAP, '--store', store, '-o', output);
    for (const spare of [0, 1]) {
      fill(disk, spare);
      try {
        const end = await draw();
        expect(end.code, end.stderr).toBe(0);
        expect(end.stdout).toContain('not kept beside the run: the disk is full');
        expect(fs.readFileSync(output, 'utf8')).toContain('</html>');
      } finally {
        fs.rmSync(path.join(disk, 'filler'));
      }
      expect(contents(run.folder), `${spare} pages to spare`).toEqual(before);
    }
    expect((await draw()).stdout).not.toContain('not kept');
    expect((await draw()).stdout).toContain('made earlier');
  });
});
