/** Tables that are no text: Excel, Arrow, parquet with lists; and RecBole's rows of histories. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import {
  CompressionType,
  int32,
  int64,
  list,
  setCompressionCodec,
  struct,
  tableFromArrays,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { compress, decompress } from 'lz4js';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSequences, rowsOf, sorted, truth } from '../support/read-sequences.ts';
import { workbook } from '../support/zip.ts';
import { query, temporaryFolder } from './prepare-runner.ts';

let folder: string;
const sequences = truth();
const expected = sorted(sequences.values());
const keys = [...sequences.keys()];
const rows: (readonly [string, string, number])[] = [];
rowsOf(sequences, (key, item, _, n) => {
  rows.push([key, item, n]);
  return '';
});

beforeAll(async () => {
  folder = await temporaryFolder();
});

describe('Excel', () => {
  const header = ['user_id', 'item_id', 'timestamp'];
  it('reads the first sheet that holds rows, or the one named', async () => {
    const file = path.join(folder, 'a.xlsx');
    const table = [header, ...rows.map(([key, item, n]) => [Number(key), item, n])];
    await fs.writeFile(file, workbook({ empty: [], data: table, other: [header, ['x', 'y', 1]] }));
    expect(await readSequences(file)).toEqual(expected);
    await fs.writeFile(file, workbook({ other: [header, ['x', 'y', 1]], data: table }));
    expect(await readSequences(file, ['--sheet', 'data'])).toEqual(expected);
    await expect(readSequences(file, ['--sheet', 'date'])).rejects.toThrow('has no sheet ‘date’');
  });
});

describe('Arrow', () => {
  const flat = (): ReturnType<typeof tableFromArrays> =>
    tableFromArrays(
      {
        user_id: rows.map(([key]) => BigInt(key)),
        item_id: rows.map(([, item]) => item),
        timestamp: rows.map(([, , n]) => n),
      },
      { types: { user_id: int64(), item_id: utf8(), timestamp: int32() } },
    );

  it.each(['file', 'stream'] as const)('reads a %s', async (format) => {
    const file = path.join(folder, `a.${format === 'file' ? 'feather' : 'arrows'}`);
    await fs.writeFile(file, tableToIPC(flat(), { format }) ?? '');
    expect(await readSequences(file)).toEqual(expected);
  });

  it('reads what is packed with lz4, as pandas writes it', async () => {
    setCompressionCodec(CompressionType.LZ4_FRAME, {
      encode: (bytes) => compress(bytes),
      decode: (bytes) => decompress(bytes),
    });
    const file = path.join(folder, 'packed.arrow');
    await fs.writeFile(file, tableToIPC(flat(), { format: 'file', codec: CompressionType.LZ4_FRAME }) ?? '');
    expect(await readSequences(file)).toEqual(expected);
  });

  it('keeps every digit, and reads lists and records', async () => {
    const big = (item: string): bigint => 9_007_199_254_740_992n + BigInt(item);
    const table = tableFromArrays(
      {
        session: keys,
        events: [...sequences.values()].map((items) => items.map((item, n) => ({ aid: big(item), ts: n }))),
      },
      { types: { session: utf8(), events: list(struct({ aid: int64(), ts: int32() })) } },
    );
    const file = path.join(folder, 'lists.arrow');
    await fs.writeFile(file, tableToIPC(table, { format: 'file' }) ?? '');
    const large = [...sequences.values()].map((items) => items.map((item) => String(big(item))));
    expect(await readSequences(file)).toEqual(sorted(large));
  });

  it('says that a file is cut off', async () => {
    const bytes = tableToIPC(flat(), { format: 'file' }) ?? new Uint8Array();
    const file = path.join(folder, 'cut.feather');
    await fs.writeFile(file, bytes.subarray(0, bytes.length / 2));
    await expect(readSequences(file)).rejects.toThrow('cut off or damaged');
  });
});

describe('parquet with one sequence a row', () => {
  const texts = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(', ')}]`;
  const table = async (
    name: string,
    row: (key: string, items: readonly string[]) => string,
  ): Promise<string> => {
    const file = path.join(folder, name);
    const selects = [...sequences].map(([key, items]) => `SELECT ${row(key, items)}`);
    await query(`COPY (${selects.join(' UNION ALL ')}) TO '${file}' (FORMAT parquet)`);
    return file;
  };

  it.each([
    ['a list of texts', (key, items) => `${key} AS session_id, ${texts(items)} AS item_ids`],
    [
      'a list of numbers',
      (key, items) => `${key} AS session_id, [${items.join(', ')}]::BIGINT[] AS item_ids, 'x' AS day`,
    ],
    [
      'lists side by side',
      (key, items) =>
        `${key} AS user_id, ${texts(items)} AS items, [${items.map((_, n) => n + 7).join(', ')}] AS timestamps, [${items.map(() => '0.5').join(', ')}] AS ratings`,
    ],
    [
      'a list of records',
      (key, items) =>
        `${key} AS session, [${items.map((item, n) => `{'aid': ${item}, 'ts': ${n}, 'type': 'clicks'}`).join(', ')}] AS events`,
    ],
    [
      'an order inside that is not that of the list',
      (key, items) =>
        `${key} AS session, [${[...items.entries()]
          .reverse()
          .map(([n, item]) => `{'aid': ${item}, 'ts': ${1_600_000_000 + n}}`)
          .join(', ')}] AS events`,
    ],
    [
      'missing elements and lists without any',
      (key, items) =>
        `${key} AS session_id, [${[...items.map((item) => `'${item}'`), 'NULL'].join(', ')}] AS item_ids UNION ALL SELECT 'none${key}', [] UNION ALL SELECT 'null${key}', NULL`,
    ],
    [
      'lists in lists',
      (key, items) =>
        `'f' AS file, [{'pid': ${key}, 'tracks': [${items.map((item, n) => `{'pos': ${n}, 'track_uri': '${item}'}`).join(', ')}]}] AS playlists`,
    ],
    ['text with marks', (key, items) => `${key} AS session_id, '${items.join(' ')}' AS item_ids`],
  ] as const satisfies readonly (readonly [string, (key: string, items: readonly string[]) => string])[])(
    '%s',
    async (name, row) => {
      expect(await readSequences(await table(`${name}.parquet`, row))).toEqual(expected);
    },
  );

  it('leaves lists alone where another column names the item', async () => {
    const file = path.join(folder, 'tags.parquet');
    const selects = rows.map(
      ([key, item, n]) =>
        `SELECT ${key} AS user_id, ${item} AS item_id, ${n} AS ts, ['a', 'b'] AS tags, [0.1, 0.2] AS embedding`,
    );
    await query(`COPY (${selects.join(' UNION ALL ')}) TO '${file}' (FORMAT parquet)`);
    expect(await readSequences(file)).toEqual(expected);
  });

  it.each(['parent_asin', 'bought_product'])(
    'leaves lists alone whose name is that of a sequence, where %s is the item',
    async (name) => {
      const file = path.join(folder, `${name}.parquet`);
      const selects = rows.map(([key, item, n]) => {
        const before = [...(sequences.get(key) ?? [])].slice(0, n % 4);
        return `SELECT ${key} AS user_id, '${item}' AS ${name}, ${n} AS timestamp, ${texts(before)}::VARCHAR[] AS history`;
      });
      await query(`COPY (${selects.join(' UNION ALL ')}) TO '${file}' (FORMAT parquet)`);
      expect(await readSequences(file)).toEqual(expected);
      const cells = rows.map(([key, item, n]) => `${key},B${item},${n},${'B07 '.repeat(n % 4).trim()}\n`);
      const csv = path.join(folder, `${name}.csv`);
      await fs.writeFile(csv, `user_id,${name},timestamp,history\n${cells.join('')}`);
      expect(await readSequences(csv)).toEqual(expected.map((line) => line.replaceAll(/\d+/g, 'B$&')).sort());
    },
  );

  it('takes the items from the lists where no column names them, though users come again beside these', async () => {
    const file = path.join(folder, 'impressions.tsv');
    const lines = [...sequences.values()].map(
      (items, at) =>
        `${at + 1}\tU${at % 7}\t11/${1 + (at % 28)}/2019 9:05:58 AM\t${items.map((item) => `N${item}`).join(' ')}\tN${at}-1${' N7-0'.repeat(1 + (at % 5))}\n`,
    );
    await fs.writeFile(file, lines.join(''));
    expect(await readSequences(file)).toEqual(expected.map((line) => line.replaceAll(/\d+/g, 'N$&')).sort());
  });

  it('refuses lists of unequal length where both are needed', async () => {
    const file = path.join(folder, 'unequal.parquet');
    await query(
      `COPY (SELECT range AS user_id, ['a', 'b', 'c'] AS items, [1, 2, 3] AS at FROM range(600) UNION ALL SELECT 700, ['a', 'b', 'c'], [1, 2]) TO '${file}' (FORMAT parquet)`,
    );
    await expect(
      readSequences(file, ['--sequence', 'user_id', '--item', 'items', '--order', 'at']),
    ).rejects.toThrow('lists of unequal length in items, at');
  });
});

describe("RecBole's rows of a history and its target", () => {
  const history = (key: string, items: readonly string[], most = 99): string[] =>
    items
      .slice(1)
      .map((item, n) => `${key}\t${items.slice(Math.max(0, n + 1 - most), n + 1).join(' ')}\t${item}`);
  const header = 'session_id:token\titem_id_list:token_seq\titem_id:token';

  it.each([
    ['grow', (key: string, items: readonly string[]) => history(key, items)],
    ['are of two items at most', (key: string, items: readonly string[]) => history(key, items, 2)],
    ['are one a sequence', (key: string, items: readonly string[]) => history(key, items).slice(-1)],
  ] as const)('that %s are read as one sequence each', async (name, of) => {
    const file = path.join(folder, `${name}.inter`);
    await fs.writeFile(
      file,
      [header, ...[...sequences].flatMap(([key, items]) => of(key, items))].join('\n'),
    );
    expect(await readSequences(file)).toEqual(expected);
  });
});
