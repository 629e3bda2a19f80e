/** A catalogue file brings in items that no row holds, and leaves all others as they are. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { fingerprintData } from '../../../src/pipeline/data/describe/fingerprint-data.ts';
import { PREPARED } from '../../../src/pipeline/data/prepared-data.ts';
import { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { prepared, query, temporaryFolder, type Prepared } from './prepare-runner.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const place = path.join(folder, name);
  await fs.mkdir(path.dirname(place), { recursive: true });
  await fs.writeFile(place, text);
  return place;
}

const SPEC: DatasetSpec = {
  format: 'csv',
  sequence: ['session'],
  item: ['track'],
  order: ['position'],
  group: 'artist',
  minimumLength: 3,
  sample: 1,
  split: { by: 'sequence', ratios: [0.6, 0.2, 0.2] },
};

/** Tracks 00 … 19 of four artists, in sessions of five. */
const rows = Array.from({ length: 40 }, (_, s) =>
  Array.from({ length: 5 }, (__, k) => {
    const track = (s * 3 + k) % 20;
    return `s${s},${k},${String(track).padStart(2, '0')},a${track % 4}`;
  }),
).flat();
const DATA = `session,position,track,artist\n${rows.join('\n')}\n`;

async function namesOf({ folder: place }: Prepared): Promise<string[]> {
  const names = await ItemNames.read(path.join(place, PREPARED.items));
  return Array.from({ length: names.count }, (_, code) => names.name(code));
}

