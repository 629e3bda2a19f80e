/** Identifiers stay what they are, rows do not vanish, and many files make one table. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeData } from '../../../src/pipeline/data/describe/describe-data.ts';
import { readSequences, rowsOf, sorted, truth } from '../support/read-sequences.ts';
import { query, temporaryFolder } from './prepare-runner.ts';

let folder: string;
let count = 0;
const sequences = truth();
const expected = sorted(sequences.values());

beforeAll(async () => {
  folder = await temporaryFolder();
});

async function fresh(): Promise<string> {
  const own = path.join(folder, `case-${count++}`);
  await fs.mkdir(own, { recursive: true });
  return own;
}

async function write(file: string, content: string | Buffer): Promise<string> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, content);
  return file;
}

const HEAD = 'user_id,item_id,timestamp';
const lines = (from = 0, to = sequences.size): string[] =>
  rowsOf(new Map([...sequences].slice(from, to)), (key, item, _, n) => `${key},${item},${from * 1000 + n}`);

/** Writes rows with SQL types of one's choice; `columns` is a select list over s, i, t (texts). */
async function parquet(file: string, rows: readonly string[], columns: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const values = rows
    .map(
      (row) =>
        `(${row
          .split(',')
          .map((value) => `'${value}'`)
          .join(', ')})`,
    )
    .join(', ');
  await query(
    `COPY (SELECT ${columns} FROM (VALUES ${values}) AS rows(s, i, t)) TO '${file}' (FORMAT parquet)`,
  );
}

