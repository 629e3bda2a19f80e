/** A run with a catalogue file, from the file to what is recommended. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openItemNames } from '../../../src/pipeline/query/run-data.ts';
import { openRunModel } from '../../../src/pipeline/query/run-model.ts';
import { recommendationsFor } from '../../../src/pipeline/query/recommendations.ts';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import { readReport } from '../../../src/pipeline/flows/next-item/views/read-report.ts';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { tinyPlaylists } from '../support/tiny-data.ts';
import { temporaryStore } from '../support/toy-store.ts';

const { store, folder, remove } = temporaryStore();
afterAll(remove);

const data = path.join(folder, 'playlists.csv');
const catalogue = path.join(folder, 'tracks.csv');
fs.writeFileSync(data, tinyPlaylists(120));
fs.writeFileSync(catalogue, 'artist,track\nartist2_1,brand new\nnobody,unheard of\n');
const spec: DatasetSpec = {
  ...{ format: 'csv', sequence: ['playlist'], item: ['track'], order: ['position'], user: 'user' },
  ...{ group: 'artist', minimumLength: 3, sample: 1 },
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};
const given = {
  ...{ deterministic: true, models: 'group-affinity,popularity', affinityTune: false },
  affinityPopularity: -0.5,
};

describe('a run with a catalogue', () => {
  test('counts its items, and recommends what is new of an artist the list holds', async () => {
    const { run, tasks } = await runInProcess(store, {
      flow: nextItemFlow,
      data,
      spec: { ...spec, catalogue },
      given,
    });
    expect(readReport(run)?.protocol.catalogue).toMatchObject({ added: 2 });
    const names = await openItemNames(run);
    const model = await openRunModel(run, 'group-affinity');
    const asked = { items: ['track2_1'], k: 3, keepSeen: false, skipUnknown: false };
    const [first] = recommendationsFor(model, names, asked).recommendations;
    expect(first?.item).toBe('brand new');
    expect(names.code('unheard of')).toBeDefined();

    // Where the file lies is not what the run is of; what it holds is.
    const moved = path.join(folder, 'moved.csv');
    fs.copyFileSync(catalogue, moved);
    const keys = async (file: string): Promise<string[]> => {
      const again = await runInProcess(store, { flow: nextItemFlow, data, spec: { ...spec, catalogue: file }, given, until: 'prepare' }); // prettier-ignore
      return again.tasks.map(({ key }) => key);
    };
    const [own = ''] = tasks.map(({ key }) => key);
    expect(await keys(moved)).toEqual([own]);
    fs.appendFileSync(moved, 'artist1_1,newer\n');
    expect(await keys(moved)).not.toEqual([own]);
  });

  test('without one, the same model recommends no new item, since there is none', async () => {
    const { run } = await runInProcess(store, { flow: nextItemFlow, data, spec, given });
    expect(readReport(run)?.protocol.catalogue?.added).toBe(0);
    expect((await openItemNames(run)).code('brand new')).toBeUndefined();
  });
});
