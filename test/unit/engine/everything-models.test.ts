/** Models that were trained on all rows, in the explorer, the map and the hover: beside those with figures, by names of their own. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineMethod, EngineParams, EngineReply } from '../../../src/protocol/engine.ts';
import { engineMethods } from '../../../src/protocol/engine.ts';
import { itemHandlers } from '../../../src/pipeline/engine/handlers/items.ts';
import { projectionHandlers } from '../../../src/pipeline/engine/handlers/projections.ts';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { askInProcess } from '../support/ask-in-process.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { temporaryStore } from '../support/toy-store.ts';

const { store, folder, remove } = temporaryStore();
const MODEL = 'prod2vec-min-count-1';
const ALL = `everything/${MODEL}`;
const ITEM = 'artist0_2|||track0_2';
/** Rows of it are in the test part alone. */
const NEWEST = 'artist9_9|||track9_9';
let run: RunFolder;

beforeAll(async () => {
  const data = path.join(folder, 'tiny.csv');
  fs.writeFileSync(data, ['playlist,artist,track,position,part', ...rows(), ''].join('\n'));
  const given = {
    models: 'prod2vec',
    sets: '[{"min_count":1}]',
    vectorSize: 8,
    epochs: 2,
    deterministic: true,
  };
  ({ run } = await runInProcess(store, {
    ...{ flow: nextItemFlow, data, given },
    spec: {
      ...{ format: 'csv', sequence: ['playlist'], item: ['artist', 'track'], order: ['position'] },
      ...{ minimumLength: 3, sample: 1, split: { by: 'column', column: 'part', ratios: [0.7, 0.2, 0.1] } },
    },
  }));
  await askInProcess(nextItemFlow, run, [ALL]);
}, 240_000);
afterAll(remove);

/** Lists of five of thirty items; the last three end with the newest. */
function rows(): string[] {
  return Array.from({ length: 100 }, (_, list) => {
    const part = list < 70 ? 'train' : list < 85 ? 'validation' : 'test';
    const items = Array.from({ length: 5 }, (_item, at) => (list * 3 + at) % 30);
    const names = items.map(
      (n) => `artist${Math.floor(n / 10)}_${n % 10},track${Math.floor(n / 10)}_${n % 10}`,
    );
    if (list > 96) names.push('artist9_9,track9_9');
    return names.map((name, at) => `list ${list},${name},${at},${part}`);
  }).flat();
}

const site = { store: store.folder, workspace: folder };
const handlers = { ...itemHandlers(site), ...projectionHandlers(site) };

async function ask<M extends EngineMethod & keyof typeof handlers>(
  method: M,
  params: unknown,
): Promise<EngineReply<M>> {
  const { params: asked, reply } = engineMethods[method];
  const handler = handlers[method] as (params: EngineParams<M>, signal: AbortSignal) => unknown;
  const given = asked.parse(params) as EngineParams<M>;
  return reply.parse(await handler(given, new AbortController().signal)) as EngineReply<M>;
}

const asked = (model: string) => ({ run: run.id, model });

describe('a model that was trained on everything', () => {
  it('can be chosen, and does not answer by itself', async () => {
    const { models, neighbours, recommend } = await ask('explorer/models', { run: run.id });
    expect(models).toEqual([
      { name: MODEL, tested: true },
      { name: ALL, tested: false },
    ]);
    expect([neighbours, recommend]).toEqual([MODEL, MODEL]);
    expect(await ask('projections/models', { run: run.id })).toEqual({ models: [MODEL, ALL] });
  });

  it('is searched and walked with what it alone has seen', async () => {
    const found = async (model: string) =>
      (await ask('items/search', { ...asked(model), text: 'artist9_9', limit: 5 })).items.map(
        ({ item }) => item,
      );
    const rowsOf = async (model: string) =>
      (await ask('explorer/item', { ...asked(model), item: NEWEST })).trainRows;
    expect([await rowsOf(MODEL), await rowsOf(ALL)]).toEqual([0, 3]);
    expect(await found(ALL)).toEqual([NEWEST]);
    const page = await ask('explorer/item', { ...asked(ALL), item: NEWEST });
    expect(page).toMatchObject({ model: ALL });
    const side = { models: [asked(ALL)], k: 5, question: { kind: 'neighbours', item: NEWEST } };
    const [list] = (await ask('explorer/list', side)).lists;
    expect(list).toMatchObject({ model: ALL });
    const before = await ask('explorer/item', { ...asked(MODEL), item: ITEM });
    expect((await ask('explorer/item', { ...asked(ALL), item: ITEM })).trainRows).toBeGreaterThan(
      before.trainRows,
    );
  });

  it('shows no test queries, which it has seen, and says why', async () => {
    await expect(ask('explorer/queries', { models: [asked(ALL)], from: 0, limit: 5 })).rejects.toThrow(
      /everything/,
    );
  });

  it('is mapped, with its own items', async () => {
    const items = async (model: string) =>
      Buffer.from((await ask('projections/items', asked(model))).names, 'base64').toString();
    expect(await items(MODEL)).not.toContain(NEWEST);
    expect(await items(ALL)).toContain(NEWEST);
  });
});
