/** Each format, read back by a reader of the test's own; test/peers has the real tools. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DuckDBInstance } from '@duckdb/node-api';
import { EXPORT_FORMATS, type ExportFormat } from '../../../src/protocol/export-format.ts';
import { readNpy } from '../../../src/pipeline/data/npy.ts';
import { exportVectors } from '../../../src/pipeline/exporters/export-vectors.ts';
import { cellOf, lineOf } from '../../../src/pipeline/exporters/line-text.ts';
import { wordOf } from '../../../src/pipeline/exporters/word.ts';
import type { OpenVectors } from '../../../src/pipeline/model/open-vectors.ts';
import { ITEM_CASES, itemsWithVectors } from '../support/items-with-vectors.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
let opened: OpenVectors;
let out: string;

beforeAll(async () => {
  opened = await itemsWithVectors(folder);
});
beforeEach(() => {
  out = fs.mkdtempSync(path.join(folder, 'out-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Names of the rows. */
const names = (): string[] => Array.from(opened.vectors.items, (item) => ITEM_CASES[item]?.name ?? '');
/** Those of word2vec's formats, with the rows they have: a word has one vector. */
const words = (): { names: string[]; numbers: number[] } => {
  const rows = names().flatMap((name, row) => (names().indexOf(name) === row ? [row] : []));
  expect(rows.length).toBe(names().length - 1);
  const { values, dimension } = opened.vectors;
  return {
    names: rows.map((row) => names()[row] ?? ''),
    numbers: rows.flatMap((row) => Array.from(values.subarray(row * dimension, (row + 1) * dimension))),
  };
};
const numbers = (): number[] => Array.from(opened.vectors.values);
const exported = (format: ExportFormat, output = `${out}/`, force = false) =>
  exportVectors(opened, { format, output, force }, {});
const read = (name: string): string => fs.readFileSync(path.join(out, name), 'utf8');
const lines = (text: string): string[] => {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
};

/** As `unicode_escape` of Python decodes. */
function unescaped(text: string): string {
  const short: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, code: string | undefined, letter: string) =>
    code === undefined ? (short[letter] ?? '?') : String.fromCharCode(parseInt(code, 16)),
  );
}

/** A line as readers take it: without blanks at its ends. */
const cells = (line: string): string[] => line.trim().split('\t').map(unescaped);

