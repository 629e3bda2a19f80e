import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import type { EngineParams, EngineReply } from '../../../src/protocol/engine.ts';
import { engineMethods } from '../../../src/protocol/engine.ts';
import type { explorerMethods } from '../../../src/protocol/engine/explorer.ts';
import { readNpy } from '../../../src/pipeline/data/npy.ts';
import { itemHandlers } from '../../../src/pipeline/engine/handlers/items.ts';
import { locateArtifact } from '../../../src/pipeline/flow/inputs.ts';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import { readBranchResult } from '../../../src/pipeline/flows/next-item/evaluate/branch-result.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { tinyPlaylists } from '../support/tiny-data.ts';
import { temporaryStore } from '../support/toy-store.ts';

const { store, folder, remove } = temporaryStore();
const data = path.join(folder, 'tiny.csv');
let run: RunFolder;
/** On the same data, cut otherwise. */
let otherSplit: RunFolder;

/** Some plays of a track are of its other recordings. */
function withVersions(csv: string): string {
  let plays = 0;
  return csv.replaceAll(/,track0_\d$/gm, (track) => {
    plays++;
    if (plays % 5 === 1) return `${track} - Live`;
    return plays % 7 === 1 ? `${track} (2011 Remaster)` : track;
  });
}

function spec(ratios: [number, number, number]): DatasetSpec {
  return {
    ...{ format: 'csv', sequence: ['playlist'], item: ['artist', 'track'], order: ['position'] },
    ...{ group: 'artist', minimumLength: 3, sample: 1, split: { by: 'sequence', ratios } },
  };
}

beforeAll(async () => {
  fs.writeFileSync(data, withVersions(tinyPlaylists()));
  const given = {
    ...{ deterministic: true, models: 'prod2vec,session-knn,markov,popularity,blend' },
    ...{ sets: '[{"min_count":1}]', vectorSize: 8, epochs: 2 },
  };
  const base = { flow: nextItemFlow, data, given };
  ({ run } = await runInProcess(store, { ...base, spec: spec([0.7, 0.1, 0.2]) }));
  ({ run: otherSplit } = await runInProcess(store, {
    ...{ flow: nextItemFlow, data, given: { deterministic: true, models: 'markov,popularity' } },
    spec: spec([0.5, 0.2, 0.3]),
  }));
}, 240_000);
afterAll(remove);

type Method = keyof typeof explorerMethods;
const handlers = itemHandlers({ store: store.folder, workspace: folder });

/** Asks as the engine does: both ways through the method's schemas. */
async function ask<M extends Method>(
  method: M,
  params: unknown,
  signal = new AbortController().signal,
): Promise<EngineReply<M>> {
  const { params: asked, reply } = engineMethods[method];
  const handler = handlers[method] as (params: EngineParams<M>, signal: AbortSignal) => unknown;
  return reply.parse(await handler(asked.parse(params) as EngineParams<M>, signal)) as EngineReply<M>;
}

const KNN = 'session-knn';
const EMBEDDING = 'prod2vec-min-count-1';
const ITEM = 'artist0_2|||track0_2';
const model = (name: string, of = run) => ({ run: of.id, model: name });
const listOf = async (params: object, name = KNN) =>
  (await ask('explorer/list', { models: [model(name)], k: 10, ...params })).lists[0];
const QUERY = ['artist1_1|||track1_1', 'artist0_0|||track0_0', 'artist0_1|||track0_1'];
const recommend = { kind: 'recommend', items: QUERY } as const;

