import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recsys, type CliEnd } from '../support/recsys-cli.ts';
import { tinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'data.csv');
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const SPEC = ['--sequence', 'playlist', '--item', 'track', '--order', 'position', '--split', 'sequence'];
const prepareFile = (): Promise<CliEnd> => cli('prepare', 'data.csv', ...SPEC);

describe('prepared data', () => {
  const text = tinyPlaylists(2000);
  beforeAll(async () => {
    fs.writeFileSync(file, text);
    fs.utimesSync(file, 1_700_000_000, 1_700_000_000);
    expect((await prepareFile()).code).toBe(0);
  });

  it('are reused for the same content, touched or moved', async () => {
    fs.utimesSync(file, 1_600_000_000, 1_600_000_000);
    expect((await prepareFile()).stderr).toMatch(/reused/);
    fs.renameSync(file, path.join(folder, 'moved.csv'));
    expect((await cli('prepare', 'moved.csv', ...SPEC)).stderr).toMatch(/reused/);
    fs.renameSync(path.join(folder, 'moved.csv'), file);
  });

  it('are said what was said when they were made', async () => {
    const words = [
      'prepare',
      'warned.csv',
      '--sequence',
      's',
      '--item',
      'i',
      '--no-order',
      '--split',
      'sequence',
    ];
    const rows = Array.from({ length: 90 }, (_, n) => `s${n % 30},i${n % 7}`);
    fs.writeFileSync(path.join(folder, 'warned.csv'), `s,i\n${[...rows, rows[0]].join('\n')}\n`);
    const warning = '2 rows equal another row in every column used.';
    expect((await cli(...words)).stderr).toContain(warning);
    const again = await cli(...words);
    expect(again.stderr).toMatch(/reused/);
    expect(again.stdout + again.stderr).toContain(warning);
  });

  it('are made anew after an edit anywhere that keeps the size and the time', async () => {
    // Far from the beginning, the middle and the end.
    const at = text.indexOf('track', Math.floor(text.length / 4));
    fs.writeFileSync(file, `${text.slice(0, at)}tracq${text.slice(at + 5)}`);
    fs.utimesSync(file, 1_600_000_000, 1_600_000_000);
    const { stderr } = await prepareFile();
    expect(stderr).not.toMatch(/reused/);
  });

  it('of files whose names say the split are made anew after two of them changed names', async () => {
    const lines = (from: number): string =>
      Array.from({ length: 30 }, (_, s) => `s${from + s} a b c d${s % 3}\n`).join('');
    for (const [name, from] of [
      ['train', 0],
      ['valid', 100],
      ['test', 200],
    ] as const)
      fs.writeFileSync(path.join(folder, `${name}.txt`), lines(from));
    const prepareLines = (): Promise<CliEnd> =>
      cli('prepare', '*.txt', '--split', 'column', '--split-column', 'file');
    expect((await prepareLines()).code).toBe(0);
    expect((await prepareLines()).stderr).toMatch(/reused/);
    for (const [from, to] of [
      ['train', 'x'],
      ['test', 'train'],
      ['x', 'test'],
    ])
      fs.renameSync(path.join(folder, `${from}.txt`), path.join(folder, `${to}.txt`));
    const { code, stderr } = await prepareLines();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/reused/);
  });
});

describe('going on with a run', () => {
  it('from a step of the latest run of a file refuses a file that was changed since', async () => {
    fs.writeFileSync(file, tinyPlaylists(60));
    await prepareFile();
    fs.writeFileSync(file, tinyPlaylists(60, 2));
    const { code, stderr } = await cli('run', 'data.csv', '--from', 'train');
    expect(code).toBe(1);
    expect(stderr).toMatch(/data.csv was changed after the run began/);
  });

  it('says that its data are others by now', async () => {
    fs.writeFileSync(file, tinyPlaylists(60));
    await prepareFile();
    fs.writeFileSync(file, tinyPlaylists(60, 2));
    const { code, stderr } = await cli('train', 'latest', '--models', 'popularity');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /data.csv was changed after run .* began, which goes on with the data as they were/,
    );
  });
});