describe('names', () => {
  it('are words without white space, and come back', () => {
    for (const { name } of ITEM_CASES) {
      expect(wordOf(name)).not.toMatch(/[\s\p{Z}\p{Cc}]/u);
      expect(decodeURIComponent(wordOf(name))).toBe(name);
    }
    expect(wordOf('Björk|||Jóga')).toBe('Björk|||Jóga');
  });

  it('stay on one line and in one cell, and come back', () => {
    for (const { name } of ITEM_CASES) {
      expect(lineOf(name)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(unescaped(lineOf(name))).toBe(name);
      expect(unescaped(cellOf(name).trim())).toBe(name);
    }
  });
});

describe('formats', () => {
  it('word2vec: numbers come back to the bit', async () => {
    const { notes } = await exported('word2vec');
    const [head, ...rows] = lines(read('vectors.txt'));
    expect(head).toBe(`${words().names.length} ${opened.vectors.dimension}`);
    const parts = rows.map((row) => row.split(' '));
    expect(parts.map(([word = '']) => decodeURIComponent(word))).toEqual(words().names);
    expect(parts.flatMap(([, ...texts]) => texts.map((text) => Math.fround(Number(text))))).toEqual(
      words().numbers,
    );
    expect(notes.join()).toMatch(/^1 row has the name of an earlier one and was left out/);
  });

  it('word2vec-binary', async () => {
    await exported('word2vec-binary');
    const bytes = fs.readFileSync(path.join(out, 'vectors.bin'));
    let at = bytes.indexOf('\n') + 1;
    const found: string[] = [];
    const values: number[] = [];
    while (at < bytes.length) {
      const blank = bytes.indexOf(' ', at);
      found.push(decodeURIComponent(bytes.toString('utf8', at, blank)));
      at = blank + 1;
      for (let d = 0; d < opened.vectors.dimension; d++, at += 4) values.push(bytes.readFloatLE(at));
      expect(bytes[at++]).toBe(10);
    }
    expect(found).toEqual(words().names);
    expect(values).toEqual(words().numbers);
  });

  it('npy', async () => {
    await exported('npy');
    const { array, shape } = await readNpy(path.join(out, 'vectors.npy'), Float32Array);
    expect(shape).toEqual([names().length, opened.vectors.dimension]);
    expect(Array.from(array)).toEqual(numbers());
    expect(lines(read('names.txt')).map(unescaped)).toEqual(names());
  });

  it('tsv: each row has its metadata, also where a reader strips lines', async () => {
    const { notes } = await exported('tsv');
    const vectors = lines(read('vectors.tsv')).flatMap((line) => line.split('\t').map(Number));
    expect(vectors.map(Math.fround)).toEqual(numbers());
    const [head = '', ...rows] = lines(read('metadata.tsv'));
    expect(cells(head)).toEqual(['name', 'vector', 'Va"lue', 'group_code', 'train_rows']);
    const table = rows.map(cells);
    expect(table.map(([name]) => (name === '?' ? '' : name))).toEqual(names());
    expect(table.every((row) => row.length === 5)).toBe(true);
    expect(table.map((row) => Number(row[4]))).toEqual(
      Array.from(opened.vectors.items, (item) => opened.catalogue.trainCounts[item]),
    );
    expect(notes).toEqual(['A name is empty: \\e stands for that.']);
  });

  it('parquet', async () => {
    const { files } = await exported('parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const file = `'${files[0] ?? ''}'`;
    const types = await connection.runAndReadAll(
      `SELECT column_name, column_type FROM (DESCRIBE FROM ${file})`,
    );
    expect(Object.fromEntries(types.getRows() as [string, string][])).toEqual({
      ...{ item: 'INTEGER', name: 'VARCHAR', train_rows: 'INTEGER', group_code: 'INTEGER' },
      ...{ vector: 'VARCHAR', 'Va"lue': 'BIGINT', recsys_vector: 'FLOAT[]' },
    });
    const all = await connection.runAndReadAll(`SELECT item, name, recsys_vector FROM ${file}`);
    const [items, found, vectors] = all.getColumnsJS();
    expect(items).toEqual(Array.from(opened.vectors.items));
    expect(found).toEqual(names());
    expect((vectors as number[][]).flat()).toEqual(numbers());
    const facts = await connection.runAndReadAll(`SELECT decode(value) FROM parquet_kv_metadata(${file})`);
    expect(facts.getRows().flat().join()).toContain('"run":"20261129-120000000-aaaa"');
    connection.closeSync();
    instance.closeSync();
  });

  it.each(EXPORT_FORMATS)('%s: equal vectors give equal bytes, and nothing else is left', async (format) => {
    const { files } = await exported(format);
    const bytes = files.map((file) => fs.readFileSync(file).toString('base64'));
    await exported(format, undefined, true);
    expect(files.map((file) => fs.readFileSync(file).toString('base64'))).toEqual(bytes);
    expect(fs.readdirSync(out).sort()).toEqual(files.map((file) => path.basename(file)).sort());
  });
});

describe('files', () => {
  it('are named after the one that is asked for', async () => {
    const file = path.join(out, 'my.tsv');
    expect((await exported('tsv', file)).files).toEqual([file, path.join(out, 'my.metadata.tsv')]);
    expect((await exported('npy', path.join(out, 'm'))).files[1]).toBe(path.join(out, 'm.names.txt'));
  });

  it('are not replaced unless that is asked for, neither the first nor the second', async () => {
    for (const there of ['v.tsv', 'v.metadata.tsv']) {
      fs.writeFileSync(path.join(out, there), 'mine');
      await expect(exported('tsv', path.join(out, 'v.tsv'))).rejects.toThrow(`${there} is there already`);
      expect(read(there)).toBe('mine');
      expect(fs.readdirSync(out)).toEqual([there]);
      fs.rmSync(path.join(out, there));
    }
    fs.writeFileSync(path.join(out, 'v.tsv'), 'old');
    await exported('tsv', path.join(out, 'v.tsv'), true);
    expect(read('v.tsv')).not.toBe('old');
  });

  it('are not put into the package of the model', async () => {
    await expect(exported('npy', `${opened.folder}/`, true)).rejects.toThrow('the package of');
  });

  it('need a folder that is there, but a folder that is asked for is made', async () => {
    const none = path.join(out, 'none');
    await expect(exported('word2vec', path.join(none, 'v.txt'))).rejects.toThrow(`${none} is not there`);
    await exported('word2vec', `${none}/`);
    expect(fs.readdirSync(none)).toEqual(['vectors.txt']);
  });

  it.each(EXPORT_FORMATS)('%s: given up, leaves nothing', async (format) => {
    const controller = new AbortController();
    const { signal } = controller;
    const onRows = (): void => controller.abort();
    const request = { format, output: `${out}/new/`, force: false };
    await expect(exportVectors(opened, request, { signal, onRows })).rejects.toThrow(/abort/i);
    expect(fs.readdirSync(out)).toEqual([]);
  });

  it('says that the table of items is broken where it is, not the file', async () => {
    const itemsFile = path.join(out, 'items.parquet');
    fs.writeFileSync(itemsFile, 'PAR1 no more');
    for (const format of EXPORT_FORMATS) {
      const request = { format, output: `${out}/new/`, force: false };
      await expect(exportVectors({ ...opened, itemsFile }, request, {})).rejects.toThrow(
        'items.parquet is broken',
      );
      expect(fs.readdirSync(out)).toEqual(['items.parquet']);
    }
  });
});
