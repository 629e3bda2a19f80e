import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LabelChange } from '../../../src/protocol/run.ts';
import type { RunRow } from '../../../src/protocol/run-row.ts';
import { EXIT, UserError } from '../../../src/protocol/user-error.ts';
import { adoptStep } from '../../../src/pipeline/flow/reuse.ts';
import { writeJson } from '../../../src/pipeline/store/atomic-file.ts';
import { hashValue } from '../../../src/pipeline/store/file-hash.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import { expiredRuns } from '../../../src/pipeline/store/retention.ts';
import { isRunId, newRunId } from '../../../src/protocol/run-id.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { temporaryStore, toyManifest, toyRun } from '../support/toy-store.ts';

let folder: string;
let store: RunStore;
beforeEach(() => {
  const temporary = temporaryStore();
  ({ folder, store } = temporary);
  return temporary.remove;
});

const label = (id: string, change: Partial<LabelChange>): Promise<void> =>
  store.changeLabels(store.run(id), { addTags: [], removeTags: [], ...change });
const runWith = (id: string): Promise<RunFolder> => toyRun(store, undefined, { id });
const A = '20261122-114953120-k3f9';
const B = '20261122-115953120-aaaa';
const C = '20261123-115953120-k3f9';

async function record(run: RunFolder, state: string, identity = ownIdentity()): Promise<void> {
  fs.mkdirSync(run.stepFolder('driver'), { recursive: true });
  const value = {
    format: 1,
    attempt: 1,
    state,
    process: identity,
    until: 'join',
    started: new Date().toISOString(),
  };
  await writeJson(run.stateFile('driver'), value);
}

function problem(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('run ids', () => {
  it('sort by time and are told from other names', () => {
    const ids = [0, 1, 1000, 86_400_000].map((ms) => newRunId(new Date(1.7e12 + ms)));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isRunId)).toBe(true);
    expect(new Set(Array.from({ length: 200 }, () => newRunId(new Date(0)))).size).toBeGreaterThan(190);
    for (const other of ['', 'latest', '.partial-x', `${A}x`, '../x', '20261122'])
      expect(isRunId(other)).toBe(false);
  });
});

describe('finding a run', () => {
  beforeEach(async () => {
    for (const id of [B, A, C]) await runWith(id);
    await label(B, { name: 'baseline' });
  });

  it.each([
    ['latest', C],
    [A, A],
    ['20261122-114', A],
    ['20261123', C],
    ['aaaa', B],
    ['baseline', B],
  ])('by %s', (reference, id) => {
    expect(store.resolve(reference).id).toBe(id);
  });

  it.each([
    ['20261122', /any of 2 runs/],
    ['k3f9', /any of 2 runs/],
    ['base', /No run is called 'base'/],
    ['', /No run is called ''/],
    ['../runs', /No run is called/],
  ])('not by %s', (reference, message) => {
    const error = problem(() => store.resolve(reference));
    expect(error.message).toMatch(message);
    expect(error.exitCode).toBe(EXIT.notFound);
  });

  it('does not fail for the broken labels of another one', () => {
    fs.writeFileSync(store.run(A).labelsFile, '{"tags":');
    expect(store.resolve('baseline').id).toBe(B);
  });

  it('prefers a name to the beginning of an id', async () => {
    await label(B, { name: '2026' });
    expect(store.resolve('2026').id).toBe(B);
  });

  it('says that there is none in an empty store', () => {
    const empty = RunStore.open(path.join(folder, 'none'));
    expect(problem(() => empty.resolve('latest')).message).toMatch(/There are no runs/);
    expect(fs.existsSync(empty.folder)).toBe(false);
  });
});

describe('a store', () => {
  it('ignores itself in git and says its version', async () => {
    await runWith(A);
    expect(fs.readFileSync(path.join(store.folder, '.gitignore'), 'utf8')).toBe('*\n');
    expect(JSON.parse(fs.readFileSync(path.join(store.folder, 'store.json'), 'utf8'))).toEqual({ format: 1 });
    expect(fs.readdirSync(store.runsFolder)).toEqual([A]);
    expect(fs.readdirSync(store.run(A).folder).sort()).toEqual(['labels.json', 'run.json']);
  });

  it('of a newer version is refused', async () => {
    await store.ensure();
    fs.writeFileSync(path.join(store.folder, 'store.json'), '{"format":2}');
    const error = problem(() => RunStore.open(store.folder));
    expect(error.message).toMatch(/has format 2; this version of RecSys knows up to 1/);
    expect(error.hint).toMatch(/Update RecSys/);
  });

  it('forgets runs whose making was cut off', async () => {
    await store.ensure();
    const leftover = path.join(store.runsFolder, `.partial-${A}`);
    fs.mkdirSync(leftover);
    fs.utimesSync(leftover, new Date(0), new Date(0));
    expect(store.runIds()).toEqual([]);
    await runWith(B);
    expect(fs.readdirSync(store.runsFolder)).toEqual([B]);
  });

  it('explains a run.json that is garbage, of another version, or missing', async () => {
    const run = await runWith(A);
    fs.writeFileSync(run.manifestFile, '\u0000garbage');
    expect(problem(() => run.manifest()).message).toMatch(/run.json is broken: it is not valid JSON\./);
    fs.writeFileSync(run.manifestFile, JSON.stringify({ ...toyManifest(), spec: 5 }));
    expect(problem(() => run.manifest()).message).toMatch(/'spec' is missing or is not what it should be/);
    fs.writeFileSync(run.manifestFile, JSON.stringify({ ...toyManifest(), format: 2 }));
    expect(problem(() => run.manifest()).message).toMatch(/by a newer version .* \(its format is 2, not 1\)/);
    fs.rmSync(run.manifestFile);
    expect(problem(() => run.manifest()).message).toMatch(/cut off before it began/);
  });
});

