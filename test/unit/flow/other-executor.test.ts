/** A run whose tasks are done elsewhere, by an executor that shares no path with it, has the same bytes. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepEvent } from '../../../src/protocol/events.ts';
import { Driver } from '../../../src/pipeline/flow/driver.ts';
import { planRun, type Task } from '../../../src/pipeline/flow/plan.ts';
import { requestCancel } from '../../../src/pipeline/flow/request-cancel.ts';
import { flowOf } from '../../../src/pipeline/flows/registry.ts';
import { tuneFlow } from '../../../src/pipeline/flows/tune/tune-flow.ts';
import { NO_LABELS } from '../../../src/pipeline/launch/new-run.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { FolderExecutor } from '../support/folder-executor.ts';
import { recsys } from '../support/recsys-cli.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const KINDS = 'recency-encoder,prod2vec,sequential-item-knn,session-knn,group-affinity,blend,popularity';
const OPTIONS = [
  ...['--deterministic', '--seed', '3', '--models', KINDS, '--sets', '[{"min_count":1}]'],
  ...['--vector-size', '8', '--epochs', '2', '--encoder-vector-size', '8', '--encoder-epochs', '2'],
  ...['--encoder-heads', '1', '--no-encoder-tune', '--no-session-tune', '--no-knn-tune'],
];
const flow = flowOf('next-item');
let here: RunFolder;

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const end = await recsys(['run', 'tiny.csv', ...OPTIONS], { cwd: folder });
  expect(end.code, end.stderr).toBe(0);
  here = RunStore.open(path.join(folder, '.recsys')).resolve('latest');
}, 240_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Elsewhere {
  readonly store: RunStore;
  readonly run: RunFolder;
  readonly executor: FolderExecutor;
  readonly driver: Driver;
}

/** The same run in a store of its own, whose tasks are done elsewhere. */
async function elsewhere(
  name: string,
  onEvent: (step: string, event: StepEvent) => void = () => undefined,
  manifest = here.manifest(),
): Promise<Elsewhere> {
  const store = RunStore.open(path.join(folder, name));
  const run = await store.createRun(manifest, NO_LABELS);
  const root = path.join(folder, `${name}-places`);
  fs.mkdirSync(root);
  const executor = new FolderExecutor(root);
  const driver = new Driver(flowOf(manifest.flow), store, run, {
    ...{ executor, maxWorkers: 2, threads: 1, memoryLimit: 4096 },
    onEvent,
  });
  return { store, run, executor, driver };
}

const tasksOf = (run: RunFolder): Task[] => planRun(flow, run.manifest(), 'report');

/** What a task left, less the times of it that stand in JSON. */
function bytesOf(run: RunFolder, { path: task }: Task): Map<string, string> {
  const artifacts = run.stepState(task)?.artifacts ?? [];
  return new Map(
    artifacts.map(({ file }) => {
      const bytes = fs.readFileSync(path.join(run.stepFolder(task), file));
      return [
        file,
        file.endsWith('.json')
          ? bytes.toString('utf8').replace(/"seconds": ?[\d.e-]+/g, '')
          : bytes.toString('base64'),
      ];
    }),
  );
}

describe('an executor that copies inputs in and outputs out', () => {
  test('finishes a run with the same bytes, though its data are where they were no more', async () => {
    const events: [string, StepEvent][] = [];
    const { run, executor, driver } = await elsewhere('away', (step, event) => events.push([step, event]));
    const data = path.join(folder, 'tiny.csv');
    executor.upload([data]);
    fs.renameSync(data, `${data}.away`);
    try {
      expect(await driver.drive('report')).toEqual({ outcome: 'succeeded' });
    } finally {
      fs.renameSync(`${data}.away`, data);
    }
    const tasks = tasksOf(run);
    expect(executor.started.toSorted()).toEqual(tasks.map((task) => task.path).toSorted());
    for (const task of tasks) {
      expect([task.path, run.stepState(task.path)?.key]).toEqual([task.path, task.key]);
      expect(bytesOf(run, task), task.path).toEqual(bytesOf(here, task));
    }
    const said = events.flatMap(([step, event]) =>
      event.type === 'state' && event.state === 'succeeded' ? [step] : [],
    );
    expect(said).toEqual(expect.arrayContaining(tasks.map((task) => task.path)));
  });

  test('keeps to the budget of a tuning, whose trials see nothing of each other there', async () => {
    const { models, parameters } = tuneFlow.plan(
      {
        ...{ model: 'prod2vec', minutes: 0.0001, trials: 3, seed: 3, deterministic: true },
        ...{ vectorSize: 8, minCount: 1, epochs: 3, search: '{"window":[1,10]}' },
      },
      { hasGroups: false },
    );
    const tuning = { ...here.manifest(), flow: 'tune', models: [...models], parameters, until: 'report' };
    const { run, executor, driver } = await elsewhere('tuned', undefined, tuning);
    executor.upload([path.join(folder, 'tiny.csv')]);
    expect(await driver.drive('report')).toEqual({ outcome: 'succeeded' });
    const { state, reason } = run.stepState('explore/trial-003') ?? {};
    expect([state, reason]).toEqual(['skipped', 'not started: the budget of 0.0001 minutes is spent']);
    expect(run.stepState('explore/trial-001')?.state).toBe('succeeded');
  });

  test('tells why a task failed there, and goes on with what is left', async () => {
    const { run, executor, driver } = await elsewhere('failing');
    // Nothing was uploaded, so prepare finds no data.
    const { outcome, failure } = await driver.drive('report');
    expect([outcome, failure?.message]).toEqual(['failed', expect.stringContaining('tiny.csv')]);
    expect(run.stepState('prepare')?.state).toBe('failed');
    executor.upload([path.join(folder, 'tiny.csv')]);
    expect(await driver.drive('prepare')).toEqual({ outcome: 'succeeded' });
  });

  test('that cannot start a task fails it alone, with the reason', async () => {
    const { run, driver, executor } = await elsewhere('refusing');
    executor.start = () => {
      throw new Error('the queue is full');
    };
    const { outcome, failure } = await driver.drive('prepare');
    expect([outcome, failure?.message]).toEqual(['failed', expect.stringContaining('the queue is full')]);
    expect(run.driverState()?.state).toBe('failed');
  });

  test('that brings nothing back has not succeeded, whatever it says of the end', async () => {
    const { run, driver, executor } = await elsewhere('forgetful');
    executor.start = () => ({ ended: Promise.resolve({}), stop: () => undefined });
    const { outcome, failure } = await driver.drive('prepare');
    expect([outcome, failure?.message]).toEqual(['failed', expect.stringContaining('left no result')]);
    expect(run.stepState('prepare')).toBeUndefined();
  });

  test('is asked to stop when the run is cancelled', async () => {
    const { run, executor, driver } = await elsewhere('cancelled');
    executor.upload([path.join(folder, 'tiny.csv')]);
    const driving = driver.drive('report');
    await expect.poll(() => executor.started.length).toBeGreaterThan(0);
    requestCancel(run);
    expect(await driving).toEqual({ outcome: 'cancelled' });
    expect(executor.started).toEqual(['prepare']);
  });
});
