/** No answer of the engine grows with the catalogue: what is large comes in parts, which make the whole. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineMethod, EngineParams, EngineReply } from '../../../src/protocol/engine.ts';
import { LONGEST_LIST } from '../../../src/protocol/engine/explorer.ts';
import { MOST_LISTED, PART_LETTERS } from '../../../src/protocol/engine/items.ts';
import { PART_ROWS } from '../../../src/protocol/engine/projections.ts';
import { WordFilter } from '../../../src/protocol/word-filter.ts';
import { AskedEngine } from '../support/asked-engine.ts';
import { patience } from '../support/patience.ts';
import { recsys } from '../support/recsys-cli.ts';
import { temporaryFolder } from '../support/toy-store.ts';

/** A few parts; `RECSYS_MANY_ITEMS=1000000` tries a million, which takes minutes. */
const ITEMS = Number(process.env['RECSYS_MANY_ITEMS'] ?? 150_000);
const LIST = 10;
/** Letters of a message as JSON. */
const LARGEST = 4 * 2 ** 20;
const MODEL = 'prod2vec';
const HUB = 'Artist 0|||Song of the night 0';

const folder = temporaryFolder();
let engine: AskedEngine;
let largest = 0;

const nameOf = (item: number): readonly [string, string] => [
  `Artist ${Math.floor(item / 20)}`,
  `Song of the night ${item}`,
];

/** Every item is in a list; one is in a third of them, and one of ten is in two. */
function writeLists(file: string): void {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, 'list,artist,track\n');
  const lists = (11 * ITEMS) / 10 / LIST;
  for (let first = 0; first < lists; first += 5000) {
    const rows: string[] = [];
    for (let list = first; list < Math.min(lists, first + 5000); list++) {
      for (let at = 0; at < LIST; at++) {
        const item = (list * LIST + at) % ITEMS;
        rows.push(`night ${list},${nameOf(item).join(',')}\n`);
      }
      if (list % 3 === 0) rows.push(`night ${list},${nameOf(0).join(',')}\n`);
    }
    fs.writeSync(out, rows.join(''));
  }
  fs.closeSync(out);
}

/** Asks, and looks at how large the message is that comes back. */
async function ask<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineReply<M>> {
  largest = 0;
  const reply = await engine.ask(method, params);
  expect(largest, method).toBeGreaterThan(0);
  expect(largest, method).toBeLessThan(LARGEST);
  return reply;
}

/** @returns rows of all parts, joined */
async function whole(width: number, part: (from: number) => Promise<string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let from = 0; ;) {
    const bytes = Buffer.from(await part(from), 'base64');
    if (bytes.length === 0) return Buffer.concat(parts);
    expect(bytes.length / width).toBeLessThanOrEqual(PART_ROWS);
    parts.push(bytes);
    from += bytes.length / width;
  }
}

const asked = { run: 'large', model: MODEL };

