import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/protocol/run.ts';
import type { DriverState, ProcessIdentity, StepState } from '../../../src/protocol/step.ts';
import { writeJson } from '../../../src/pipeline/store/atomic-file.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { keptOutcome } from '../../../src/pipeline/views/run-outcome.ts';
import { readRow } from '../../../src/pipeline/views/run-row.ts';
import { keepProjection, projectionKey } from '../../../src/pipeline/projection/kept-projection.ts';
import { StoreRows } from '../../../src/pipeline/views/store-rows.ts';
import { temporaryStore, toyManifest } from '../support/toy-store.ts';

let store: RunStore;
const gone: ProcessIdentity = { ...ownIdentity(), pid: 2 ** 22 + 1 };
const models = [{ name: 'markov', kind: 'markov', parameters: {}, given: [] }];

beforeEach(() => {
  const temporary = temporaryStore();
  ({ store } = temporary);
  return temporary.remove;
});

function make(changes: Partial<RunManifest> = {}): Promise<RunFolder> {
  const planned = { flow: 'next-item', until: 'report', models, id: store.newRunId() };
  return store.createRun(toyManifest({ ...planned, ...changes }), { tags: [], starred: false });
}

async function driver(
  run: RunFolder,
  state: DriverState['state'],
  more: Partial<DriverState> = {},
): Promise<void> {
  fs.mkdirSync(run.stepFolder('driver'), { recursive: true });
  const now = new Date().toISOString();
  const base = { format: 1, attempt: 1, process: gone, until: 'report', started: now };
  const ended = state === 'running' ? {} : { finished: now, seconds: 1 };
  await writeJson(run.stateFile('driver'), { ...base, ...ended, state, ...more });
}

async function step(run: RunFolder, name: string, more: Partial<StepState> = {}): Promise<void> {
  fs.mkdirSync(run.stepFolder(name), { recursive: true });
  const started = new Date().toISOString();
  await writeJson(run.stateFile(name), {
    ...{
      format: 1,
      run: run.id,
      path: name,
      key: 'k',
      attempt: 1,
      process: gone,
      started,
      finished: started,
    },
    ...{ warnings: [], metrics: {}, artifacts: [], state: 'succeeded' },
    ...more,
  });
}

/** A run that has ended, as its driver leaves it. */
async function ended(): Promise<RunFolder> {
  const run = await make();
  await step(run, 'prepare', { artifacts: [{ name: 'a', file: 'a.bin', bytes: 100, sha256: '' }] });
  await driver(run, 'running', { process: ownIdentity() });
  const kept = keptOutcome(run);
  await driver(run, 'failed', { failure: { message: 'm' }, ...(kept === undefined ? {} : { kept }) });
  return run;
}

describe('the row of a run that has ended', () => {
  it('is from what its driver kept what it is from all its files', async () => {
    const run = await ended();
    const quick = readRow(run);
    const { kept: _, ...state } = run.driverState() ?? {};
    await writeJson(run.stateFile('driver'), state);
    const whole = readRow(run);
    expect(quick).toEqual({ ...whole, files: ['run.json', ...whole.files] });
    expect(quick.row).toMatchObject({ state: 'failed', reached: 'prepare', steps: 4, bytes: 100 });
  });

  it('counts its maps, which its driver knows nothing of', async () => {
    const run = await ended();
    const map = path.join(run.folder, 'maps', 'key');
    fs.mkdirSync(map, { recursive: true });
    fs.writeFileSync(path.join(map, 'positions.npy'), Buffer.alloc(40));
    fs.writeFileSync(path.join(map, 'map.json'), '{}');
    expect(readRow(run).row).toMatchObject({ bytes: 142, mapBytes: 42 });
    expect(viewRun(run)).toMatchObject({ bytes: 142, mapBytes: 42 });
    // One that was driven on with its maps beside it.
    await driver(run, 'running', { process: ownIdentity() });
    const kept = keptOutcome(run);
    if (kept === undefined) throw new Error('nothing was kept');
    await driver(run, 'failed', { kept });
    expect(readRow(run).row).toMatchObject({ bytes: 142, mapBytes: 42 });
  });

  it('reads no step, unless a file was changed later', async () => {
    const run = await ended();
    // What is kept says so, though the step would say something else.
    const kept = run.driverState()?.kept;
    if (kept === undefined) throw new Error('nothing was kept');
    const outcome = { ...kept.outcome, best: 'kept' };
    await driver(run, 'failed', { kept: { ...kept, outcome } });
    expect(readRow(run).row.best).toBe('kept');
    const later = new Date(Date.now() + 60_000);
    fs.utimesSync(run.stateFile('prepare'), later, later);
    expect(readRow(run).row.best).toBeUndefined();
    fs.writeFileSync(run.stateFile('prepare'), '{');
    fs.utimesSync(run.stateFile('prepare'), later, later);
    expect(readRow(run).row.state).toBe('damaged');
  });
});

