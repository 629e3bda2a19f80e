import { beforeEach, describe, expect, it } from 'vitest';
import { writeJson } from '../../../src/pipeline/store/atomic-file.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { temporaryStore, toyManifest, toyRun } from '../support/toy-store.ts';

let store: RunStore;
beforeEach(() => {
  const temporary = temporaryStore();
  ({ store } = temporary);
  return temporary.remove;
});

const NO_RUN = { addTags: [], removeTags: [] };

describe.each([
  ['latest', /names the newest run/],
  ['Latest', /names the newest run/],
  ['20261122-114953120-k3f9', /ids of runs look like this/],
  ['--name', /taken for an option/],
  ['two\nlines', /control characters/],
  [' blank', /begins or ends with a blank/],
  ['x'.repeat(201), /longer than 200 characters/],
])('the name %j', (name, message) => {
  it('is refused for a new run and for one there is', async () => {
    await expect(store.createRun(toyManifest(), { tags: [], starred: false, name })).rejects.toThrow(message);
    const run = await toyRun(store);
    await expect(store.changeLabels(run, { ...NO_RUN, name })).rejects.toThrow(message);
    expect(run.labels().name).toBeUndefined();
  });
});

it.each(['base line', 'v1.2/final', '2026', 'größe', 'a-b'])('the name %j is one', async (name) => {
  const run = await toyRun(store);
  await store.changeLabels(run, { ...NO_RUN, name });
  await toyRun(store);
  expect(store.resolve(name).id).toBe(run.id);
});

it("a run that an earlier version let be called 'latest' does not stand in the way of the latest", async () => {
  const old = await toyRun(store);
  await writeJson(old.labelsFile, { name: 'latest', tags: [], starred: false });
  const newest = await toyRun(store);
  expect(store.resolve('latest').id).toBe(newest.id);
  await store.changeLabels(old, { ...NO_RUN, starred: true });
  expect(old.labels()).toEqual({ name: 'latest', tags: [], starred: true });
});

it('a name that two runs have names none of them', async () => {
  const [a, b] = [await toyRun(store), await toyRun(store)];
  for (const run of [a, b]) await store.changeLabels(run, { ...NO_RUN, name: 'nightly' });
  expect(() => store.resolve('nightly')).toThrow(`any of 2 runs: ${b.id}, ${a.id}`);
});

it('changes of labels at the same time are all kept', async () => {
  const run = await toyRun(store);
  const tags = Array.from({ length: 8 }, (_, i) => `tag-${i}`);
  await Promise.all([
    ...tags.map((tag) => store.changeLabels(run, { ...NO_RUN, addTags: [tag] })),
    store.changeLabels(run, { ...NO_RUN, note: 'a note' }),
    store.changeLabels(run, { ...NO_RUN, starred: true }),
  ]);
  expect(run.labels().tags.toSorted()).toEqual(tags);
  expect(run.labels()).toMatchObject({ note: 'a note', starred: true });
});