describe('what there is to be asked', () => {
  it('names the models of a run and those that answer', async () => {
    const found = await ask('explorer/models', { run: run.id });
    expect(found.models.map(({ name }) => name)).toEqual([
      EMBEDDING,
      KNN,
      'session-knn-newest',
      'markov',
      'popularity',
      'blend',
    ]);
    expect(found.models.every(({ tested }) => tested)).toBe(true);
    expect(found.neighbours).toBe(EMBEDDING);
  });

  it('tells of an item by its training rows alone', async () => {
    const page = await ask('explorer/item', { item: ITEM, ...model(KNN) });
    const train = await ask('explorer/sequences', {
      item: ITEM,
      ...model(KNN),
      part: 'train',
      from: 0,
      limit: 100,
    });
    expect(page).toMatchObject({ item: ITEM, group: 'artist0_2', groupItems: 10 });
    expect(page.trainRows).toBe(train.sequences.reduce((sum, { times }) => sum + times, 0));
    expect(page.rank).toBeLessThanOrEqual(page.rankedItems);
    expect(page.versions.every(({ item }) => item.startsWith(`${ITEM} `))).toBe(true);
  });

  it('knows an item’s other recordings, however the one is written', async () => {
    const [plain, live, again] = ['', ' - Live', ' (2011 Remaster)'].map(
      (end) => `artist0_1|||track0_1${end}`,
    );
    const versions = async (item = '') =>
      (await ask('explorer/item', { item, ...model(KNN) })).versions.map((one) => one.item).sort();
    expect(await versions(plain)).toEqual([again, live].sort());
    expect(await versions(live)).toEqual([again, plain].sort());
  });

  it('refuses what is not there, with near names', async () => {
    const refused: unknown = await ask('explorer/item', { item: 'track0_2', ...model(KNN) }).catch(
      (error: unknown) => error,
    );
    expect(refused).toHaveProperty('message', expect.stringContaining('No item is called'));
    expect(refused).toHaveProperty('hint', expect.stringContaining(ITEM));
    await expect(ask('explorer/item', { item: ITEM, run: run.id, model: 'x' })).rejects.toThrow(
      'no trained model',
    );
  });
});

describe('the sequences of an item', () => {
  it('are all of them, page by page, with the item at its place', async () => {
    const first = await ask('explorer/sequences', { item: ITEM, ...model(KNN), from: 0, limit: 7 });
    const pages = [first];
    for (let from = 7; from < first.total; from += 7)
      pages.push(await ask('explorer/sequences', { item: ITEM, ...model(KNN), from, limit: 7 }));
    const all = pages.flatMap(({ sequences }) => sequences);
    const inData = fs
      .readFileSync(data, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(',artist0_2,track0_2'))
      .map((line) => line.split(',')[1]);
    expect(all.map(({ name }) => name).sort()).toEqual([...new Set(inData)].sort());
    expect(all.reduce((sum, { times }) => sum + times, 0)).toBe(inData.length);
    for (const { items, place, from, length } of all) {
      expect(items[place - from]).toBe(ITEM);
      expect(from + items.length).toBeLessThanOrEqual(length);
    }
  });

  it('of one part alone, and the parts are all', async () => {
    const page = { item: ITEM, ...model(KNN), from: 0, limit: 100 };
    let total = 0;
    for (const part of ['train', 'validation', 'test'] as const) {
      const one = await ask('explorer/sequences', { ...page, part });
      expect(one.sequences.every((sequence) => sequence.part === part)).toBe(true);
      total += one.total;
    }
    expect(total).toBe((await ask('explorer/sequences', page)).total);
  });
});

