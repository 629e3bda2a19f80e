import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Client from '../../../src/pipeline/client.ts';
import { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { CLI, recsys } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const storeFolder = path.join(folder, '.recsys');
let client: typeof Client;

beforeAll(async () => {
  client = (await import(pathToFileURL(path.join(path.dirname(CLI), 'client.mjs')).href)) as typeof Client;
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const run = await recsys(['run', 'tiny.csv', ...SMALL_JOB, '--name', 'base'], { cwd: folder });
  expect(run.code, run.stderr).toBe(0);
  await recsys(['prepare', 'tiny.csv', '--seed', '9'], { cwd: folder });
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('the client', () => {
  it('opens a store and finds runs', () => {
    const store = client.openStore(storeFolder);
    expect(store.runs()).toHaveLength(2);
    expect(store.run('latest').view.steps).toHaveLength(1);
    const run = store.latestSuccessfulRun();
    expect(run.id).toBe(store.run('base').id);
    expect(run.parameters).toMatchObject({ seed: 1, epochs: 2 });
    expect(run.report?.metrics.test['popularity']?.metrics['hitRate@10']?.value).toBeGreaterThanOrEqual(0);
    expect(run.profile?.sequences).toBe(300);
    expect(() => store.run('nope')).toThrow(client.UserError);
    expect(() => client.openStore(path.join(folder, 'none')).latestSuccessfulRun()).toThrow(/is finished/);
  });

  it('gives sequences as flat codes, and the names of the codes', async () => {
    const run = client.openStore(storeFolder).run('base');
    const names = await run.itemNames();
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toMatch(/^artist\d_\d\|\|\|track\d_\d+$/);
    let sequences = 0;
    for (const split of ['train', 'validation', 'test'] as const) {
      const { items, offsets } = await run.sequences(split);
      sequences += offsets.length - 1;
      for (let s = 0; s + 1 < offsets.length; s++) {
        const sequence = items.subarray(offsets[s], offsets[s + 1]);
        expect(sequence.length).toBeGreaterThanOrEqual(5);
        // A playlist of these data stays within its genre.
        const genres = new Set(Array.from(sequence, (code) => names[code]?.charAt('artist'.length)));
        expect(genres.size).toBe(1);
      }
    }
    expect(sequences).toBe(300);
  });

  it('gives vectors as typed arrays, and neighbours by them', async () => {
    const run = client.openStore(storeFolder).run('base');
    const { model, dimension, items, values } = await run.vectors();
    expect({ model, dimension }).toEqual({ model: 'prod2vec-min-count-1', dimension: 8 });
    expect(values).toBeInstanceOf(Float32Array);
    expect(values).toHaveLength(items.length * dimension);
    expect(values.every(Number.isFinite)).toBe(true);
    const [item = ''] = items;
    const { neighbours } = await run.neighbours(item, 3);
    const row = (name: string): Float32Array =>
      values.subarray(items.indexOf(name) * 8, items.indexOf(name) * 8 + 8);
    const cosine = (a: Float32Array, b: Float32Array): number => {
      const dot = (x: Float32Array, y: Float32Array): number =>
        x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    const cosines = items
      .filter((name) => name !== item)
      .map((name) => ({ name, score: cosine(row(item), row(name)) }))
      .sort((a, b) => b.score - a.score);
    neighbours.forEach(({ score }, i) => expect(score).toBeCloseTo(cosines[i]?.score ?? NaN, 4));
    await expect(run.vectors('popularity')).rejects.toThrow("'popularity' has no vectors");
  });

  it('recommends by the best model on validation, or by the one named', async () => {
    const run = client.openStore(storeFolder).run('base');
    const list = ['artist0_1|||track0_1', 'artist0_2|||track0_2'];
    const reply = await run.recommend(list, 4);
    expect(reply).toMatchObject({ run: run.id, model: run.report?.selection.best, query: list });
    expect(reply.recommendations).toHaveLength(4);
    const cli = await recsys(['recommend', ...list, '-k', '4', '--json', '--run', 'base'], { cwd: folder });
    expect(JSON.parse(cli.stdout)).toEqual(reply);
    const popular = await run.recommend(['x', ...list], 2, 'popularity', { skipUnknown: true });
    expect(popular).toMatchObject({ model: 'popularity', query: list, skipped: ['x'] });
    await expect(run.recommend(['x'])).rejects.toThrow("called 'x'");
  });

  it.each([
    [
      'a part that is none',
      (run: Client.Run) => run.sequences('tset' as 'test'),
      /split must be one of train, validation, test, not 'tset'/,
    ],
    [
      'a number for an item',
      (run: Client.Run) => run.neighbours(42 as unknown as string),
      /item must be a text, not 42/,
    ],
    [
      '42.5 neighbours',
      (run: Client.Run) => run.neighbours('x', 42.5),
      /42\.5 neighbours cannot be given: k must be a whole number/,
    ],
    ['2.5 items', (run: Client.Run) => run.recommend(['x'], 2.5), /2\.5 items cannot be given/],
    ['infinitely many', (run: Client.Run) => run.recommend(['x'], Infinity), /Infinity items/],
    ['none', (run: Client.Run) => run.neighbours('x', 0), /0 neighbours/],
    ['fewer than none', (run: Client.Run) => run.recommend(['x'], -1), /-1 items/],
    ['NaN', (run: Client.Run) => run.neighbours('x', NaN), /NaN neighbours/],
    [
      'a text for a number',
      (run: Client.Run) => run.neighbours('x', '5' as unknown as number),
      /'5' neighbours/,
    ],
    [
      'one name for a list',
      (run: Client.Run) => run.recommend('abc' as unknown as string[]),
      /items must be a list of names, not 'abc'/,
    ],
    [
      'a number in a list',
      (run: Client.Run) => run.recommend([7 as unknown as string]),
      /An item must be a text, not 7/,
    ],
    ['a model that is none', (run: Client.Run) => run.vectors('no'), /no trained model 'no'/],
    [
      'a number for a model',
      (run: Client.Run) => run.vectors(3 as unknown as string),
      /model must be a text, not 3/,
    ],
    [
      'null for a model',
      (run: Client.Run) => run.recommend(['x'], 5, null as unknown as string),
      /best|called 'x'/,
    ],
    [
      'an option that is none',
      (run: Client.Run) => run.recommend(['x'], 5, undefined, { keepseen: true } as object),
      /one of keepSeen, skipUnknown, explain, not 'keepseen'/,
    ],
    [
      'a text for a switch',
      (run: Client.Run) => run.recommend(['x'], 5, undefined, { keepSeen: 'no' } as object),
      /keepSeen must be true or false, not 'no'/,
    ],
  ])('refuses %s', async (_, ask, message) => {
    const run = client.openStore(storeFolder).run('base');
    const error: unknown = await ask(run).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(client.UserError);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  it('refuses runs and folders that are no names', () => {
    expect(() => client.openStore(5 as unknown as string)).toThrow(
      /folder of the store must be a text, not 5/,
    );
    expect(() => client.openStore('')).toThrow(/empty/);
    expect(() => client.openStore(storeFolder).run(5 as unknown as string)).toThrow(
      /run must be a text, not 5/,
    );
  });

  it('gives all there are where more are asked for', async () => {
    const run = client.openStore(storeFolder).run('base');
    const names = await run.itemNames();
    const [item = ''] = (await run.vectors()).items;
    for (const k of [1e9, 999_999_999_999, Number.MAX_SAFE_INTEGER]) {
      const { neighbours } = await run.neighbours(item, k);
      expect(neighbours.length).toBeGreaterThan(1);
      expect(neighbours.length).toBeLessThan(names.length);
      const { recommendations } = await run.recommend([item], k);
      expect(new Set(recommendations.map((one) => one.item)).size).toBe(recommendations.length);
      expect(recommendations.length).toBeLessThan(names.length);
    }
  });

  it('says what is not there yet', async () => {
    const run = client.openStore(storeFolder).run('latest');
    expect(run.report).toBeUndefined();
    await expect(run.neighbours('x')).rejects.toThrow(/no report yet/);
    await expect(run.recommend(['x'])).rejects.toThrow(/no report yet/);
  });
});

describe('suggestions', () => {
  const names = new ItemNames([
    'Queen|||Help!',
    'The Beatles|||Help!',
    'helper|||x',
    'a|||whelp',
    'Björk|||Jóga',
  ]);

  it('put columns that are the text first, then those that begin with it, then the rest', () => {
    expect(names.suggest('help!', 5)).toEqual(['Queen|||Help!', 'The Beatles|||Help!']);
    expect(names.suggest('HELP', 5)).toEqual([
      'Queen|||Help!',
      'The Beatles|||Help!',
      'helper|||x',
      'a|||whelp',
    ]);
    expect(names.suggest('help', 1)).toEqual(['Queen|||Help!']);
    expect(names.suggest('bjo\u0308rk', 5)).toEqual(['Björk|||Jóga']);
    expect(names.suggest('none', 5)).toEqual([]);
  });
});
