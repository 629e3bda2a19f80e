/** A split by a column of the data, and one-sequence-a-line files with a fixed split. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { prepared, query, runPrepare, temporaryFolder } from './prepare-runner.ts';
import type { Prepared } from './prepare-runner.ts';

type Given = readonly (readonly [key: string, part: string, time: number | null, items: string])[];

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** A parquet file with a row an item: sequence, item, its place, time, part; rows of all sequences mixed. */
async function write(name: string, sequences: Given): Promise<string> {
  const file = path.join(folder, name);
  const rows = sequences.flatMap(([key, part, time, items]) =>
    Array.from(items, (item, at) => `('${key}', '${item}', ${at}, ${time ?? 'NULL'}, '${part}')`),
  );
  await query(
    `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS t(s, i, o, t, p) ORDER BY o, hash(s)) TO '${file}' (FORMAT parquet)`,
  );
  return file;
}

function spec(changes: Partial<DatasetSpec> = {}): DatasetSpec {
  const plain = { format: 'parquet', sequence: ['s'], item: ['i'], order: ['o'], minimumLength: 2 };
  return DatasetSpec.parse({ ...plain, split: { by: 'column', column: 'p' }, ...changes });
}

const parts = ({ named }: Prepared): string[] =>
  named.map(({ split, key, items }) => `${split} ${key[0] ?? ''} ${items.join('')}`);