describe('lists', () => {
  it('are those that are served, with the figures of their items', async () => {
    const served = await handlers['recommend/query'](
      { items: QUERY, k: 10, keepSeen: false, skipUnknown: false, ...model('blend'), explain: true },
      new AbortController().signal,
    );
    const list = await listOf({ question: { ...recommend, explain: true } }, 'blend');
    expect(list?.items.map(({ item, score, parts, facts }) => ({ item, score, parts, facts }))).toEqual(
      served.recommendations.map(({ item, score, parts, facts }) => ({ item, score, parts, facts })),
    );
    const near = await handlers['neighbours/query'](
      { item: ITEM, k: 10, ...model(EMBEDDING) },
      new AbortController().signal,
    );
    const neighbours = await listOf({ question: { kind: 'neighbours', item: ITEM } }, EMBEDDING);
    expect(neighbours?.items.map(({ item, score }) => ({ item, score }))).toEqual(near.neighbours);
  });

  it.each([KNN, EMBEDDING, 'popularity', 'blend', 'markov'])(
    '%s: a filter gives as many as are asked for, the best of those it lets through',
    async (name) => {
      const all = await listOf({ question: recommend, k: 100 }, name);
      const filter = { maxRows: 30, minRows: 5, exclude: [{ item: ITEM, group: 'artist0_2' }] };
      const kept = all?.items.filter(
        ({ trainRows, group }) => trainRows <= 30 && trainRows >= 5 && group !== 'artist0_2',
      );
      const filtered = await listOf({ question: recommend, filter }, name);
      // The list of 100 need not hold all that is let through.
      const expected = (kept ?? []).slice(0, 10).map(({ item }) => item);
      expect(expected.length).toBeGreaterThan(3);
      expect(filtered?.items.slice(0, expected.length).map(({ item }) => item)).toEqual(expected);
      expect(filtered?.items).toHaveLength(10);
    },
  );

  it('neighbours are filtered likewise', async () => {
    const question = { kind: 'neighbours', item: ITEM } as const;
    const all = await listOf({ question, k: 100 }, EMBEDDING);
    const exclude = [{ item: 'artist0_3|||track0_3', group: 'artist0_3' }];
    const filtered = await listOf({ question, filter: { exclude } }, EMBEDDING);
    const kept = all?.items.filter(({ group }) => group !== 'artist0_3').slice(0, 10);
    expect(filtered?.items).toEqual(kept);
  });

  it('leave a group out by its name where they do not know the item, and say which they do not know', async () => {
    const by = (item: string, group: string) =>
      listOf({ question: recommend, filter: { exclude: [{ item, group }] } });
    const known = await by(ITEM, 'artist0_2');
    const byName = await by('artist0_2|||of another run', 'artist0_2');
    expect(byName).toEqual(known);
    expect(byName?.items.some(({ group }) => group === 'artist0_2')).toBe(false);
    const unknown = await by('nobody|||nothing', 'nobody');
    expect(unknown?.unknownGroups).toEqual(['nobody']);
    expect(unknown?.items).toHaveLength(10);
  });

  it('folds recordings, and still gives as many', async () => {
    const question = { kind: 'neighbours', item: 'artist0_0|||track0_0' } as const;
    const folded = await listOf({ question, k: 100, filter: { fold: true } }, EMBEDDING);
    const titles = folded?.items.map(({ item }) => item.replace(/ - Live| \(2011 Remaster\)/u, ''));
    expect(new Set(titles).size).toBe(100);
    const withVersions = folded?.items.filter(({ versions }) => versions !== undefined) ?? [];
    expect(withVersions.length).toBeGreaterThan(0);
    const places = new Map(
      (await listOf({ question, k: 100 }, EMBEDDING))?.items.map(({ item }, at) => [item, at]),
    );
    for (const { item, versions = [] } of withVersions)
      for (const version of versions) {
        expect(version.split(/ - | \(/u)[0]).toBe(item.split(/ - | \(/u)[0]);
        expect(places.get(version) ?? Infinity).toBeGreaterThan(places.get(item) ?? Infinity);
      }
  });

  it('says that nothing is known of unknown names, and which were left out', async () => {
    expect(await listOf({ question: { ...recommend, items: ['nothing', ITEM] } })).toMatchObject({
      skipped: ['nothing'],
      known: true,
    });
    const none = await listOf({ question: { ...recommend, items: ['nothing'] } });
    expect(none).toMatchObject({ known: false, answeredBy: 'nothing', items: [], skipped: ['nothing'] });
  });

  it('of two models tell of each other', async () => {
    const reply = await ask('explorer/list', {
      question: recommend,
      models: [model(KNN), model('markov')],
      k: 10,
    });
    const deep = await ask('explorer/list', {
      question: recommend,
      models: [model('markov')],
      k: reply.depth,
    });
    const places = deep.lists[0]?.items.map(({ item }) => item) ?? [];
    for (const { item, other } of reply.lists[0]?.items ?? [])
      expect(other ?? 0).toBe(places.indexOf(item) + 1);
    const [a = [], b = []] = reply.lists.map(({ items }) => items.map(({ item }) => item));
    expect(reply.shared).toBe(a.filter((item) => b.includes(item)).length);
    expect(a).toHaveLength(10);
  });

  it('one model that cannot answer does not take the other down', async () => {
    const reply = await ask('explorer/list', {
      ...{ question: recommend, k: 5 },
      models: [model(KNN), model('gone')],
    });
    expect(reply.lists[0]?.items).toHaveLength(5);
    expect(reply.lists[1]?.failure?.message).toContain("no trained model 'gone'");
    // A list that is not there is no disagreement.
    expect(reply.shared).toBeUndefined();
    expect(reply.lists[0]?.items.filter(({ other }) => other !== undefined)).toEqual([]);
  });

  it('nor does a run that is gone', async () => {
    const reply = await ask('explorer/list', {
      ...{ question: recommend, k: 5 },
      models: [{ run: '20200101-000000-gone' }, model(KNN)],
    });
    expect(reply.lists[0]).toMatchObject({ run: '20200101-000000-gone', model: '', items: [] });
    expect(reply.lists[0]?.failure?.message).toBeTruthy();
    expect(reply.lists[1]?.items).toHaveLength(5);
  });
});

describe('why an item is recommended', () => {
  it('is its place with each item of the list left out, as asking without it gives', async () => {
    const [item = ''] =
      (await listOf({ question: recommend, k: 3 }))?.items.map((one) => one.item).slice(2) ?? [];
    const why = await ask('explorer/why', { items: QUERY, item, ...model(KNN) });
    expect(why.without.map((one) => one.item)).toEqual([...QUERY].reverse());
    for (const { at, rank } of why.without) {
      const rest = QUERY.filter((_, place) => place !== at);
      const list = await listOf({ question: { ...recommend, items: rest }, k: 100 });
      const place = list?.items.findIndex((one) => one.item === item) ?? -1;
      // The rank counts items of equal score before it.
      if (place >= 0) expect(rank).toBeGreaterThan(place);
    }
    expect((await ask('explorer/why', { items: [ITEM], item, ...model(KNN) })).without).toEqual([]);
  });

  it('stops when nobody waits any more', async () => {
    const signal = AbortSignal.abort();
    await expect(ask('explorer/why', { items: QUERY, item: ITEM, ...model(KNN) }, signal)).rejects.toThrow(
      'abort',
    );
  });
});

describe('queries of the test part', () => {
  const isHit = (rank = 0): boolean => rank >= 1 && rank <= 10;
  const all = async (params: object) => {
    const first = await ask('explorer/queries', { from: 0, limit: 50, ...(params as { models: [] }) });
    const queries = [...first.queries];
    for (let from = 50; from < first.matching; from += 50)
      queries.push(
        ...(await ask('explorer/queries', { ...(params as { models: [] }), from, limit: 50 })).queries,
      );
    return { ...first, queries };
  };

  it.each([KNN, EMBEDDING, 'popularity', 'blend'])(
    'of %s have the ranks and hits that the run was evaluated with',
    async (name) => {
      const { queries, matching, sides, all: count } = await all({ models: [model(name)] });
      const file = locateArtifact(run, 'evaluate', name, 'ranksTest');
      const { array: ranks } = await readNpy(file ?? '', Int32Array);
      expect([matching, queries.length, count]).toEqual([ranks.length, ranks.length, ranks.length]);
      const byNumber = queries.toSorted((a, b) => a.number - b.number);
      expect(byNumber.map(({ sides: [side] }) => side?.rank)).toEqual([...ranks]);
      const result = await readBranchResult(locateArtifact(run, 'evaluate', name, 'result') ?? '');
      expect((sides[0]?.hits ?? 0) / count).toBeCloseTo(result.test.metrics['hitRate@10']?.value ?? -1, 12);
      for (const { target, sides: own } of queries) {
        const { rank, list } = own[0] ?? { rank: -1, list: new Array<string>() };
        // A hit is in the list that is shown; a miss is not, unless it only ties with its end.
        const place = list.indexOf(target.item);
        expect(place >= 0 || !isHit(rank)).toBe(true);
        expect(place < 0 || rank === 0 || rank > place).toBe(true);
      }
    },
  );

  it('are filtered by slice and outcome, with the counts of the evaluation', async () => {
    const models = [model(KNN), model('popularity')];
    const result = await readBranchResult(locateArtifact(run, 'evaluate', KNN, 'result') ?? '');
    const { slices } = await ask('explorer/queries', { models, from: 0, limit: 1 });
    const evaluated = result.test.slices.filter(({ slice }) => slice !== 'query');
    expect(slices).toEqual(evaluated.map(({ slice, group, queries }) => ({ slice, group, queries })));
    const [tail] = slices.filter(({ group }) => group === 'tail');
    const rare = await all({ models, slice: { slice: 'target popularity', group: 'tail' } });
    expect(rare.matching).toBe(tail?.queries);
    const outcomes = await Promise.all(
      (['allHit', 'oneHits', 'allMiss'] as const).map(async (outcome) => all({ models, outcome })),
    );
    expect(outcomes.reduce((sum, { matching }) => sum + matching, 0)).toBe(rare.all);
    for (const [hits, { queries }] of outcomes.toReversed().entries())
      for (const query of queries) expect(query.sides.filter(({ rank }) => isHit(rank))).toHaveLength(hits);
  });

  it('are not compared where they differ', async () => {
    const models = [model(KNN), model('markov', otherSplit)];
    await expect(ask('explorer/queries', { models, from: 0, limit: 5 })).rejects.toThrow(
      'tested on different queries',
    );
  });
});