describe('many files are one table', () => {
  it('whole numbers in one parquet file, text in another', async () => {
    const own = await fresh();
    await parquet(
      `${own}/a.parquet`,
      lines(0, 30),
      's::BIGINT AS user_id, i::BIGINT AS item_id, t::BIGINT AS ts',
    );
    await parquet(`${own}/b.parquet`, lines(30), `s AS user_id, i AS item_id, t::BIGINT AS ts`);
    expect(await readSequences(`${own}/*.parquet`)).toEqual(expected);
  });

  it('whole numbers in one, decimals in another, as a tool writes them beside a missing value', async () => {
    const own = await fresh();
    await parquet(`${own}/a.parquet`, lines(0, 30), 's::INT AS user_id, i::INT AS item_id, t::BIGINT AS ts');
    await parquet(
      `${own}/b.parquet`,
      lines(30),
      's::DOUBLE AS user_id, i::DOUBLE AS item_id, t::DOUBLE AS ts',
    );
    expect(await readSequences(`${own}/*.parquet`)).toEqual(expected);
  });

  it('columns in another order, one more column, one of another case', async () => {
    const own = await fresh();
    await parquet(`${own}/a.parquet`, lines(0, 20), 's AS user_id, i AS item_id, t::INT AS ts');
    await parquet(`${own}/b.parquet`, lines(20, 40), `'x' AS more, t::INT AS ts, i AS item_id, s AS user_id`);
    await parquet(`${own}/c.parquet`, lines(40), 's AS "User_ID", i AS item_id, t::INT AS ts');
    expect(await readSequences(`${own}/*.parquet`)).toEqual(expected);
  });

  it('a first file without rows, whose columns have other types', async () => {
    const own = await fresh();
    await query(
      `COPY (SELECT 1 AS user_id, 1 AS item_id, 1 AS ts LIMIT 0) TO '${own}/a.parquet' (FORMAT parquet)`,
    );
    await parquet(`${own}/b.parquet`, lines(), `'u' || s AS user_id, i AS item_id, t::BIGINT AS ts`);
    expect(await readSequences(`${own}/*.parquet`)).toEqual(expected);
    const text = await fresh();
    await write(`${text}/a.csv`, '');
    await write(`${text}/b.csv`, `${HEAD}\n`);
    await write(`${text}/c.csv`, [HEAD, ...lines()].join('\n'));
    expect(await readSequences(`${text}/*.csv`)).toEqual(expected);
  });

  it('pieces of a table, of which only the first has the header', async () => {
    const own = await fresh();
    const all = [HEAD, ...lines()];
    for (let piece = 0; piece * 50 < all.length; piece++)
      await write(
        `${own}/x${String.fromCharCode(97 + piece)}`,
        `${all.slice(piece * 50, (piece + 1) * 50).join('\n')}\n`,
      );
    expect(await readSequences(`${own}/x*`)).toEqual(expected);
    expect(await readSequences(own)).toEqual(expected);
  });

  it('tables with headers in another order, packed and not', async () => {
    const own = await fresh();
    await write(`${own}/a.csv`, [HEAD, ...lines(0, 30)].join('\n'));
    const turned = lines(30).map((line) => line.split(',').reverse().join(','));
    await write(`${own}/b.csv`, gzipSync(['timestamp,item_id,user_id', ...turned].join('\n')));
    expect(await readSequences(`${own}/*.csv`)).toEqual(expected);
  });

  it('nanoseconds in one parquet file order rows, whatever the type in another', async () => {
    const own = await fresh();
    const columns = 's AS user_id, i AS item_id';
    await parquet(
      `${own}/a.parquet`,
      lines(0, 30).reverse(),
      `${columns}, make_timestamp_ns(1600000000000000000 + t::BIGINT) AS ts`,
    );
    await parquet(
      `${own}/b.parquet`,
      lines(30),
      `${columns}, make_timestamp(1600000000000000 + t::BIGINT) AS ts`,
    );
    expect(await readSequences(`${own}/*.parquet`)).toEqual(expected);
  });

  it('hive folders, whose names hold columns', async () => {
    const own = await fresh();
    for (const [at, key] of [...sequences.keys()].entries())
      await write(
        `${own}/user_id=${key}/day=0${1 + (at % 9)}/part-0.csv`,
        ['item_id,timestamp', ...lines(at, at + 1).map((line) => line.split(',').slice(1).join(','))].join(
          '\n',
        ),
      );
    await write(`${own}/_SUCCESS`, '');
    expect(await readSequences(own)).toEqual(expected);
    expect(await readSequences(`${own}/*/*/*.csv`)).toEqual(expected);
    const columnar = await fresh();
    for (const [at, key] of [...sequences.keys()].entries())
      await parquet(
        `${columnar}/user_id=${key}/part-0.parquet`,
        lines(at, at + 1),
        'i::INT AS item_id, t::INT AS ts',
      );
    expect(await readSequences(columnar)).toEqual(expected);
  });

  it.each(['csv', 'jsonl', 'parquet'])(
    'a column of the files wins over one of their folders: %s',
    async (kind) => {
      const own = await fresh();
      const name = `${own}/timestamp=7/all.${kind}`;
      const rows = lines(0).map((line) => line.split(','));
      if (kind === 'csv') await write(name, [HEAD, ...lines(0)].join('\n'));
      if (kind === 'jsonl')
        await write(
          name,
          rows
            .map(([user_id, item_id, timestamp]) => JSON.stringify({ user_id, item_id, timestamp }))
            .join('\n'),
        );
      if (kind === 'parquet')
        await parquet(name, lines(0), 's AS user_id, i AS item_id, t::INT AS timestamp');
      const { columns, seen } = await describeData(own);
      expect(columns.find(({ name: column }) => column === 'timestamp')?.samples).not.toContain('7.0');
      expect(
        new Set(columns.find(({ name: column }) => column === 'timestamp')?.values).size,
      ).toBeGreaterThan(9);
      expect(seen.join()).toContain('‘timestamp’ stands in the files and in the names of their folders');
      expect(await readSequences(own)).toEqual(expected);
    },
  );

  it('of the folders above a file that is given, those right above it are columns', async () => {
    const own = await fresh();
    await write(`${own}/run=5/data/day=7/all.csv`, [HEAD, ...lines(0)].join('\n'));
    const { columns } = await describeData(`${own}/run=5/data/day=7/all.csv`);
    expect(columns.map(({ name }) => name)).toEqual([...HEAD.split(','), 'day']);
  });

  it('folders and files whose names have the characters of patterns', async () => {
    const own = path.join(await fresh(), 'data [v1]', 'what?');
    await write(`${own}/part-1.csv`, [HEAD, ...lines(0, 30)].join('\n'));
    await write(`${own}/part-2.csv`, [HEAD, ...lines(30)].join('\n'));
    expect(await readSequences(`${own}/part-*.csv`)).toEqual(expected);
    expect(await readSequences(own)).toEqual(expected);
  });
});

