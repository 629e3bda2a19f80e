import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NeighbourReply } from '../../../src/protocol/engine.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { cardData } from '../../../src/pipeline/views/card-data.ts';
import { countTestReads } from '../../../src/pipeline/views/test-reads.ts';
import { viewTuning } from '../../../src/pipeline/flows/tune/views/tuning-view.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { recsys, startRecsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { identities, temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const store = RunStore.open(path.join(folder, '.recsys'));
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
const SMALL = [
  ...['--model', 'prod2vec', '--vector-size', '8', '--min-count', '1', '--epochs', '9', '--seed', '1'],
  ...['--search', '{"window":[1,10]}'],
];
const TRIALS = [...SMALL, '--trials', '9'];
let first: CliEnd;

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  await cli('describe', 'tiny.csv', '--save');
  first = await cli('tune', 'tiny.csv', ...TRIALS, '--name', 'first');
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const statesOf = (run: RunFolder): Record<string, string> =>
  Object.fromEntries(viewTuning(run).trials.map(({ path: trial, state }) => [trial, state]));
const finished = (run: RunFolder): string[] =>
  Object.entries(statesOf(run)).flatMap(([trial, state]) => (state === 'succeeded' ? [trial] : []));

describe('recsys tune', () => {
  it('ends with the best trials, the command that uses them, and both parts of the winner', () => {
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/trials of Prod2vec in .*; the best on validation:/);
    expect(first.stdout).toMatch(/recsys run tiny\.csv .*--window \d+ /);
    expect(first.stdout).toMatch(/prod2vec-tuned \*/);
    expect(first.stdout).toMatch(/On test, by hitRate@10: .*prod2vec-tuned.* above popularity/);
    expect(first.stdout).toContain('The test part was read by this run only (4 models).');
  });

  it('promotes the best of each rung, and trains the start as long as the best', () => {
    const { trials, plan, outcome } = viewTuning(store.resolve('first'));
    const of = (rung: number) => trials.filter((trial) => trial.rung === rung);
    const inOrder = of(0)
      .sort((a, b) => (b.estimate?.value ?? 0) - (a.estimate?.value ?? 0))
      .map(({ trial }) => trial);
    expect(of(1).map(({ trial }) => trial)).toEqual(inOrder.slice(0, 3));
    expect(of(0).map(({ parameters }) => parameters?.['epochs'])).toEqual(Array(9).fill(1));
    expect(of(1).map(({ parameters }) => parameters?.['epochs'])).toEqual(Array(3).fill(3));
    const settled = of(2).filter(({ state }) => state === 'succeeded');
    expect(settled.map(({ trial }) => trial)).toContain(plan.start);
    for (const { parameters } of settled) expect(parameters?.['epochs']).toBe(9);
    const measured = trials.filter(({ estimate }) => estimate !== undefined);
    const best = Math.max(...measured.map(({ estimate }) => estimate?.value ?? 0));
    const winner = measured.find(({ path: trial }) => trial === outcome?.winner);
    expect(winner?.estimate?.value).toBe(best);
    expect(outcome?.options['epochs']).toBe(winner?.parameters?.['epochs']);
  });

  it('is shown, listed and drawn as any run is', async () => {
    const run = store.resolve('first');
    expect(viewRun(run)).toMatchObject({ state: 'succeeded', best: 'prod2vec-tuned', tunes: 'prod2vec' });
    const show = await cli('show', 'first', '--json');
    expect(JSON.parse(show.stdout)).toMatchObject({
      best: 'prod2vec-tuned',
      tuning: { metric: 'hitRate@10' },
      testReads: { runs: 1, models: 4 },
    });
    expect((await cli('runs')).stdout).toContain('prod2vec-tuned');
    expect((await cli('logs', 'first', '--step', 'explore/trial-002')).stdout).toContain('on validation');
    expect(cardData(store, run)).toMatchObject({ tuning: { plan: { kind: 'prod2vec' } } });
    expect((await cli('card', 'first', '-o', 'card.html')).code).toBe(0);
  });

  it('keeps the winner for neighbours, and no model of another trial', async () => {
    const asked = await cli('neighbours', 'artist0_1|||track0_1', '--run', 'first', '-k', '3', '--json');
    expect(NeighbourReply.parse(JSON.parse(asked.stdout))).toMatchObject({ model: 'prod2vec-tuned' });
    const other = await cli('neighbours', 'artist0_1|||track0_1', '--run', 'first', '--model', 'trial-001');
    expect(other).toMatchObject({ code: 3 });
    expect(other.stderr).toContain('It has: prod2vec-tuned, popularity, markov, sequential-item-knn.');
    const files = [...identities(store.resolve('first').folder).keys()];
    expect(files.filter((file) => file.endsWith('vectors.npy'))).toEqual([
      path.join('train', 'prod2vec-tuned', 'vectors.npy'),
    ]);
  });

  it('gives a command that works', async () => {
    const { command = '' } = viewTuning(store.resolve('first'));
    const words = command.split(' ').slice(1);
    const run = await cli(...words, '--models', 'prod2vec,popularity', '--name', 'used');
    expect(run.code, run.stderr).toBe(0);
    const { models } = store.resolve('used').manifest();
    expect(models.map(({ name }) => name)).toEqual(['prod2vec', 'popularity']);
    const best = viewTuning(store.resolve('first')).outcome?.options['window'];
    expect(models[0]?.parameters['window']).toBe(best);
    // Its data were prepared already, and the test part has now been read once more.
    expect(store.resolve('used').stepState('prepare')?.run).toBe(store.resolve('first').id);
    expect(countTestReads(store, store.resolve('first'))).toEqual({ runs: 2, models: 6 });
  }, 120_000);

  it('goes on with a tuning, whose finished trials are kept', async () => {
    const more = await cli('tune', 'first', '--trials', '12', '--name', 'more');
    expect(more.code, more.stderr).toBe(0);
    const run = store.resolve('more');
    expect(finished(run).filter((trial) => trial.startsWith('explore/'))).toHaveLength(12);
    expect(run.stepState('explore/trial-009')?.run).toBe(store.resolve('first').id);
    expect(run.stepState('explore/trial-010')?.run).toBe(run.id);
  }, 120_000);

  it('takes data and measures over from a run of another flow', async () => {
    await cli(
      'run',
      'tiny.csv',
      ...SMALL_JOB,
      '--models',
      'popularity',
      '--positions',
      'last',
      '--name',
      'base',
    );
    const tuned = await cli('tune', 'base', '--model', 'sequential-item-knn', '--trials', '3', '--json');
    expect(tuned.code, tuned.stderr).toBe(0);
    const { parameters, given } = store.resolve('latest').manifest();
    expect(parameters).toMatchObject({ positions: 'last', seed: 1 });
    expect([...given].sort()).toEqual(['model', 'positions', 'seed', 'trials']);
    const lines = tuned.stdout.trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('{'))).toBe(true);
  }, 120_000);

  it.each([
    [['tiny.csv'], 2, 'No model kind to tune was named.'],
    [['tiny.csv', '--model', 'markov'], 2, 'has nothing to tune'],
    [['nowhere', '--model', 'prod2vec'], 3, "No run is called 'nowhere'"],
    [['first', '--split', 'user'], 2, 'A dataset spec goes with data'],
    [['first'], 2, 'nothing in it is to change'],
    [['first', '--model', 'markov'], 2, 'has nothing to tune'],
  ])('refuses %j', async (args, code, message) => {
    const end = await cli('tune', ...args);
    expect(end.code).toBe(code);
    expect(end.stderr).toContain(message);
  });
});