async function failure(file: string, changes: Partial<DatasetSpec> = {}): Promise<string> {
  const error: unknown = await runPrepare(file, spec(changes), await temporaryFolder()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? error.message : `no error: ${String(error)}`;
}

describe('a column that says the part of each sequence', () => {
  const all: Given = [
    ['a', 'Train', 30, 'xyz'],
    ['b', ' TEST ', 5, 'yxz'],
    ['c', 'train', 10, 'zyx'],
    ['d', 'Valid', 50, 'xx'],
    ['e', 'train', null, 'yzy'],
    ['f', 'train', 20, 'zz'],
    ['g', 'dev', 40, 'zxy'],
    ['h', 'test', 4, 'xz'],
    ['short', 'train', 1, 'x'],
  ];

  it('is obeyed row by row; sequences of a part lie in order of time', async () => {
    const found = await prepared(await write('all.parquet', all), spec({ time: 't' }));
    expect(parts(found)).toEqual([
      'train e yzy',
      'train c zyx',
      'train f zz',
      'train a xyz',
      'validation g zxy',
      'validation d xx',
      'test h xz',
      'test b yxz',
    ]);
    expect(found.layout).toMatchObject({ train: 4, validation: 2, test: 2, timeOrdered: true });
    expect(found.layout.validationNewer).toBe(true);
    expect(found.warnings).toEqual(['1 sequence has no time; it counts as the earliest.']);
  });

  it('without a time column they lie in the order of the seeded hash, as in any other split', async () => {
    const found = await prepared(await write('all.parquet', all), spec());
    const digest = (key: string): string =>
      createHash('md5').update(`order/42/s${key.length}:${key}`).digest('hex');
    const training = ['a', 'c', 'e', 'f'].sort((a, b) => (digest(a) < digest(b) ? -1 : 1));
    expect(found.named.slice(0, 4).map(({ key }) => key[0])).toEqual(training);
    expect(found.layout).toMatchObject({ train: 4, validation: 2, test: 2, timeOrdered: false });
  });

  it('tells where a validation part that was given is not newer than the training part', async () => {
    const mixed = all.map(([key, part, time, items]) => [key, part, key === 'g' ? 15 : time, items] as const);
    const found = await prepared(await write('mixed.parquet', mixed), spec({ time: 't' }));
    expect(found.layout).toMatchObject({ timeOrdered: true, validationNewer: false });
    const untimed = await prepared(await write('mixed.parquet', mixed), spec());
    expect(untimed.layout).toMatchObject({ timeOrdered: false, validationNewer: true });
  });

  it('says what a minimum length takes away', async () => {
    const found = await prepared(await write('all.parquet', all), spec({ minimumLength: 3, time: 't' }));
    expect(found.warnings.join()).toMatch(/^3 sequences of the given split are shorter than 3 items/);
    expect(found.layout).toMatchObject({ train: 3, validation: 1, test: 1 });
  });

  describe('without a validation part', () => {
    const without: Given = [
      ...Array.from({ length: 25 }, (_, n) => [`n${n}`, 'train', (n * 7) % 25, 'xyz'] as const),
      ['t', 'test', 99, 'xyz'],
    ];

    it('takes the last tenth of the training sequences in time, and says so', async () => {
      const found = await prepared(await write('without.parquet', without), spec({ time: 't' }));
      expect(found.layout).toMatchObject({ train: 22, validation: 3, test: 1 });
      const times = found.named.slice(0, 25).map(({ key }) => (Number(key[0]?.slice(1)) * 7) % 25);
      expect(times).toEqual(Array.from({ length: 25 }, (_, n) => n));
      expect(found.layout.warnings.join()).toMatch(
        /‘p’ names no validation part: the last tenth .* \(3, by t\)/,
      );
    });

    it('cuts the rows of training sequences that go on after that, and touches nothing else that was given', async () => {
      const file = path.join(folder, 'going-on.parquet');
      await query(
        `COPY (SELECT 's' || s AS s, 'i' || s || '-' || o AS i, o, TIMESTAMP '2020-01-01' + INTERVAL 1 DAY * (CASE WHEN s = 0 THEN 0 ELSE s + 9 * o END) AS t,
         CASE WHEN s = 0 THEN 'test' ELSE 'train' END AS p FROM range(21) AS a(s), range(3) AS b(o)) TO '${file}' (FORMAT parquet)`,
      );
      const found = await prepared(file, spec({ time: 't' }));
      // Training sequences begin on days 1 to 20, and the last two, from day 19 on, validate.
      expect(found.layout).toMatchObject({ train: 9, validation: 2, test: 1 });
      const lengths = found.named.map(({ split, items }) => `${split} ${items.length}`);
      expect(lengths.slice(-3)).toEqual(['validation 3', 'validation 3', 'test 3']);
      expect(found.profile.heldOut?.boundaries).toMatchObject({ sequencesDropped: 9, sequences: 18 });
    });

    it('or else by the seeded hash: another seed, another validation part, the same test part', async () => {
      const file = await write('without.parquet', without);
      const of = async (seed: number): Promise<string[]> =>
        parts(await prepared(file, spec(), { seed })).filter((part) => !part.startsWith('train'));
      const [one, same, other] = [await of(1), await of(1), await of(2)];
      expect(one).toEqual(same);
      expect(one).toHaveLength(4);
      expect(other.slice(0, 3)).not.toEqual(one.slice(0, 3));
      expect(other.at(-1)).toBe(one.at(-1));
    });
  });

  describe('is refused', () => {
    it.each([
      ['other values', 'train', 'later', /^2 rows of .* names no part: ‘later’/],
      ['a part without a name', 'train', '', /names no part: ‘’/],
      ['no test rows', 'train', 'train', /leaves no test sequences of at least 2 items/],
      ['no training rows', 'test', 'test', /leaves no train sequences/],
    ])('with %s', async (_, one, other, message) => {
      const file = await write('bad.parquet', [
        ['a', one, 1, 'xyz'],
        ['b', one, 2, 'xyz'],
        ['c', other, 3, 'yx'],
      ]);
      expect(await failure(file)).toMatch(message);
    });

    it('with rows that say nothing', async () => {
      const file = path.join(folder, 'nulls.parquet');
      await query(
        `COPY (SELECT * FROM (VALUES ('a', 'x', 1, 'train'), ('a', 'y', 2, NULL)) AS t(s, i, o, p)) TO '${file}' (FORMAT parquet)`,
      );
      expect(await failure(file)).toMatch(/^1 row of .* names no part: nothing\./);
    });

    it('with a sequence in two parts', async () => {
      const file = await write('mixed.parquet', [
        ['a', 'train', 1, 'xyz'],
        ['b', 'train', 2, 'xyz'],
        ['b', 'test', 3, 'xyz'],
        ['c', 'test', 3, 'xyz'],
      ]);
      expect(await failure(file)).toMatch(/^1 sequence of .* several parts in column 'p', such as ‘b’/);
    });

    it('without a column, or one that is not there', async () => {
      const file = await write('all.parquet', all);
      const split = { by: 'column', ratios: [0.7, 0.2, 0.1] } as DatasetSpec['split'];
      expect(await failure(file, { split })).toMatch(/^A split by column needs the column/);
      expect(await failure(file, { split: { ...split, column: 'none' } })).toMatch(/has no column 'none'/);
    });
  });
});

describe('one sequence a line, training and test in files of their own', () => {
  it('can be split by file and ordered by line', async () => {
    const own = await temporaryFolder();
    await fs.writeFile(path.join(own, 'train.txt'), 's9 a b\ns1 b c a\n\ns5 c c\n');
    await fs.writeFile(path.join(own, 'test.txt'), 't2 a b c\nt1\tc  b\n');
    const split = { by: 'column', column: 'file' };
    const found = await prepared(
      path.join(own, '*.txt'),
      DatasetSpec.parse({
        format: 'sequences',
        sequence: ['sequence'],
        item: ['item'],
        order: ['position'],
        time: 'line',
        minimumLength: 2,
        split,
      }),
    );
    expect(parts(found)).toEqual([
      'train s9 ab',
      'train s1 bca',
      'validation s5 cc',
      'test t2 abc',
      'test t1 cb',
    ]);
    expect(found.layout.timeOrdered).toBe(true);
    // Lines of two files are no times to compare.
    expect(found.profile.heldOut?.laterRows).toBeUndefined();
  });
});
