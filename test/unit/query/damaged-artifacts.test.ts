/** Files of a finished run that were damaged afterwards: the true cause, a way out, and never figures made of them. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unreadable } from '../../../src/pipeline/store/damaged-file.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { recsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
let runFolder: string;

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const end = await cli('run', 'tiny.csv', ...SMALL_JOB, '--name', 'base');
  expect(end.code, end.stderr).toBe(0);
  runFolder = RunStore.open(path.join(folder, '.recsys')).resolve('base').folder;
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const MODEL = 'train/prod2vec-min-count-1';
const ASKED: readonly (readonly [string, readonly string[]])[] = [
  [`${MODEL}/items.parquet`, ['neighbours', 'artist0_1|||track0_1']],
  [`${MODEL}/train-counts.npy`, ['recommend', 'artist0_1|||track0_1']],
  [`${MODEL}/vectors.npy`, ['neighbours', 'artist0_1|||track0_1']],
  [`${MODEL}/model.json`, ['neighbours', 'artist0_1|||track0_1']],
  ['report/report.json', ['neighbours', 'artist0_1|||track0_1', '--run', 'base']],
];

/** What happens to a file, and what is said of it. */
const DAMAGES: readonly (readonly [string, (file: string) => void, RegExp])[] = [
  [
    'cut short',
    (file) => fs.truncateSync(file, fs.statSync(file).size - 7),
    /is broken: it has \d+ bytes, and had \d+ when it was written/,
  ],
  ['gone', (file) => fs.rmSync(file), /is broken: it is missing/],
  ['a folder', makeFolder, /is broken: it is no plain file/],
  ['of other bytes', changeOneByte, /is broken: its content was changed after it was written/],
];

function makeFolder(file: string): void {
  fs.rmSync(file);
  fs.mkdirSync(file);
}

function changeOneByte(file: string): void {
  const bytes = fs.readFileSync(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
  const later = new Date(Date.now() + 60_000);
  fs.utimesSync(file, later, later);
}

async function whileDamaged(
  file: string,
  damage: (file: string) => void,
  look: () => Promise<void>,
): Promise<void> {
  const bytes = fs.readFileSync(file);
  const { atime, mtime } = fs.statSync(file);
  try {
    damage(file);
    await look();
  } finally {
    fs.rmSync(file, { recursive: true, force: true });
    fs.writeFileSync(file, bytes);
    fs.utimesSync(file, atime, mtime);
  }
}

describe.each(DAMAGES)('a file that is %s', (_, damage, message) => {
  it.each(ASKED)('%s: %j says so', async (name, command) => {
    const file = path.join(runFolder, ...name.split('/'));
    await whileDamaged(file, damage, async () => {
      const end = await cli(...command, '--run', 'base', '--json');
      expect(end.code).toBe(1);
      expect(end.stderr).toMatch(message);
      expect(end.stderr).toContain(path.basename(name));
      expect(end.stderr.trimEnd().split('\n')).toHaveLength(2);
      // What programs read is the failure, and never a figure.
      expect(JSON.parse(end.stdout)).toMatchObject({ type: 'failure', exitCode: 1 });
    });
  });
});

it.each(['report/report.json', 'prepare/profile.json'])(
  'a damaged %s is shown with the rest of the run',
  async (name) => {
    await whileDamaged(
      path.join(runFolder, ...name.split('/')),
      (file) => fs.truncateSync(file, 10),
      async () => {
        const [show, json, runs] = [
          await cli('show', 'base'),
          await cli('show', 'base', '--json'),
          await cli('runs'),
        ];
        for (const { code, stdout } of [show, runs]) {
          expect(code).toBe(0);
          expect(stdout).toMatch(/damaged/);
          expect(stdout).toContain(path.basename(name));
        }
        expect(JSON.parse(json.stdout)).toMatchObject({
          state: 'damaged',
          damage: [{ message: expect.stringContaining('10 bytes') as string }],
        });
      },
    );
  },
);

it.each(['prepare/items.parquet', 'prepare/sequence-items.npy', 'prepare/layout.json'])(
  'a model answers without %s: its package is whole',
  async (name) => {
    const file = path.join(runFolder, ...name.split('/'));
    fs.renameSync(file, `${file}.away`);
    try {
      for (const command of ['neighbours', 'recommend']) {
        const end = await cli(command, 'artist0_1|||track0_1', '--run', 'base', '--json');
        expect([end.code, end.stderr]).toEqual([0, '']);
      }
    } finally {
      fs.renameSync(`${file}.away`, file);
    }
  },
);

it('a store that was copied is whole', async () => {
  fs.cpSync(path.join(folder, '.recsys'), path.join(folder, 'copy'), { recursive: true });
  const end = await cli('neighbours', 'artist0_1|||track0_1', '--store', 'copy', '-k', '999999999999');
  expect(end.code, end.stderr).toBe(0);
});

it.each([
  ['EACCES', /may not be read by this user \(EACCES\)/],
  ['EMFILE', /too many files are open/],
  ['EIO', /cannot be read: /],
  ['ENOENT', /is broken: it is missing/],
])('%s is told as what it is', (code, message) => {
  const error = Object.assign(new Error('cannot'), { code });
  expect(unreadable('/store/x', error).message).toMatch(message);
});
