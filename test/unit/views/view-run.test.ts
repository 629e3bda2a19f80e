import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/protocol/run.ts';
import { type RunRow, StoreView } from '../../../src/protocol/run-row.ts';
import { RunView } from '../../../src/protocol/run-view.ts';
import type { DriverState, ProcessIdentity, StepState } from '../../../src/protocol/step.ts';
import { planTuneRun } from '../../../src/pipeline/flows/tune/tune-plan.ts';
import { writeJson } from '../../../src/pipeline/store/atomic-file.ts';
import { EventLog } from '../../../src/pipeline/store/event-log.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import { expiredRuns } from '../../../src/pipeline/store/retention.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { cardData } from '../../../src/pipeline/views/card-data.ts';
import { showRun } from '../../../src/pipeline/views/show-json.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { viewStore } from '../../../src/pipeline/views/view-store.ts';
import { temporaryStore, toyManifest } from '../support/toy-store.ts';

let folder: string;
let store: RunStore;
let run: RunFolder;
const gone: ProcessIdentity = { ...ownIdentity(), pid: 2 ** 22 + 1 };
const STARTED = '2026-11-22T12:00:00.000Z';

const manifest = (changes: Partial<RunManifest> = {}): RunManifest =>
  toyManifest({
    ...{ flow: 'next-item', until: 'report' },
    models: [
      { name: 'popularity', kind: 'popularity', parameters: {}, given: [] },
      { name: 'markov', kind: 'markov', parameters: {}, given: [] },
    ],
    ...changes,
  });

beforeEach(async () => {
  const temporary = temporaryStore();
  ({ folder, store } = temporary);
  run = await store.createRun(manifest(), { tags: ['t'], starred: true });
  return temporary.remove;
});

async function driver(state: DriverState['state'], more: Partial<DriverState> = {}, of = run): Promise<void> {
  fs.mkdirSync(of.stepFolder('driver'), { recursive: true });
  const base = { format: 1, attempt: 1, process: ownIdentity(), until: 'report', started: STARTED };
  await writeJson(of.stateFile('driver'), { ...base, state, ...more });
}

async function step(
  name: string,
  state: StepState['state'],
  more: Partial<StepState> = {},
  of = run,
): Promise<void> {
  fs.mkdirSync(of.stepFolder(name), { recursive: true });
  await writeJson(of.stateFile(name), {
    ...{ format: 1, run: of.id, path: name, key: 'k', attempt: 1, process: ownIdentity(), started: STARTED },
    ...{ warnings: [], metrics: {}, artifacts: [], state },
    ...more,
  });
}

const states = (): Record<string, string> =>
  Object.fromEntries(viewRun(run).steps.map((one) => [one.path, one.state]));

describe('a run as it is shown', () => {
  it('is pending before anything began', () => {
    expect(viewRun(run)).toMatchObject({
      state: 'pending',
      labels: { tags: ['t'], starred: true },
      bytes: 0,
    });
    expect(states()).toEqual({
      ...{ prepare: 'pending', 'train/popularity': 'pending', 'train/markov': 'pending' },
      ...{ 'evaluate/popularity': 'pending', 'evaluate/markov': 'pending', report: 'pending' },
    });
  });

  it('is running, with the progress of this attempt and a fraction of the whole', async () => {
    await driver('running');
    fs.mkdirSync(run.stepFolder('prepare'));
    const log = new EventLog(run.eventsFile('prepare'));
    log.append({ type: 'progress', stage: 'reading', done: 90, total: 100, unit: 'rows' });
    log.close();
    await step('prepare', 'running', { started: new Date(Date.now() + 1000).toISOString() });
    expect(viewRun(run).steps[0]?.progress).toBeUndefined();
    await step('prepare', 'running', { started: new Date(Date.now() - 1000).toISOString() });
    const view = viewRun(run);
    expect(view.state).toBe('running');
    expect(view.steps[0]?.progress).toMatchObject({ stage: 'reading', done: 90 });
    expect(view.fraction).toBeGreaterThan(0);
    expect(view.fraction).toBeLessThan(0.5);
    expect(view.seconds).toBeGreaterThan(0);
    expect(RunView.safeParse(view).success).toBe(true);
  });

  it('has as best so far what is best of all that is measured, whichever rung measured it', async () => {
    const { parameters, models } = planTuneRun({ model: 'prod2vec', trials: 9 }, { hasGroups: false });
    const planned = manifest({ flow: 'tune', parameters, models: [...models] });
    const tuning = await store.createRun(planned, { tags: [], starred: false });
    const measured = (name: string, value: number): Promise<void> =>
      step(name, 'succeeded', { metrics: { 'hitRate@100': value } }, tuning);
    await measured('explore/trial-001', 0.5433);
    await measured('refine/place-1', 0.5497);
    await measured('settle/place-1', 0.296);
    expect(viewRun(tuning).leading).toMatchObject({ path: 'refine/place-1', value: 0.5497 });
    await measured('settle/start', 0.5497);
    expect(viewRun(tuning).leading).toMatchObject({ path: 'settle/start' });
  });

  it('is interrupted when its process is gone, and so are its steps', async () => {
    await driver('running', { process: gone });
    await step('prepare', 'succeeded', { finished: '2026-11-22T12:00:02.500Z' });
    await step('train/popularity', 'running', { process: gone });
    await step('train/markov', 'running');
    const view = viewRun(run);
    expect(view).toMatchObject({ state: 'interrupted' });
    expect(view.seconds).toBeUndefined();
    expect(view.fraction).toBeUndefined();
    expect(states()).toMatchObject({
      prepare: 'succeeded',
      'train/popularity': 'interrupted',
      'train/markov': 'running',
    });
    expect(view.steps[0]?.seconds).toBe(2.5);
  });

  it.each(['succeeded', 'failed', 'cancelled'] as const)('is %s when it says so', async (state) => {
    const failure = { message: 'm', hint: 'h' };
    await driver(state, { process: gone, finished: STARTED, ...(state === 'failed' ? { failure } : {}) });
    const view = viewRun(run);
    expect(view.state).toBe(state);
    expect(view.failure).toEqual(state === 'failed' ? failure : undefined);
    expect(view.seconds).toBe(0);
  });

  it('shows the steps up to the last one it was ever asked for', async () => {
    const short = await store.createRun(manifest({ until: 'prepare' }), { tags: [], starred: false });
    expect(viewRun(short).steps.map((one) => one.path)).toEqual(['prepare']);
    await driver('succeeded', { until: 'train' }, short);
    expect(viewRun(short).steps).toHaveLength(3);
    await driver('succeeded', { until: 'prepare' });
    expect(viewRun(run).steps).toHaveLength(6);
  });

  it('says from which run a step came, and counts shared bytes once in the store', async () => {
    const artifacts = [{ name: 'items', file: 'items.parquet', bytes: 1000, sha256: '' }];
    await step('prepare', 'succeeded', { artifacts });
    const later = await store.createRun(manifest(), { tags: [], starred: false });
    await step('prepare', 'succeeded', { run: run.id, artifacts }, later);
    expect(viewRun(later).steps[0]?.from).toBe(run.id);
    expect(viewRun(run).steps[0]?.from).toBeUndefined();
    const view = viewStore(store);
    expect(view.runs.map((one) => one.bytes)).toEqual([1000, 1000]);
    expect(view.bytes).toBe(1000);
  });
});