beforeAll(async () => {
  writeLists(path.join(folder, 'large.csv'));
  const columns = ['--sequence', 'list', '--item', 'artist', '--item', 'track'];
  const quick = [
    '--models',
    `${MODEL},popularity`,
    '--vector-size',
    '2',
    '--epochs',
    '1',
    '--min-count',
    '1',
  ];
  const run = await recsys(
    ['run', 'large.csv', ...columns, ...quick, '--ratios', '0.9998,0.0001,0.0001', '--name', 'large'],
    { cwd: folder },
  );
  expect(run.code, run.stderr).toBe(0);
  engine = new AskedEngine(folder);
  engine.process.on('message', (message) => (largest = Math.max(largest, JSON.stringify(message).length)));
}, patience(300_000));
afterAll(() => {
  engine.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('the engine, of many items', () => {
  it(
    'lists items in answers of a bounded size, however much is asked for',
    async () => {
      const { items } = await ask('items/search', { ...asked, text: 'night 7', limit: MOST_LISTED });
      expect(items).toHaveLength(MOST_LISTED);
      await ask('neighbours/query', { ...asked, item: HUB, k: MOST_LISTED });
      const list = items.slice(0, LONGEST_LIST).map(({ item }) => item);
      const query = { items: list, keepSeen: false, skipUnknown: false };
      await ask('recommend/query', { ...asked, ...query, k: MOST_LISTED });
      // As long as a selection may be.
      const lines = Array.from({ length: 27_000 }, (_, item) => nameOf(item).join('|||'));
      const text = lines.join('\n');
      expect(text.length).toBeGreaterThan(990_000);
      expect((await ask('items/readList', { ...asked, text })).items).toEqual(lines);
      const place = { text: HUB, offset: 3 };
      expect(await ask('items/hover', { ...asked, place, k: 100 })).toMatchObject({ at: { item: HUB } });
      await expect(
        engine.connection.sendRequest('neighbours/query', { ...asked, item: HUB, k: ITEMS }),
      ).rejects.toThrow("'k'");
    },
    patience(120_000),
  );

  it(
    'pages what the explorer shows',
    async () => {
      await ask('explorer/item', { ...asked, item: HUB });
      const { total, sequences } = await ask('explorer/sequences', {
        ...asked,
        item: HUB,
        from: 0,
        limit: 100,
      });
      expect(total).toBeGreaterThan(ITEMS / LIST / 3);
      expect(sequences).toHaveLength(100);
      const models = [asked, { run: 'large', model: 'popularity' }];
      const filter = { exclude: [], fold: true };
      const question = { kind: 'neighbours', item: HUB } as const;
      await ask('explorer/list', { question, models, k: 100, filter });
      const queries = await ask('explorer/queries', { models, outcome: 'any', from: 0, limit: 50 });
      expect(queries.queries.length).toBeGreaterThan(0);
      await ask('run/card', { run: 'large' });
      await ask('run/view', { run: 'large' });
      await ask('store/view', {});
      await ask('data/preview', { path: path.join(folder, 'large.csv') });
    },
    patience(120_000),
  );

  it(
    'tells the words of all names in parts',
    async () => {
      let [bits, letters, parts] = ['', Infinity, 0];
      for (; bits.length < letters; parts++) {
        const { words } = await ask('items/vocabulary', { ...asked, from: bits.length });
        expect(words.bits.length).toBeLessThanOrEqual(PART_LETTERS);
        bits += words.bits;
        ({ letters } = words);
      }
      expect(parts).toBe(Math.ceil(letters / PART_LETTERS));
      const filter = WordFilter.of({ bits });
      expect([0, 77_777, ITEMS - 1].map((item) => filter.has(String(item)))).toEqual([true, true, true]);
      expect(filter.has('nothing-that-is-there')).toBe(false);
    },
    patience(120_000),
  );

  it(
    'tells a map in parts: its items, their places, clusters and marks',
    async () => {
      const names: string[] = [];
      const codes = await whole(4, async (from) => {
        const part = await ask('projections/items', { ...asked, from });
        const ends = Buffer.from(part.nameEnds, 'base64');
        const bytes = Buffer.from(part.names, 'base64');
        for (let row = 0, start = 0; row < ends.length / 4; row++) {
          const end = ends.readUInt32LE(4 * row);
          names.push(bytes.toString('utf8', start, end));
          start = end;
        }
        return part.codes;
      });
      const items = codes.length / 4;
      expect(items).toBeGreaterThan(0.9 * ITEMS);
      expect(new Set(names).size).toBe(items);
      expect(names[0]).toBe(HUB);
      const positions = await whole(8, async (from) => {
        const part = await ask('projections/project', { ...asked, method: 'pca', from });
        expect(part.rows).toBe(items);
        return part.positions;
      });
      expect(positions.length).toBe(8 * items);
      const clusters = await whole(
        1,
        async (from) => (await ask('projections/clusters', { ...asked, from })).clusters,
      );
      expect(clusters.length).toBe(items);
      for (const mark of [{ by: 'split' }, { by: 'hits' }, { by: 'keyword', keyword: 'night' }] as const) {
        const values = await whole(
          4,
          async (from) => (await ask('projections/marks', { ...asked, ...mark, from })).values,
        );
        expect(values.length, mark.by).toBe(4 * items);
      }
      const near = await ask('projections/neighbours', { ...asked, item: codes.readInt32LE(0), k: 100 });
      expect(near.items).toHaveLength(100);
    },
    patience(240_000),
  );
});