const LATE = 30_000;

describe('nothing is concluded from the beginning alone', () => {
  it('a quoted comma, and a quoted line break, after many rows', async () => {
    const own = await fresh();
    const many = Array.from({ length: LATE }, (_, n) => `u${n >> 2},i${n % 50},${n}`);
    const file = await write(
      `${own}/a.csv`,
      [HEAD, ...many, 'z,"a, b",1', 'z,"c\nd",2', 'z,"e ""f""",3'].join('\n'),
    );
    const read = await readSequences(file);
    expect(read).toHaveLength(LATE / 4 + 1);
    expect(read).toContain('a, b c\nd e "f"');
  });

  it('texts after many numbers: leading zeros, numbers over 2^63, words', async () => {
    const own = await fresh();
    const many = Array.from({ length: LATE }, (_, n) => [`${n >> 2}`, `${n % 50}`, n] as const);
    const late = ['007', '7', '9223372036854775808', '9223372036854775809', 'x9'];
    const file = await write(
      `${own}/a.csv`,
      [HEAD, ...many.map((row) => row.join(',')), ...late.map((item, n) => `z,${item},${n}`)].join('\n'),
    );
    expect(await readSequences(file)).toContain(late.join(' '));
    const json = await write(
      `${own}/a.jsonl`,
      [
        ...many.map(([user, item, at]) => `{"user_id": ${user}, "item_id": ${item}, "timestamp": ${at}}`),
        ...late.map(
          (item, n) =>
            `{"user_id": "z", "item_id": ${/^[1-9]\d*$/.test(item) ? item : JSON.stringify(item)}, "timestamp": ${n}}`,
        ),
      ].join('\n'),
    );
    expect(await readSequences(json)).toContain(late.join(' '));
  });

  it('a field of JSON that comes late', async () => {
    const own = await fresh();
    const many = Array.from({ length: LATE }, (_, n) => `{"user_id": ${n >> 2}, "item_id": ${n % 50}}`);
    const file = await write(
      `${own}/a.jsonl`,
      [...many, '{"user_id": 1, "item_id": 2, "shop": "late"}'].join('\n'),
    );
    expect(await readSequences(file, ['--group', 'shop'])).toHaveLength(LATE / 4);
  });

  it('a western letter after many lines of plain ones', async () => {
    const own = await fresh();
    const many = Array.from({ length: LATE }, (_, n) => `u${n >> 2},i${n % 50},${n}`);
    const text = [HEAD, ...many, 'z,Café,1', 'z,naïve,2', 'z,i1,3'].join('\n');
    const file = await write(`${own}/a.csv`, Buffer.from(text, 'latin1'));
    expect(await readSequences(file)).toContain('Café naïve i1');
  });
});

describe('identifiers of any type are the text they are', () => {
  const TYPES: readonly (readonly [string, string])[] = [
    ['bytes that are text', `s AS user_id, i::BLOB AS item_id, t::INT AS ts`],
    ['numbers of 128 bits', `s::HUGEINT AS user_id, i::HUGEINT AS item_id, t::INT AS ts`],
    ['decimals without places', `s::DECIMAL(18, 0) AS user_id, i::DECIMAL(38, 0) AS item_id, t::INT AS ts`],
    [
      'names of an enumeration',
      `s AS user_id, i::ENUM (${[...new Set([...sequences.values()].flat())].map((item) => `'${item}'`).join(', ')}) AS item_id, t::INT AS ts`,
    ],
    ['a field of a record', `{'id': s} AS user, {'sku': i} AS product, t::INT AS ts`],
  ];
  it.each(TYPES)('%s', async (_, columns) => {
    const file = path.join(await fresh(), 'a.parquet');
    await parquet(file, lines(), columns);
    const words = columns.includes('sku') ? ['--sequence', 'id', '--item', 'sku'] : [];
    expect(await readSequences(file, words)).toEqual(expected);
  });
});