describe('a store as it is shown', () => {
  it('lists what cannot be read apart, with the reason', async () => {
    const make = (): Promise<RunFolder> => store.createRun(manifest(), { tags: [], starred: false });
    const [garbage, newer, state, labels, none, flow] = [
      await make(),
      await make(),
      await make(),
      await make(),
      await make(),
      await make(),
    ];
    fs.writeFileSync(garbage.manifestFile, '{"format":1,');
    fs.writeFileSync(newer.manifestFile, JSON.stringify({ ...manifest(), format: 2 }));
    await step('prepare', 'succeeded', {}, state);
    fs.writeFileSync(state.stateFile('prepare'), '[]');
    fs.writeFileSync(labels.labelsFile, '"x"');
    fs.rmSync(none.manifestFile);
    fs.writeFileSync(flow.manifestFile, JSON.stringify(manifest({ flow: 'of tomorrow' })));
    fs.mkdirSync(path.join(store.runsFolder, 'not a run'));
    const view = viewStore(store);
    expect(StoreView.safeParse(view).success).toBe(true);
    expect(new Set(view.runs.map(({ id }) => id))).toEqual(new Set([run.id, state.id, labels.id]));
    expect(view.broken).toHaveLength(4);
    const message = (of: RunFolder): string | undefined =>
      view.broken.find(({ id }) => id === of.id)?.message;
    expect(message(garbage)).toMatch(/run.json is broken/);
    expect(message(newer)).toMatch(/newer version/);
    const shown = (of: RunFolder): RunRow | undefined => view.runs.find(({ id }) => id === of.id);
    expect(shown(state)).toMatchObject({
      state: 'damaged',
      failure: { message: expect.stringMatching(/prepare.state\.json is broken/) as string },
    });
    expect(viewRun(state).steps.map((one) => one.state)).toEqual([
      'damaged',
      ...Array.from({ length: 5 }, () => 'pending'),
    ]);
    expect(shown(labels)?.damage.map((one) => one.message)).toEqual([
      expect.stringMatching(/labels\.json is broken/),
    ]);
    const unlabelled = view.runs.map((one) => ({ ...one, labels: { tags: [], starred: false } }));
    expect(expiredRuns(unlabelled, { keepLatest: 0, keepDays: 0 }).map(({ id }) => id)).toEqual([run.id]);
    expect(message(none)).toMatch(/no run.json/);
    expect(message(flow)).toMatch(/no flow 'of tomorrow'/);
  });

  it('that does not exist is empty, and stays so', () => {
    const empty = RunStore.open(path.join(folder, 'none'));
    expect(viewStore(empty)).toMatchObject({ exists: false, runs: [], broken: [], bytes: 0 });
    expect(fs.existsSync(empty.folder)).toBe(false);
  });
});

describe('show --json and the card of an unfinished run', () => {
  it('have empty metrics', async () => {
    await driver('running');
    expect(showRun(store, run)).toMatchObject({
      ...{ run: run.id, state: 'running', best: null, bestEmbedding: null, selection: null },
      metrics: { validation: {}, test: {} },
    });
    expect(cardData(store, run)).toMatchObject({
      losses: {},
      command: expect.stringMatching(
        /^recsys run data.csv .*--sequence s --item i .*--split sequence/,
      ) as string,
      warnings: [],
    });
  });

  it('hold the loss curve of the latest attempt only', async () => {
    fs.mkdirSync(run.stepFolder('train/popularity'), { recursive: true });
    const log = new EventLog(run.eventsFile('train/popularity'));
    log.append({ type: 'loss', epoch: 1, loss: 9, alpha: 0.1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await step('train/popularity', 'running', { started: new Date().toISOString(), attempt: 2 });
    log.append({ type: 'loss', epoch: 1, loss: 5, alpha: 0.1 });
    log.close();
    expect(cardData(store, run).losses).toEqual({
      'train/popularity': [{ type: 'loss', epoch: 1, loss: 5, alpha: 0.1 }],
    });
  });
});