describe('a budget in minutes', () => {
  it('starts no more trials when it is spent, and goes on with those there are', async () => {
    const end = await cli(
      'tune',
      'tiny.csv',
      ...SMALL,
      '--minutes',
      '0.0001',
      '--trials',
      '6',
      '--name',
      'short',
    );
    expect(end.code, end.stderr).toBe(0);
    const run = store.resolve('short');
    const states = statesOf(run);
    expect(states['explore/trial-001']).toBe('succeeded');
    expect(states['explore/trial-006']).toBe('skipped');
    expect(run.stepState('explore/trial-006')?.reason).toBe(
      'not started: the budget of 0.0001 minutes is spent',
    );
    expect(finished(run)).toContain('settle/place-1');
    expect(viewRun(run)).toMatchObject({ state: 'succeeded', best: 'prod2vec-tuned' });
    expect((await cli('resume', 'short')).stderr).toContain('there is nothing to resume');
  }, 60_000);

  it('grants more in a new run, which keeps the trials that were finished', async () => {
    const before = finished(store.resolve('short')).filter((trial) => trial.startsWith('explore/'));
    const end = await cli('tune', 'short', '--minutes', '5', '--name', 'longer');
    expect(end.code, end.stderr).toBe(0);
    const run = store.resolve('longer');
    expect(Object.values(statesOf(run)).filter((state) => state === 'skipped').length).toBeLessThan(2);
    for (const trial of before) expect(run.stepState(trial)?.run).toBe(store.resolve('short').id);
  }, 60_000);
});

describe('an interrupted tuning', () => {
  it('shows its trials so far, and goes on with them as they were', async () => {
    const { child, end } = startRecsys(
      [
        ...['tune', 'tiny.csv', ...TRIALS, '--epochs', '450', '--patience', '0'],
        ...['--name', 'killed', '--max-workers', '2'],
      ],
      { cwd: folder },
    );
    const deadline = Date.now() + 30_000;
    const some = (): boolean => {
      try {
        return finished(store.resolve('killed')).length >= 3;
      } catch {
        return false;
      }
    };
    while (!some()) {
      if (Date.now() > deadline) throw new Error('no trial was finished in time');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGKILL');
    await end;
    const run = store.resolve('killed');
    // Trials that ran beside the one that was killed may still end.
    await vi.waitFor(
      () => expect(viewRun(run).steps.map(({ state }) => state)).not.toContain('running'),
      20_000,
    );
    const done = finished(run);
    expect(done.length).toBeLessThan(9);
    const before = done.map((trial) => [...identities(run.stepFolder(trial))]);
    const shown = await cli('show', 'killed');
    expect(shown.stdout).toMatch(new RegExp(`${done.length} trials of Prod2vec .* the best on validation`));
    const resumed = await cli('tune', 'killed');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(done.map((trial) => [...identities(run.stepFolder(trial))])).toEqual(before);
    expect(viewRun(run)).toMatchObject({ state: 'succeeded', best: 'prod2vec-tuned' });
    expect(finished(run).filter((trial) => trial.startsWith('explore/'))).toHaveLength(9);
  }, 120_000);
});