describe('deleting', () => {
  it('moves a run to the trash, from where it comes back', async () => {
    const run = await runWith(A);
    const place = await store.moveToTrash(run);
    expect(store.runIds()).toEqual([]);
    expect(fs.existsSync(path.join(place, 'run.json'))).toBe(true);
    await store.restore(A);
    expect(store.run(A).manifest().id).toBe(A);
    await expect(store.restore(A)).rejects.toThrow('no longer in the trash');
    await expect(store.restore('../../etc')).rejects.toThrow('no longer in the trash');
  });

  it('refuses a running run, but not one whose process is gone or whose state is broken', async () => {
    const run = await runWith(A);
    await record(run, 'running');
    await expect(store.remove(run)).rejects.toThrow('is running');
    await record(run, 'running', { ...ownIdentity(), pid: 2 ** 22 + 1 });
    await store.remove(run);
    const broken = await runWith(B);
    await record(broken, 'running');
    fs.writeFileSync(broken.stateFile('driver'), 'garbage');
    fs.writeFileSync(broken.manifestFile, 'garbage');
    await store.remove(broken);
    expect(store.runIds()).toEqual([]);
  });

  it('for good leaves what another one threw away a moment ago', async () => {
    await store.moveToTrash(await runWith(A));
    await store.remove(await runWith(B));
    expect(fs.readdirSync(store.trashFolder)).toEqual([A]);
    store.emptyTrash(60_000);
    expect(fs.readdirSync(store.trashFolder)).toEqual([A]);
    store.emptyTrash(0);
    expect(fs.readdirSync(store.trashFolder)).toEqual([]);
  });

  it('leaves a run that shares finished steps its files', async () => {
    const [a, b] = [await runWith(A), await runWith(B)];
    fs.mkdirSync(a.stepFolder('prepare'));
    fs.writeFileSync(path.join(a.stepFolder('prepare'), 'x.npy'), 'bytes');
    const state = {
      ...{
        format: 1,
        run: A,
        path: 'prepare',
        key: 'k',
        attempt: 1,
        state: 'succeeded',
        process: ownIdentity(),
      },
      ...{ started: '2026-01-01', warnings: [], metrics: {} },
      artifacts: [{ name: 'x', file: 'x.npy', bytes: 5, sha256: '' }],
    };
    await writeJson(a.stateFile('prepare'), state);
    await adoptStep(a, b, 'prepare');
    expect(fs.statSync(path.join(b.stepFolder('prepare'), 'x.npy')).nlink).toBe(2);
    await store.remove(a);
    expect(fs.readFileSync(path.join(b.stepFolder('prepare'), 'x.npy'), 'utf8')).toBe('bytes');
    expect(b.stepState('prepare')?.run).toBe(A);
  });

  it('a step whose artifact is gone is not adopted by halves', async () => {
    const [a, b] = [await runWith(A), await runWith(B)];
    fs.mkdirSync(a.stepFolder('prepare'));
    const artifacts = [{ name: 'x', file: 'x.npy', bytes: 5, sha256: '' }];
    await writeJson(a.stateFile('prepare'), {
      ...{
        format: 1,
        run: A,
        path: 'prepare',
        key: 'k',
        attempt: 1,
        state: 'succeeded',
        process: ownIdentity(),
      },
      ...{ started: '2026-01-01', warnings: [], metrics: {}, artifacts },
    });
    await expect(adoptStep(a, b, 'prepare')).rejects.toThrow('ENOENT');
    expect(fs.readdirSync(b.folder).sort()).toEqual(['labels.json', 'run.json']);
  });
});

describe('retention', () => {
  const day = 24 * 3600 * 1000;
  const now = Date.parse('2026-11-22T12:00:00Z');
  type Retained = Pick<RunRow, 'id' | 'state' | 'labels' | 'created'>;
  const view = (age: number, changes: Partial<Retained> = {}): Retained => ({
    id: newRunId(new Date(now - age * day)),
    state: 'succeeded',
    created: new Date(now - age * day).toISOString(),
    labels: { tags: [], starred: false },
    ...changes,
  });
  const ages = (runs: readonly Retained[], keepLatest: number, keepDays: number): number[] =>
    expiredRuns(runs, { keepLatest, keepDays }, now).map((run) => (now - Date.parse(run.created)) / day);

  it('gives up what is neither among the latest nor young', () => {
    const runs = [1, 40, 3, 50, 2].map((age) => view(age));
    expect(ages(runs, 1, 30)).toEqual([40, 50]);
    expect(ages(runs, 4, 30)).toEqual([50]);
    expect(ages(runs, 2, 0)).toEqual([3, 40, 50]);
    expect(ages(runs, 0, 0)).toHaveLength(5);
    expect(ages(runs, 9, 0)).toEqual([]);
  });

  it('never gives up running, starred, named or tagged runs', () => {
    const kept = [
      view(90, { state: 'running' }),
      view(91, { labels: { tags: [], starred: true } }),
      view(92, { labels: { tags: ['x'], starred: false } }),
      view(93, { labels: { tags: [], starred: false, name: 'n' } }),
    ];
    expect(ages([...kept, view(94)], 0, 1)).toEqual([94]);
  });
});

describe('hashes of values', () => {
  it('do not hang on the order of keys, but on all else', () => {
    expect(hashValue({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      hashValue({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
    expect(hashValue({ a: [1, 2] })).not.toBe(hashValue({ a: [2, 1] }));
    expect(hashValue({ a: 1 })).not.toBe(hashValue({ a: '1' }));
  });
});
