import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { writeFixture } from './prepare-fixture.ts';
import { playlistSpec, prepared, query, runPrepare, temporaryFolder } from './prepare-runner.ts';

let folder: string;
let fixture: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  fixture = await writeFixture(folder);
});

const plain: DatasetSpec = {
  format: 'parquet',
  sequence: ['s'],
  item: ['i'],
  order: [],
  minimumLength: 3,
  sample: 1,
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};

async function table(name: string, select: string): Promise<string> {
  const file = path.join(folder, name);
  await query(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  return file;
}

/** The error of preparing, with the check that nothing was written. */
async function failure(data: string, spec: DatasetSpec): Promise<UserError> {
  const out = await temporaryFolder();
  const error: unknown = await runPrepare(data, spec, out).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect((await fs.readdir(out)).filter((name) => name !== 'scratch')).toEqual([]);
  if (!(error instanceof UserError)) throw new Error(`not a UserError: ${String(error)}`);
  expect(error.hint).not.toBe('');
  return error;
}

describe('an error says what happened and what to do', () => {
  it('no such file', async () => {
    const error = await failure(path.join(folder, 'none.parquet'), playlistSpec());
    expect(error.message).toMatch(/^There is no file .*none\.parquet\.$/);
    expect(error.exitCode).toBe(3);
  });

  it('a column whose name differs from another one in case only', async () => {
    const file = path.join(folder, 'cases.csv');
    const rows = Array.from({ length: 60 }, (_, n) => `s${n >> 2},a${n % 9},b${n % 7}`);
    await fs.writeFile(file, `s,item,ITEM\n${rows.join('\n')}\n`);
    const spec: DatasetSpec = { ...plain, format: 'csv', item: ['ITEM'] };
    expect((await failure(file, spec)).hint).toMatch(/all but the first get a number: ITEM_1\.$/);
    const named = await prepared(file, { ...spec, item: ['ITEM_1'] });
    expect(named.named[0]?.items[0]).toMatch(/^b/);
  });

  it('an item that is the sequence too', async () => {
    const both = await table('both.parquet', `SELECT range % 9 AS s, range AS i FROM range(90)`);
    const error = await failure(both, { ...plain, item: ['s'] });
    expect(error.message).toBe(
      `'s' is both the item and the sequence: each sequence would hold one item only.`,
    );
    expect((await failure(both, { ...plain, sequence: ['s', 'i'], item: ['i'] })).message).toContain(
      `'i' is both`,
    );
  });

  it('a folder of several kinds of files, or of none', async () => {
    const mixed = path.join(folder, 'mixed');
    await fs.mkdir(mixed);
    expect((await failure(mixed, playlistSpec())).message).toMatch(/is a folder without data files\.$/);
    await fs.writeFile(path.join(mixed, 'a.csv'), 's,i\n1,2\n');
    await fs.writeFile(path.join(mixed, 'b.parquet'), 'PAR1');
    const error = await failure(mixed, playlistSpec());
    expect(error.message).toContain('.csv, .parquet');
    expect(error.hint).toContain('*.csv');
  });

  it('a glob that matches nothing', async () => {
    expect((await failure(path.join(folder, 'none-*.parquet'), playlistSpec())).message).toMatch(
      /^No file matches/,
    );
  });

  it('an empty file', async () => {
    const file = path.join(folder, 'empty.parquet');
    await fs.writeFile(file, '');
    expect((await failure(file, playlistSpec())).message).toMatch(/is empty\.$/);
  });

  it('not a parquet', async () => {
    const file = path.join(folder, 'text.parquet');
    await fs.writeFile(file, 'user_id,playlist\n1,2\n3,4\n');
    expect((await failure(file, playlistSpec())).message).toContain('not a parquet file');
  });

  it('a truncated parquet', async () => {
    const file = path.join(folder, 'truncated.parquet');
    const bytes = await fs.readFile(fixture);
    await fs.writeFile(file, bytes.subarray(0, bytes.length - 100));
    expect((await failure(file, playlistSpec())).message).toContain('truncated');
  });

  it('a parquet broken in the middle', async () => {
    const file = path.join(folder, 'broken.parquet');
    const bytes = await fs.readFile(fixture);
    bytes.fill(0xff, 4, 400);
    await fs.writeFile(file, bytes);
    expect((await failure(file, playlistSpec())).message).toContain('damaged');
  });

  it('missing columns, naming those there are', async () => {
    const error = await failure(fixture, playlistSpec({ item: ['artist', 'song'], order: ['nr'] }));
    expect(error.message).toContain("no columns 'song', 'nr'");
    expect(error.hint).toContain('row_id, user_id, artist, track, playlist');
  });

  it('an item column of nested type', async () => {
    const map = await table('map.parquet', `SELECT range AS s, map {'a': 1} AS i FROM range(9)`);
    expect((await failure(map, plain)).message).toContain("Column 'i' of");
  });

  it('no rows', async () => {
    const file = await table('no-rows.parquet', `SELECT 1 AS s, 1 AS i LIMIT 0`);
    expect((await failure(file, plain)).message).toContain('no rows');
  });

  it('all sequences too short', async () => {
    const file = await table('short.parquet', `SELECT range // 2 AS s, range % 5 AS i FROM range(20)`);
    const error = await failure(file, plain);
    expect(error.message).toMatch(/^All 10 sequences of .* are shorter than 3 items\.$/);
  });

  it('one item only', async () => {
    const file = await table('one-item.parquet', `SELECT range // 5 AS s, 'x' AS i FROM range(100)`);
    expect((await failure(file, plain)).message).toContain('one item only');
  });

  it('no test rows', async () => {
    const file = await table('few.parquet', `SELECT range // 5 AS s, range % 3 AS i FROM range(5)`);
    expect((await failure(file, plain)).message).toMatch(/leaves no (train|validation|test) rows/);
    const all = await failure(
      await table('many.parquet', `SELECT range // 5 AS s, range % 3 AS i FROM range(500)`),
      { ...plain, split: { by: 'sequence', ratios: [0.8, 0.2, 0] } },
    );
    expect(all.message).toContain('one of them is 0');
  });

  it('a split by user or by time without such a column, and shares that do not add up', async () => {
    expect(
      (
        await failure(fixture, {
          ...playlistSpec(),
          user: undefined,
          split: { by: 'user', ratios: [0.7, 0.2, 0.1] },
        } as unknown as DatasetSpec)
      ).message,
    ).toContain('needs a user column');
    expect(
      (await failure(fixture, playlistSpec({ split: { by: 'time', ratios: [0.7, 0.2, 0.1] } }))).message,
    ).toContain('needs a time column');
    expect(
      (await failure(fixture, playlistSpec({ split: { by: 'sequence', ratios: [0.7, 0.2, 0.2] } }))).message,
    ).toContain('0.7, 0.2, 0.2');
  });

  it('CSV and JSON lines that are none', async () => {
    const csv = path.join(folder, 'bad.csv');
    await fs.writeFile(csv, `s,i\n${'1,2\n'.repeat(30_000)}3,4,5\n`);
    expect((await failure(csv, { ...plain, format: 'csv' })).message).toContain('Line 30,002 of');
    const json = path.join(folder, 'bad.jsonl');
    await fs.writeFile(json, '{"s": 1, "i": 2}\n{"s": 1, "i": \n');
    expect((await failure(json, { ...plain, format: 'jsonl' })).message).toContain('not valid JSON');
  });
});

describe('a warning is told and kept', () => {
  const sequences = `SELECT (range // 4)::VARCHAR AS s, 'item ' || range % 7 AS i FROM range(200)`;

  it('of identifiers that differ only in case or unicode normal form', async () => {
    const file = await table(
      'alike.parquet',
      `${sequences} UNION ALL BY NAME SELECT 'x' AS s, unnest(['Café', 'CAFÉ', 'Cafe' || chr(769), 'other']) AS i`,
    );
    const { profile, layout, warnings } = await prepared(file, plain);
    expect(warnings.join()).toMatch(
      /^3 items have names that differ from another's only in case or unicode normal form, such as ‘.*caf.*’ and ‘.*caf.*’/i,
    );
    expect(profile.warnings).toEqual(warnings);
    expect(layout.warnings).toEqual(warnings);
    expect(profile.items).toBe(11);
  });

  it('of a 10 MB identifier, which is shown cut short and kept whole', async () => {
    const file = await table(
      'long.parquet',
      `${sequences} UNION ALL BY NAME SELECT 'x' AS s, unnest([repeat('ä', 5000000), 'a', 'b']) AS i UNION ALL BY NAME SELECT 'y' || range AS s, unnest([repeat('ä', 5000000), 'a', 'b']) AS i FROM range(3)`,
    );
    const { profile, warnings, named } = await prepared(file, plain);
    expect(warnings).toEqual([
      '1 item identifier is longer than 10,000 bytes (the longest: 10,000,000); shown cut short.',
    ]);
    expect(Math.max(...profile.topItems.map(({ name }) => name.length))).toBeLessThan(300);
    expect(Math.max(...named.flatMap(({ items }) => items.map((item) => item.length)))).toBe(5_000_000);
  }, 30_000);

  it('of a 10 MB identifier in CSV and JSON lines', async () => {
    const rows = `(${sequences} UNION ALL BY NAME SELECT 'x' AS s, unnest([repeat('q', 10000000), 'a', 'b']) AS i)`;
    for (const format of ['csv', 'jsonl'] as const) {
      const file = path.join(folder, `long.${format}`);
      await query(`COPY ${rows} TO '${file}' (FORMAT ${format === 'csv' ? 'csv' : 'json'})`);
      const { warnings } = await prepared(file, { ...plain, format });
      expect(warnings.join()).toContain('the longest: 10,000,000');
    }
  }, 60_000);

  it('of duplicated rows', async () => {
    const file = await table(
      'duplicates.parquet',
      `SELECT (range // 4)::VARCHAR AS s, range % 7 AS i, range AS o FROM range(200) UNION ALL SELECT '0', 1, 1 UNION ALL SELECT '0', 1, 5 UNION ALL SELECT '1', 4, 4 UNION ALL SELECT '1', 4, 4`,
    );
    const { profile, warnings } = await prepared(file, { ...plain, order: ['o'] });
    expect(profile.duplicateRows).toBe(5);
    expect(profile.repeatedItems).toBe(6);
    expect(warnings).toEqual(['5 rows equal another row in every column used.']);
  });
});

describe('other things worth knowing', () => {
  it('sequences without a user: by user each is one of its own', async () => {
    const file = await table(
      'users.parquet',
      `SELECT 's' || s AS s, 'i' || i AS i, CASE WHEN s % 2 = 0 THEN 'u' || s % 10 END AS u FROM range(40) a(s), range(3) b(i)`,
    );
    const found = await prepared(file, { ...plain, user: 'u', split: { ...plain.split, by: 'user' } });
    expect(new Set(found.sequenceClusters).size).toBe(25);
    // Of 25 users five have four sequences each, and twenty have one.
    expect(found.layout.train + found.layout.validation + found.layout.test).toBe(40);
    expect(found.layout.train).toBeLessThan(35);
    expect(found.warnings).toContain('20 sequences have no user; each counts as a user of its own.');
  });

  it('words for nothing where the format has a null: kept, and said', async () => {
    const file = await table(
      'words.parquet',
      `SELECT CASE WHEN s % 10 = 0 THEN 'nan' ELSE 's' || s END AS s, CASE WHEN i = 0 THEN 'None' ELSE 'i' || i END AS i FROM range(40) a(s), range(3) b(i)`,
    );
    const { warnings, profile } = await prepared(file, plain);
    expect(profile.rows).toBe(120);
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^40 rows \(33 %\) have the item ‘None’ in ‘i’\. If that says that there is none/,
        ),
        expect.stringMatching(/^12 rows \(10 %\) have the sequence ‘nan’ in ‘s’\./),
      ]),
    );
  });

  it.each([
    ['seconds and milliseconds', '1700000000', '1700000000000'],
    ['seconds and microseconds', '1700000000.5', '1.7e15'],
  ])('an order in several units of time: %s', async (_, one, other) => {
    const file = await table(
      'units.parquet',
      `SELECT 's' || s AS s, 'i' || i AS i, CASE WHEN s % 4 = 0 THEN ${one} ELSE ${other} END + i AS t FROM range(40) a(s), range(3) b(i)`,
    );
    const { warnings } = await prepared(file, { ...plain, order: ['t'] });
    expect(warnings).toEqual([
      expect.stringMatching(/^‘t’ mixes units of time: seconds in 30 rows, \w+seconds in 90 rows\./),
    ]);
  });

  it('numbers that only look like times of several units', async () => {
    const file = await table(
      'numbers.parquet',
      `SELECT 's' || s AS s, 'i' || i AS i, (10::BIGINT ** (2 * i + s % 3))::BIGINT AS t FROM range(40) a(s), range(8) b(i)`,
    );
    expect((await prepared(file, { ...plain, order: ['t'] })).warnings).toEqual([]);
  });

  it('an order that leaves rows of a sequence in one place', async () => {
    const file = await table(
      'ties.parquet',
      `SELECT 's' || s AS s, 'i' || i AS i, i // 2 AS t, i AS p FROM range(40) a(s), range(5) b(i)`,
    );
    const { warnings } = await prepared(file, { ...plain, order: ['t'] });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^80 % of the rows have the same ‘t’ as another item of their sequence: they stay/,
      ),
    ]);
    expect((await prepared(file, { ...plain, order: ['t', 'p'] })).warnings).toEqual([]);
  });

  it('a key on several lines of the plain form', async () => {
    const file = path.join(folder, 'lines.txt');
    await fs.writeFile(file, Array.from({ length: 20 }, (_, i) => `u${i % 15} a b c${i}`).join('\n'));
    const spec: DatasetSpec = {
      ...plain,
      format: 'sequences',
      sequence: ['sequence'],
      item: ['item'],
      order: ['position'],
    };
    expect((await prepared(file, spec)).warnings.join()).toMatch(
      /5 lines begin with the key of an earlier line/,
    );
    const inFileOrder = await prepared(file, { ...spec, order: [] });
    expect(inFileOrder.named.find(({ key }) => key[0] === 'u0')?.items).toEqual([
      'a',
      'b',
      'c0',
      'a',
      'b',
      'c15',
    ]);
  });
});
