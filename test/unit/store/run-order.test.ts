import * as fs from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isRunId } from '../../../src/protocol/run-id.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { temporaryStore, toyManifest } from '../support/toy-store.ts';

let store: RunStore;
beforeEach(() => {
  const temporary = temporaryStore();
  ({ store } = temporary);
  return temporary.remove;
});
afterEach(() => void vi.useRealTimers());

/** Makes a run while the clock shows the given time. */
async function makeAt(time: string): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) });
  const manifest = toyManifest({ id: store.newRunId() });
  await store.createRun(manifest, { tags: [], starred: false });
  return manifest.id;
}

it('runs are in the order in which they were made, though the clock goes back', async () => {
  const made = [
    await makeAt('2026-11-22T12:00:00.000Z'),
    await makeAt('2026-11-22T11:00:00.000Z'),
    await makeAt('2026-11-22T11:00:00.000Z'),
    await makeAt('1970-01-01T00:00:00.000Z'),
    await makeAt('2026-11-22T12:00:00.001Z'),
    await makeAt('2026-11-23T00:00:00.000Z'),
  ];
  expect(store.runIds()).toEqual(made.toReversed());
  expect(made.every(isRunId)).toBe(true);
  expect(store.resolve('latest').id).toBe(made.at(-1));
  expect(made.at(-1)).toMatch(/^20261123-000000000-/);
});

it('a run in the trash, or in the making, counts too', async () => {
  const first = await makeAt('2026-11-22T12:00:00.000Z');
  await store.moveToTrash(store.run(first));
  const second = await makeAt('2026-11-22T11:00:00.000Z');
  await store.restore(first);
  fs.mkdirSync(`${store.runsFolder}/.partial-20261122-130000000-zzzz`);
  const third = await makeAt('2026-11-22T11:00:00.000Z');
  expect(store.runIds()).toEqual([third, second, first]);
  expect(third).toMatch(/^20261122-130000001-/);
});

it('runs of stores before this keep their order and are gone on from', async () => {
  for (const id of ['20251122-114953120-k3f9', '20271122-114953120-aaaa'])
    await store.createRun(toyManifest({ id }), { tags: [], starred: false });
  const next = await makeAt('2026-11-22T12:00:00.000Z');
  expect(store.runIds()).toEqual([next, '20271122-114953120-aaaa', '20251122-114953120-k3f9']);
});

it('a folder that only looks like a run does not stop new ones', async () => {
  await store.ensure();
  fs.mkdirSync(`${store.runsFolder}/99999999-999999999-zzzz`);
  expect(isRunId(await makeAt('2026-11-22T12:00:00.000Z'))).toBe(true);
});