describe('the rows of a store', () => {
  it('change with the files of runs, and only then', async () => {
    const [a, b] = [await ended(), await ended()];
    const rows = new StoreRows(store);
    rows.look();
    const { revision, changed } = rows.changesSince(undefined);
    expect(changed.map(({ id }) => id)).toEqual([b.id, a.id]);
    rows.look();
    expect(rows.changesSince(revision)).toMatchObject({ revision, whole: false, changed: [], removed: [] });
    await store.changeLabels(a, { name: 'named', addTags: [], removeTags: [] });
    const c = await ended();
    await store.moveToTrash(b);
    rows.look();
    const next = rows.changesSince(revision);
    expect(next.changed.map(({ id }) => id)).toEqual([c.id, a.id]);
    expect(next.changed[1]).toMatchObject({ labels: { name: 'named' } });
    expect(next.removed).toEqual([b.id]);
    await store.restore(b.id);
    rows.look();
    expect(rows.changesSince(next.revision)).toMatchObject({ changed: [{ id: b.id }], removed: [] });
    expect(rows.view().runs.map(({ id }) => id)).toEqual([c.id, b.id, a.id]);
  });

  it('are told whole to who knows a revision of another engine', async () => {
    const run = await ended();
    const [one, other] = [new StoreRows(store), new StoreRows(store)];
    one.look();
    other.look();
    const { revision } = one.changesSince(undefined);
    for (const since of [revision, 'x', '', `${revision}9`, revision.replace(/\d+$/, '-1')])
      expect(other.changesSince(since)).toMatchObject({ whole: true, changed: [{ id: run.id }] });
  });

  it('move a run that becomes unreadable among the broken ones, and back', async () => {
    const run = await ended();
    const text = fs.readFileSync(run.manifestFile);
    const rows = new StoreRows(store);
    rows.look();
    const { revision } = rows.changesSince(undefined);
    fs.writeFileSync(run.manifestFile, '{');
    // As of one that was changed after the run's end.
    const later = new Date(Date.now() + 60_000);
    fs.utimesSync(run.manifestFile, later, later);
    rows.look();
    expect(rows.changesSince(revision)).toMatchObject({ removed: [run.id], broken: [{ id: run.id }] });
    fs.writeFileSync(run.manifestFile, text);
    rows.look();
    expect(rows.changesSince(revision)).toMatchObject({ changed: [{ id: run.id }], removed: [], broken: [] });
  });

  it('see that a process died, which no file says', async () => {
    const run = await make();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const identity = { pid: child.pid ?? 0, host: ownIdentity().host };
    await driver(run, 'running', { process: identity });
    // A fresh sign of life, as its platform may not tell when it started.
    fs.writeFileSync(run.eventsFile('driver'), '');
    const rows = new StoreRows(store);
    rows.look();
    rows.look();
    expect(rows.running).toEqual([run.id]);
    const { revision } = rows.changesSince(undefined);
    child.kill('SIGKILL');
    await once(child, 'exit');
    rows.lookAt(rows.running);
    expect(rows.changesSince(revision).changed).toEqual([]);
    rows.lookAt(rows.running, true);
    expect(rows.changesSince(revision).changed).toMatchObject([{ id: run.id, state: 'interrupted' }]);
  });

  it('count what several runs share once, also when the one that made it is gone', async () => {
    const first = await ended();
    const artifacts = [{ name: 'a', file: 'a.bin', bytes: 100, sha256: '' }];
    for (const run of [await make(), await make()]) await step(run, 'prepare', { run: first.id, artifacts });
    const rows = new StoreRows(store);
    rows.look();
    expect(rows.view().bytes).toBe(100);
    await store.moveToTrash(first);
    rows.look();
    expect(rows.view().bytes).toBe(100);
  });

  it('follow a map that is made of a run that has ended', async () => {
    const run = await ended();
    const rows = new StoreRows(store);
    rows.look();
    const { revision } = rows.changesSince(undefined);
    const vectors = {
      ...{ items: Int32Array.of(4, 2), dimension: 1, withoutDirection: 0 },
      values: new Float32Array(new SharedArrayBuffer(8)),
    };
    const parameters = { method: 'pca', seed: 1, rows: 2 } as const;
    const key = await projectionKey(vectors, parameters);
    // The folder of all maps was there before, as after an earlier map.
    fs.mkdirSync(path.join(run.folder, 'maps', key), { recursive: true });
    rows.look();
    const positions = Float32Array.of(1, 2, 3, 4);
    await keepProjection(run, key, 'm', parameters, { positions, seconds: 1 });
    rows.look();
    const [row] = rows.changesSince(revision).changed;
    const held = fs.readdirSync(path.join(run.folder, 'maps', key)).map((file) => {
      return fs.statSync(path.join(run.folder, 'maps', key, file)).size;
    });
    const mapBytes = held.reduce((sum, size) => sum + size, 0);
    expect(mapBytes).toBeGreaterThan(100);
    expect(row).toMatchObject({ bytes: 100 + mapBytes, mapBytes });
    expect(rows.view().bytes).toBe(100 + mapBytes);
  });
});
