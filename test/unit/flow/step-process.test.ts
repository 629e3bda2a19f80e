import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StepEvent } from '../../../src/protocol/events.ts';
import { readInputFile } from '../../../src/pipeline/store/content-hash.ts';
import { EXIT } from '../../../src/protocol/user-error.ts';
import { runStepProcess } from '../../../src/pipeline/flow/step-process.ts';
import { readEvents } from '../../../src/pipeline/store/event-log.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { model, toyFlow } from '../support/toy-flow.ts';
import { temporaryStore, toyManifest, toyRun } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

let folder: string;
let store: RunStore;
beforeEach(() => {
  const temporary = temporaryStore();
  ({ folder, store } = temporary);
  return temporary.remove;
});

const perform = (run: RunFolder, step: string, onEvent?: (event: StepEvent) => void): Promise<number> =>
  runStepProcess(toyFlow, run, step, {
    threads: 1,
    memoryLimit: 100,
    ...(onEvent === undefined ? {} : { onEvent }),
  });

describe("a step's process", () => {
  it('writes artifacts with their hashes, its state and its events', async () => {
    const run = await toyRun(store);
    const events: StepEvent[] = [];
    expect(await perform(run, 'prepare', (event) => events.push(event))).toBe(EXIT.ok);
    const state = run.stepState('prepare');
    expect(state).toMatchObject({ state: 'succeeded', attempt: 1, metrics: { made: 1 }, run: run.id });
    const [artifact] = state?.artifacts ?? [];
    expect(artifact).toMatchObject({ name: 'result', file: 'result.json' });
    expect(fs.statSync(path.join(run.stepFolder('prepare'), 'result.json')).size).toBe(artifact?.bytes);
    expect(events.map(({ type }) => type)).toEqual(['state', 'progress', 'state']);
    expect(readEvents(run.eventsFile('prepare'))).toHaveLength(3);
    expect(fs.readdirSync(run.stepFolder('prepare')).sort()).toEqual([
      'events.ndjson',
      'result.json',
      'state.json',
    ]);
  });

  it('clears what an attempt before it left, and keeps its log', async () => {
    const run = await toyRun(store, [model('one', { fail: true })]);
    await perform(run, 'prepare');
    expect(await perform(run, 'train/one')).toBe(EXIT.failed);
    const place = run.stepFolder('train/one');
    for (const name of ['half.npy', '.partial-result.json-1-ab', 'output.log'])
      fs.writeFileSync(path.join(place, name), 'x');
    fs.mkdirSync(path.join(place, 'scratch', 'spill'), { recursive: true });
    expect(await perform(run, 'train/one')).toBe(EXIT.failed);
    expect(fs.readdirSync(place).sort()).toEqual(['events.ndjson', 'output.log', 'state.json']);
    expect(run.stepState('train/one')).toMatchObject({ attempt: 2, state: 'failed', artifacts: [] });
    expect(readEvents(run.eventsFile('train/one')).filter(({ type }) => type === 'state')).toHaveLength(4);
  });

  it.each([
    ['train/nine', /has no step 'train\/nine'/],
    ['../prepare', /has no step/],
    ['train/one', /needs 'prepare', which is not finished/],
  ])('does not do %s', async (step, message) => {
    const run = await toyRun(store);
    await expect(perform(run, step)).rejects.toThrow(message);
    expect(fs.readdirSync(run.folder).sort()).toEqual(['labels.json', 'run.json']);
  });

  it('does not do a finished step again, nor one that is running', async () => {
    const run = await toyRun(store, [model('one', { wait: 400 })]);
    await perform(run, 'prepare');
    await expect(perform(run, 'prepare')).rejects.toThrow(/finished steps are never changed/);
    const first = perform(run, 'train/one');
    await expect.poll(() => run.stepState('train/one')?.state).toBe('running');
    await expect(perform(run, 'train/one')).rejects.toThrow(/is running already/);
    expect(await first).toBe(EXIT.ok);
  });

  it('that reads the data refuses others than the run began with', async () => {
    const file = path.join(folder, 'data.csv');
    fs.writeFileSync(file, 'a,b\n');
    const data = { ...toyManifest().data, files: [await readInputFile(file)] };
    fs.writeFileSync(file, 'a,c\n');
    fs.utimesSync(file, 1, 1);
    const run = await toyRun(store, undefined, { data });
    expect(await perform(run, 'prepare')).toBe(EXIT.failed);
    expect(run.stepState('prepare')?.failure).toMatchObject({
      message: `${file} was changed after the run began.`,
    });
    fs.rmSync(file);
    await perform(run, 'prepare');
    expect(run.stepState('prepare')?.failure?.message).toBe(`${file} is gone.`);
    expect(run.stepState('prepare')?.artifacts).toEqual([]);
  });

  it('that reads the data takes those that were only touched', async () => {
    const file = path.join(folder, 'touched.csv');
    fs.writeFileSync(file, 'a,b\n');
    const data = { ...toyManifest().data, files: [await readInputFile(file)] };
    fs.utimesSync(file, 1, 1);
    const run = await toyRun(store, undefined, { data });
    expect(await perform(run, 'prepare')).toBe(EXIT.ok);
  });

  it('that reads the data says where a version kept no hash to tell a touch from a change', async () => {
    const file = path.join(folder, 'old.csv');
    fs.writeFileSync(file, 'a,b\n');
    fs.utimesSync(file, 2, 2);
    const { path: name, bytes, modified } = await readInputFile(file);
    const data = { ...toyManifest().data, files: [{ path: name, bytes, modified }] };
    const run = await toyRun(store, undefined, { data });
    fs.utimesSync(file, 1, 1);
    expect(await perform(run, 'prepare')).toBe(EXIT.failed);
    expect(run.stepState('prepare')?.failure?.message).toMatch(/changed or touched after the run began/);
    fs.utimesSync(file, 2, 2);
    expect(await perform(run, 'prepare')).toBe(EXIT.ok);
  });

  it('stops at a cancel file of the running attempt, not at one of an earlier attempt', async () => {
    const run = await toyRun(store, [model('one', { wait: 60_000 })]);
    await perform(run, 'prepare');
    fs.mkdirSync(run.stepFolder('driver'), { recursive: true });
    const driver = {
      format: 1,
      attempt: 2,
      state: 'running',
      until: 'join',
      started: new Date().toISOString(),
    };
    const { process: identity } = run.stepState('prepare') ?? {};
    fs.writeFileSync(run.stateFile('driver'), JSON.stringify({ ...driver, process: identity }));
    fs.writeFileSync(run.cancelFile(1), '');
    const going = perform(run, 'train/one');
    await expect.poll(() => run.stepState('train/one')?.state).toBe('running');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(run.stepState('train/one')?.state).toBe('running');
    const started = performance.now();
    fs.writeFileSync(run.cancelFile(2), '');
    expect(await going).toBe(EXIT.cancelled);
    expect(performance.now() - started).toBeLessThan(patience(1500));
    expect(run.stepState('train/one')?.state).toBe('cancelled');
  });
});