describe('a catalogue', () => {
  let data: string;
  let without: Prepared;
  beforeAll(async () => {
    data = await file('data.csv', DATA);
    without = await prepared(data, SPEC);
  });

  test.each(['list.csv', 'list.txt'])('may be a list of names, as in %s', async (name) => {
    const catalogue = await file(name, 'track\nTitle0 Song\n00\nTitle1 Song\n"Title2, or not"\n');
    const { group: _, ...ungrouped } = SPEC;
    const names = await namesOf(await prepared(data, { ...ungrouped, catalogue }));
    expect(names.slice(20)).toEqual(['Title0 Song', 'Title1 Song', 'Title2, or not']);
  });

  test('adds its new items after those of the data, whose codes, rows and sequences stay', async () => {
    const catalogue = await file('items.csv', 'artist,track,price\na0,new b,3\na9,new a,2\na1,01,1\na3,00,9\na9,new a,5\n,,\n'); // prettier-ignore
    const withIt = await prepared(data, { ...SPEC, catalogue });
    const names = await namesOf(withIt);
    expect(names).toEqual([...(await namesOf(without)), 'new a', 'new b']);
    expect(withIt.sequences).toEqual(without.sequences);
    expect([...withIt.trainCounts]).toEqual([...without.trainCounts, 0, 0]);
    expect(withIt.layout.itemCount).toBe(22);
    expect([...withIt.catalogue.subarray(20)]).toEqual([1, 1]);
    expect(withIt.profile).toMatchObject({ items: 20, catalogue: { items: 4, added: 2 } });
    expect(withIt.profile.topItems).toEqual(without.profile.topItems);
    expect(withIt.profile.popularity).toEqual(without.profile.popularity);
    expect(without.profile.catalogue).toBeUndefined();

    const groupOf = (name: string): number => withIt.itemGroups?.[names.indexOf(name)] ?? -2;
    // The catalogue knows better: 00 is of a3 there.
    expect(groupOf('00')).toBe(groupOf('03'));
    expect(groupOf('new b')).toBe(groupOf('04'));
    expect(groupOf('new a')).toBe(4);
    expect(withIt.layout.groupCount).toBe(5);
    const [first] = await query(`SELECT rows, train_rows FROM '${path.join(withIt.folder, PREPARED.items)}' WHERE item = 20`); // prettier-ignore
    expect(first?.map(Number)).toEqual([0, 0]);
  });

  test('needs no group column, and what it lists of held-out items may be recommended', async () => {
    const ofTest = await file('split.csv', `${DATA}last,1,x1,a0\nlast,2,x2,a0\nlast,3,x3,a0\n`);
    const spec: DatasetSpec = {
      ...SPEC,
      split: { by: 'leave-one-out', ratios: [0.7, 0.2, 0.1] },
      minimumLength: 3,
    };
    const catalogue = await file('ids.jsonl', '{"track": "x2"}\n{"track": "05"}\n');
    const withIt = await prepared(ofTest, { ...spec, catalogue });
    const names = await namesOf(withIt);
    const may = (name: string): number => withIt.catalogue[names.indexOf(name)] ?? -1;
    // Of the last list x1 trains, x2 is the validation target, x3 the test target.
    expect([may('x1'), may('x2'), may('x3'), may('05'), may('06')]).toEqual([1, 1, 0, 1, 1]);
    expect(withIt.itemGroups?.[names.indexOf('x2')]).toBe(withIt.itemGroups?.[names.indexOf('00')]);
  });

  test('is matched by value whatever the file: numbers of the data are numbers there too', async () => {
    const numbers = path.join(folder, 'numbers.parquet');
    const table = `SELECT (i // 5) AS session, (i % 5) AS position, (i * 7 % 30)::BIGINT AS track, 'a' AS artist FROM range(200) AS t(i)`;
    await query(`COPY (${table}) TO '${numbers}' (FORMAT parquet)`);
    const spec: DatasetSpec = { ...SPEC, format: 'parquet' };
    const withIt = await prepared(numbers, {
      ...spec,
      catalogue: await file('numbers.csv', 'track\n7\n007\n31\n'),
    });
    expect(withIt.profile.catalogue).toEqual({ items: 2, added: 1 });
    const bad = await file('bad.csv', 'track\n7\nseven\n');
    await expect(prepared(numbers, { ...spec, catalogue: bad })).rejects.toThrow(
      /1 value of .* such as ‘seven’, can be no item of the data, whose items are of type BIGINT/,
    );
  });

  test('rounds no identifier into another', async () => {
    const numbers = path.join(folder, 'whole.parquet');
    await query(
      `COPY (SELECT i // 5 AS session, i % 5 AS position, (i * 7 % 30)::BIGINT AS track, 'a' AS artist FROM range(200) AS t(i)) TO '${numbers}' (FORMAT parquet)`,
    );
    const catalogue = await file('decimals.csv', 'track,price\n7,1\n200.6,1\n1e3,1\n');
    await expect(prepared(numbers, { ...SPEC, format: 'parquet', catalogue })).rejects.toThrow(
      /2 values of column 'track' .* can be no item of the data/,
    );
  });

  test('has words for nothing, which are no items, as in the data', async () => {
    const catalogue = await file('words.csv', 'track,artist\n01,a1\nNULL,a1\nNA,a1\n,a1\nnew,a1\n');
    const withIt = await prepared(data, { ...SPEC, catalogue });
    expect(withIt.profile.catalogue).toEqual({ items: 2, added: 1 });
  });

  test('that lists nothing of the data is a warning', async () => {
    const strange = await prepared(data, {
      ...SPEC,
      catalogue: await file('strange.csv', 'track\n"a|00"\n"a|01"\n'),
    });
    expect(strange.warnings.join()).toMatch(/None of the 2 items of the catalogue is in the data/);
  });

  test('without the item columns, or that is not there, is refused before a run begins', async () => {
    const wrong = await file('wrong.csv', 'id,artist\n1,a\n');
    await expect(fingerprintData(data, { ...SPEC, catalogue: wrong })).rejects.toThrow(
      /wrong\.csv has no column 'track'/,
    );
    const none = path.join(folder, 'none.csv');
    await expect(fingerprintData(data, { ...SPEC, catalogue: none })).rejects.toThrow(/no file .*none\.csv/);
  });

  test('is data: its content decides the fingerprint, where it lies does not', async () => {
    const hashOf = async (catalogue?: string): Promise<string> =>
      (await fingerprintData(data, { ...SPEC, ...(catalogue === undefined ? {} : { catalogue }) }))
        .contentHash;
    const one = await hashOf(await file('one.csv', 'track\n01\n'));
    expect(await hashOf(await file('elsewhere/one.csv', 'track\n01\n'))).toBe(one);
    expect(await hashOf(await file('one.csv', 'track\n02\n'))).not.toBe(one);
    expect(await hashOf()).not.toBe(one);
  });
});
