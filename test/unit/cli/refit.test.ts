/** `recsys refit`: the built command line trains the best model of a finished run on all rows. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NeighbourReply, RecommendReply } from '../../../src/protocol/engine.ts';
import { cancelRun } from '../../../src/pipeline/flow/request-cancel.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { viewStore } from '../../../src/pipeline/views/view-store.ts';
import { recsys, startRecsys, type CliEnd } from '../support/recsys-cli.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const store = RunStore.open(path.join(folder, '.recsys'));
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const KILL_AT = pathToFileURL(fileURLToPath(new URL('../../crash/kill-at.mjs', import.meta.url))).href;
const MEMBERS = 'prod2vec-min-count-1,n-gram';
const JOB = [
  ...['--models', 'prod2vec,n-gram,stack,popularity', '--sets', '[{"min_count":1}]', '--seed', '1'],
  ...['--vector-size', '8', '--epochs', '2', '--stack-members', MEMBERS, '--deterministic', 'true'],
];
const OF_STACK = [...MEMBERS.split(','), 'stack'].map((name) => `everything/${name}`);
let rows: number;

async function made(name: string, ...more: string[]): Promise<RunFolder> {
  const end = await cli('run', 'tiny.csv', ...JOB, '--name', name, ...more);
  expect(end.code, end.stderr).toBe(0);
  return store.resolve(name);
}

const bytesOf = (run: RunFolder, task: string): string =>
  fs.readFileSync(path.join(run.stepFolder(task), 'model.json'), 'utf8');

beforeAll(() => {
  const data = path.join(folder, 'tiny.csv');
  writeTinyPlaylists(data);
  rows = fs.readFileSync(data, 'utf8').trimEnd().split('\n').length - 1;
});

describe('recsys refit', { timeout: 120_000 }, () => {
  let run: RunFolder;
  beforeAll(async () => {
    run = await made('first');
  }, 60_000);

  it('trains the model with those it is made of, and says what to expect', async () => {
    const report = fs.readFileSync(path.join(run.stepFolder('report'), 'report.json'), 'utf8');
    const end = await cli('refit', 'first', '--model', 'stack');
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain(`stack is trained on all ${rows.toLocaleString('en-US')} rows of`);
    expect(end.stdout).toContain('What to expect of it');
    expect(end.stdout).toContain('before the model saw it');
    expect(end.stdout).toMatch(/hitRate@10 +\.\d+/);
    expect(fs.readFileSync(path.join(run.stepFolder('report'), 'report.json'), 'utf8')).toBe(report);
    expect(store.runIds()).toEqual([run.id]);
    const steps = viewRun(run).steps.map((step) => step.path);
    expect(steps.filter((step) => step.startsWith('everything/'))).toEqual(OF_STACK);
    expect(viewRun(run)).toMatchObject({ state: 'succeeded', everything: ['stack'] });
  });

  it('is said in lists, from what the driver kept', async () => {
    expect(viewStore(store).runs[0]).toMatchObject({ everything: ['stack'], state: 'succeeded' });
    expect((await cli('runs')).stdout).toMatch(/stack( on everything| \(on everything\))/);
    expect((await cli('show', 'first')).stdout).toContain('stack trained on everything (--everything)');
    const shown = JSON.parse((await cli('show', 'first', '--json')).stdout) as { everything: string[] };
    expect(shown.everything).toEqual(['stack']);
    expect((await cli('logs', 'first', '--step', 'everything/stack')).code).toBe(0);
  });

  it('does nothing where it is done, and says so', async () => {
    const before = bytesOf(run, 'everything/stack');
    const { code, stderr } = await cli('refit', 'first', '--model', 'stack');
    expect(code).toBe(0);
    expect(stderr).toContain('everything/stack is trained already');
    expect(bytesOf(run, 'everything/stack')).toBe(before);
    expect(run.driverState()?.attempt).toBe(2);
    expect((await cli('resume', 'first')).stderr).toContain('there is nothing to resume');
  });

  it('answers: of the run, by itself, and as a package alike', async () => {
    const item = 'artist0_1|||track0_1';
    const asked = async (...args: string[]): Promise<RecommendReply> => {
      const end = await cli('recommend', item, '--json', ...args);
      expect(end.code, end.stderr).toBe(0);
      return JSON.parse(end.stdout) as RecommendReply;
    };
    const copy = path.join(folder, 'copy');
    fs.cpSync(run.stepFolder('everything/stack'), copy, { recursive: true });
    const ofRun = await asked('--run', 'first', '--model', 'stack', '--everything');
    const ofPackage = await asked('--package', copy);
    expect(ofRun).toMatchObject({ run: run.id, everything: true, model: 'stack' });
    expect(ofPackage.recommendations).toEqual(ofRun.recommendations);
    const measured = await asked('--run', 'first', '--model', 'stack');
    expect(measured.everything).toBeUndefined();
    expect(measured.recommendations).not.toEqual(ofRun.recommendations);
    const near = await cli('neighbours', item, '--run', 'first', '--everything', '--json');
    expect((JSON.parse(near.stdout) as NeighbourReply).model).toBe('prod2vec-min-count-1');
    expect((await cli('neighbours', item, '--package', copy, '--everything')).code).toBe(2);
    expect((await cli('neighbours', item, '--everything')).stdout).toContain('trained on everything');
  });

  it('refuses what the run cannot do', async () => {
    const unknown = await cli('refit', 'first', '--model', 'none');
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining("has no model 'none'")]);
    const end = await cli('recommend', 'x', '--everything', '--model', 'popularity', '--run', 'first');
    expect(end.stderr).toContain("'popularity' of run");
    expect(end.stderr).toContain('These were: ');
    await cli('prepare', 'tiny.csv', '--name', 'prepared');
    const early = await cli('refit', 'prepared');
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/has no report yet[\s\S]*recsys train/);
  });

  it('says of a best model that learnt nothing but what is popular that it did', async () => {
    const popular = await made('popular', '--models', 'popularity');
    const end = await cli('refit', 'popular');
    expect(end.code, end.stderr).toBe(0);
    expect(popular.stepState('everything/popularity')?.warnings.join()).toContain(
      'The best model of this run is popularity',
    );
  });

  it('goes on after a step, and then the driver, was killed, to the same package', async () => {
    const other = await made('killed');
    const killedIn = async (words: string[], kill: { process: string; boundary: number }): Promise<void> => {
      const told = path.join(folder, `killed-${kill.boundary}`);
      const env = {
        NODE_OPTIONS: `--import ${KILL_AT}`,
        RECSYS_TEST_KILL: JSON.stringify(kill),
        RECSYS_TEST_KILLED: told,
      };
      await recsys(words, { cwd: folder, env });
      expect(fs.existsSync(told)).toBe(true);
      await vi.waitFor(() => expect(['failed', 'interrupted']).toContain(viewRun(other).state), {
        timeout: 10_000,
      });
    };
    await killedIn(['refit', other.id, '--model', 'stack'], { process: 'everything/n-gram', boundary: 14 });
    expect(viewRun(other).failure?.message).toContain('everything/n-gram');
    expect((await cli('recommend', 'artist0_1|||track0_1', '--run', other.id)).code).toBe(0);
    const done = bytesOf(other, 'everything/prod2vec-min-count-1');
    await killedIn(['resume', other.id], { process: 'driver', boundary: 20 });
    const end = await cli('resume', other.id);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain('stack is trained on all');
    expect(other.stepState('everything/prod2vec-min-count-1')?.attempt).toBe(1);
    expect(bytesOf(other, 'everything/prod2vec-min-count-1')).toBe(done);
    expect(bytesOf(other, 'everything/stack')).toBe(bytesOf(run, 'everything/stack'));
  });

  it('can be cancelled, and the run answers as before', async () => {
    const other = await made('cancelled', '--epochs', '150', '--vector-size', '64');
    const { end } = startRecsys(['refit', 'cancelled', '--model', 'stack'], { cwd: folder });
    await vi.waitFor(
      () =>
        expect(
          viewRun(other).steps.some(({ path: step, state }) => step === OF_STACK[0] && state === 'running'),
        ).toBe(true),
      { timeout: 20_000, interval: 10 },
    );
    await cancelRun(store, other.id);
    expect((await end).code).toBe(130);
    expect(viewRun(other)).toMatchObject({ state: 'cancelled' });
    expect(viewRun(other).everything).toBeUndefined();
    const asked = await cli('recommend', 'artist0_1|||track0_1', '--json');
    expect((JSON.parse(asked.stdout) as RecommendReply).run).toBe(other.id);
  });
});
