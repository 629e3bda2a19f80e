import * as path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import { openRunModel } from '../../../src/pipeline/query/run-model.ts';
import type * as ReadJson from '../../../src/pipeline/store/read-json.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryStore } from '../support/toy-store.ts';

const reads: string[] = [];
vi.mock('../../../src/pipeline/store/read-json.ts', async (original) => {
  const real = await original<typeof ReadJson>();
  return {
    readJson: (...asked: Parameters<typeof real.readJson>): unknown => {
      reads.push(asked[0]);
      return real.readJson(...asked);
    },
    requireJson: (...asked: Parameters<typeof real.requireJson>): unknown => {
      reads.push(asked[0]);
      return real.requireJson(...asked);
    },
  };
});

const { store, folder, remove } = temporaryStore();
afterAll(remove);
beforeEach(() => void reads.splice(0));

it('reads the model.json of the model that is opened, once, and no other', async () => {
  const data = path.join(folder, 'tiny.csv');
  writeTinyPlaylists(data);
  const { run } = await runInProcess(store, {
    ...{ flow: nextItemFlow, data, given: { deterministic: true, models: 'markov,popularity' } },
    spec: {
      ...{ format: 'csv', sequence: ['playlist'], item: ['track'], order: ['position'] },
      ...{ minimumLength: 3, sample: 1, split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] } },
    },
  });
  reads.splice(0);
  expect((await openRunModel(run, 'markov')).name).toBe('markov');
  const opened = reads.filter((file) => path.basename(file) === 'model.json');
  expect(opened).toEqual([path.join(run.stepFolder('train/markov'), 'model.json')]);
  await expect(openRunModel(run, 'none')).rejects.toThrow("has no trained model 'none'");
  await expect(openRunModel(run, '../train/markov')).rejects.toThrow('has no trained model');
});
