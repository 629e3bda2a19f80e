/**
 * A flow with another report, another headline, a card section of its own and another kind of model, which nothing outside
 * its folder knows: it runs, is listed, shown, resumed, cancelled and tuned by the product's own commands.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distDir } from '../../../src/pipeline/dist-dir.ts';
import { cardData } from '../../../src/pipeline/views/card-data.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { viewStore } from '../../../src/pipeline/views/view-store.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { bundlePrograms } from '../support/bundle-programs.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import './register.ts';

const folder = temporaryFolder();
/** Under the package, so that the program finds its kernels. */
const results = path.join(path.dirname(distDir()), 'test-results');
fs.mkdirSync(results, { recursive: true });
const built = fs.mkdtempSync(path.join(results, 'other-flow-'));
const program = path.join(built, 'cli.mjs');

interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): { child: ChildProcess; end: Promise<End> } {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const end = new Promise<End>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return { child, end };
}
const cli = (...args: string[]): Promise<End> => start(...args).end;
const store = (): RunStore => RunStore.open(path.join(folder, '.recsys'));

beforeAll(async () => {
  await bundlePrograms([path.join(import.meta.dirname, 'cli.ts')], built);
  writeTinyPlaylists(path.join(folder, 'tiny.csv'), 60);
  const end = await cli('run', 'tiny.csv', '--flow', 'coverage', '--depth', '7', '--name', 'whole');
  expect(end.code, end.stderr).toBe(0);
  // What its end prints is the section of its card.
  expect(end.stdout).toContain('How much of the catalogue is covered');
  expect(end.stdout).toMatch(/more +7/);
}, 120_000);
afterAll(() => {
  for (const made of [folder, built]) fs.rmSync(made, { recursive: true, force: true });
});

describe('another flow', () => {
  test('is listed and shown with its own headline', async () => {
    const [row] = viewStore(store()).runs;
    expect(row).toMatchObject({
      state: 'succeeded',
      best: 'more',
      headline: { metric: 'coverage' },
    });
    const shown = await cli('show', 'whole', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      flow: 'coverage',
      best: 'more',
      coverage: [
        { model: 'more', items: 7 },
        { model: 'one', items: 1 },
      ],
    });
    expect((await cli('show', 'whole')).stdout).toContain('Coverage of each model'.slice(0, 8));
    expect((await cli('runs')).stdout).toContain('coverage');
  });

  test('has its section on the card, and in the file of it', async () => {
    const card = cardData(store(), store().resolve('whole'));
    expect(card.report).toBeUndefined();
    expect(card.sections?.map(({ title }) => title)).toEqual(['How much of the catalogue is covered']);
    const end = await cli('card', 'whole', '-o', 'card.html');
    expect(end.code, end.stderr).toBe(0);
    expect(fs.readFileSync(path.join(folder, 'card.html'), 'utf8')).toContain(
      'How much of the catalogue is covered',
    );
  });

  test('answers with its own kind of model, of the run and of the package', async () => {
    const of = async (...args: string[]): Promise<unknown> => {
      const end = await cli('recommend', 'artist0_1|||track0_1', '-k', '3', '--json', ...args);
      expect(end.code, end.stderr).toBe(0);
      return (JSON.parse(end.stdout) as { recommendations: unknown }).recommendations;
    };
    const run = store().resolve('whole');
    const ofRun = await of('--run', 'whole');
    expect(ofRun).toHaveLength(3);
    expect(await of('--package', run.stepFolder('train/more'))).toEqual(ofRun);
  });

  test('goes on from a prepared run, whose flow needs not be named, and with other parameters', async () => {
    const prepared = await cli('prepare', 'tiny.csv', '--flow=coverage', '--name', 'prepared', '--seed', '2');
    expect(prepared.code, prepared.stderr).toBe(0);
    expect(viewRun(store().resolve('prepared')).next).toBe('train');
    const trained = await cli('train', 'prepared');
    expect(trained.code, trained.stderr).toBe(0);
    const more = await cli('evaluate', 'prepared', '--depth', '9', '--name', 'nine');
    expect(more.code, more.stderr).toBe(0);
    expect(viewRun(store().resolve('nine'))).toMatchObject({ state: 'succeeded', best: 'more' });
    const again = await cli('run', '--like', 'nine', '--name', 'again');
    expect(again.code, again.stderr).toBe(0);
    expect(store().resolve('again').manifest()).toMatchObject({
      flow: 'coverage',
      parameters: { depth: 9, seed: 2 },
    });
  });

  test('is cancelled, and resumed', async () => {
    const { end } = start('run', 'tiny.csv', '--flow', 'coverage', '--ticks', '40', '--name', 'slow');
    await expect
      .poll(() => {
        try {
          return store().resolve('slow').stepState('train/one')?.state;
        } catch {
          return undefined;
        }
      })
      .toBe('running');
    expect((await cli('cancel', 'slow')).code).toBe(0);
    expect((await end).code).toBe(130);
    expect(viewRun(store().resolve('slow')).state).toBe('cancelled');
    const resumed = await cli('resume', 'slow');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(viewRun(store().resolve('slow')).state).toBe('succeeded');
  });

  test('is tuned by the flow that searches its parameters', async () => {
    const end = await cli('tune', 'tiny.csv', '--flow', 'coverage', '--trials', '4', '--name', 'tuning');
    expect(end.code, end.stderr).toBe(0);
    expect(viewRun(store().resolve('tuning'))).toMatchObject({
      state: 'succeeded',
      tunes: 'newest-items',
      leading: { path: 'train/depth-4', value: 4 },
      best: 'depth-4',
    });
  });

  test('is one of so many runs as are asked for, and how many are older is said', async () => {
    const all = viewStore(store()).runs.length;
    const newest = await cli('runs', '--last', '2');
    expect(newest.stdout).toContain(`${all - 2} older runs: recsys runs --all`);
    expect(newest.stdout.match(/^\d{8}-/gm)).toHaveLength(2);
    expect((await cli('runs', '--all')).stdout.match(/^\d{8}-/gm)).toHaveLength(all);
  });

  test('leaves the first flow the one that is started unless told otherwise', async () => {
    const help = await cli('run', '--help');
    expect(help.stdout).toContain('--flow <name>');
    expect(help.stdout).toContain('next-item, coverage');
    expect(help.stdout).toContain('--models');
    expect((await cli('run', '--flow', 'coverage', '--help')).stdout).toContain('--depth');
    const wrong = await cli('run', 'tiny.csv', '--flow', 'nope');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("no flow 'nope'")]);
  });
});
