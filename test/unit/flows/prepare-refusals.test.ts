/** Files that cannot be read are refused with their true cause, and with what to do. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/protocol/user-error.ts';
import { readSequences, rowsOf, truth } from '../support/read-sequences.ts';
import { zip } from '../support/zip.ts';
import { query, temporaryFolder } from './prepare-runner.ts';

let folder: string;
const HEAD = 'user_id,item_id,timestamp';
const lines = rowsOf(truth(), (key, item, _, n) => `${key},${item},${n}`);
const csv = `${[HEAD, ...lines].join('\n')}\n`;

beforeAll(async () => {
  folder = await temporaryFolder();
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(folder, name);
  await fs.writeFile(full, content);
  return full;
}

async function refusal(data: string, words: readonly string[] = []): Promise<UserError> {
  const error: unknown = await readSequences(data, words).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`not a UserError: ${String(error)}`);
  expect(error.hint).not.toBe('');
  return error;
}

describe('what is cut off or damaged', () => {
  const packed = gzipSync(csv);
  it.each([1, 4, 8, 9, 40, packed.length >> 2, packed.length >> 1])(
    'gzip without its last %i bytes',
    async (cut) => {
      const error = await refusal(await file(`cut-${cut}.csv.gz`, packed.subarray(0, packed.length - cut)));
      expect(error.message).toContain('truncated gzip file');
    },
  );

  it('gzip whose second member is cut, and one with a changed byte', async () => {
    const two = Buffer.concat([packed, gzipSync(csv.slice(HEAD.length + 1))]);
    expect((await refusal(await file('two.csv.gz', two.subarray(0, two.length - 30)))).message).toContain(
      'truncated gzip',
    );
    const changed = Buffer.from(packed);
    changed[changed.length - 6] = (changed[changed.length - 6] ?? 0) ^ 1;
    expect((await refusal(await file('changed.csv.gz', changed))).message).toContain('damaged gzip');
  });

  it('zstd at any cut', async () => {
    const source = await file('source.csv', csv);
    await query(
      `COPY (SELECT * FROM read_csv('${source}', all_varchar = true)) TO '${folder}/whole.csv.zst' (FORMAT csv)`,
    );
    const whole = await fs.readFile(path.join(folder, 'whole.csv.zst'));
    for (const share of [0.3, 0.6, 0.9, 0.999]) {
      const cut = await file(`cut-${share}.csv.zst`, whole.subarray(0, Math.floor(whole.length * share)));
      expect((await refusal(cut)).message).toContain('truncated zstd file');
    }
  });

  it('items that stand above their rows', async () => {
    const films = Array.from({ length: 40 }, (_, n) => `${n + 1}:\n7,4,2005-09-06\n8,3,2005-10-0${n % 9}`);
    const above = await refusal(await file('films.txt', `${films.join('\n')}\n`));
    expect(above.message).toContain('has 1 field, and other lines have 3: ‘1:’');
    expect(above.hint).toContain('write it into each of them: awk');
  });

  it('half a line of CSV, half an object of JSON', async () => {
    const half = await refusal(await file('half.csv', csv.slice(0, csv.lastIndexOf(','))));
    expect(half.message).toContain(`Line ${lines.length + 1} of`);
    expect(half.message).toContain('has 2 fields, and the lines before it have 3');
    expect(half.hint).toContain('written completely');
    const json = lines.map((line) =>
      JSON.stringify(Object.fromEntries(line.split(',').map((value, n) => [HEAD.split(',')[n], value]))),
    );
    const cut = await refusal(await file('half.jsonl', json.join('\n').slice(0, -9)));
    expect(cut.message).toContain('is not valid JSON');
  });
});

describe('lines that are not as the others', () => {
  it.each([
    ['a line with more fields', '1,2,3,4', 'has 4 fields, and the lines before it have 3: ‘1,2,3,4’'],
    ['a footer', '(298 rows)', 'has 1 field, and the lines before it have 3: ‘(298 rows)’'],
    ['a quote that is not closed', '1,"2,3', 'has a quote that is not closed'],
    ['text after a closed quote', '1,"2" x,3', 'has a quote that is not closed, or text after one'],
  ])('%s, after many rows', async (name, line, told) => {
    const many = Array.from({ length: 30_000 }, (_, n) => `u${n >> 2},i${n % 50},${n}`);
    const error = await refusal(await file(`${name}.csv`, [HEAD, ...many, line, ''].join('\n')));
    expect(error.message).toContain(told);
    expect(error.message).toContain('Line 30,002 of');
  });

  it('a field more from some line on loses no row before it', async () => {
    const more = [
      HEAD,
      ...Array.from({ length: 2040 }, (_, n) => `u${n >> 2},i${n % 50},${n}`),
      ...Array.from({ length: 600 }, (_, n) => `v${n >> 2},i${n % 50},${n},new`),
    ];
    expect((await refusal(await file('more.csv', more.join('\n')))).message).toContain('Line 2,042 of');
  });

  it('a line of blanks with other fields', async () => {
    const text = [...Array.from({ length: 20_000 }, (_, n) => `${n >> 2} ${n % 50} ${n}`), '1 2'].join('\n');
    expect((await refusal(await file('blanks.txt', text))).message).toContain(
      'has 2 fields parted by blanks, and the others have 3',
    );
  });

  it('a byte that is no UTF-8 among letters that are', async () => {
    const text = Buffer.concat([Buffer.from(`${csv}1,Café,9\n`), Buffer.from('1,Caf\xe9,10\n', 'latin1')]);
    const error = await refusal(await file('both.csv', text));
    expect(error.message).toMatch(/^Line \d+ of .* is not UTF-8 text/);
    expect(error.hint).toContain('--encoding windows-1252');
  });

  it('a line that really is too long', async () => {
    const error = await refusal(await file('long.csv', `${csv}1,${'x'.repeat(17 << 20)},9\n`));
    expect(error.message).toContain('a line of more than 16 MB');
  });
});

describe('files of other kinds, whatever their name', () => {
  const bytes = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(600)]);
  const tar = Buffer.alloc(1024);
  tar.write('a.csv', 0, 'latin1');
  tar.write('ustar\x0000', 257, 'latin1');
  it.each([
    ['avro', bytes('Obj\x01'), 'an Avro file'],
    ['orc', bytes('ORC'), 'an ORC file'],
    ['db', bytes('SQLite format 3\0'), 'a SQLite database'],
    ['duckdb', bytes('\0\0\0\0\0\0\0\0DUCK'), 'a DuckDB database'],
    ['h5', bytes('\x89HDF\r\n\x1a\n'), 'an HDF5 file'],
    ['npy', bytes('\x93NUMPY\x01\0'), 'a NumPy array'],
    ['npz', zip({ 'a.npy': 'x' }), 'a NumPy archive'],
    ['pkl', bytes('\x80\x04\x95'), 'a Python pickle'],
    ['mat', bytes('MATLAB 5.0 MAT-file'), 'a MATLAB file'],
    [
      'json',
      Buffer.from("{u'username': u'ann', u'product_id': u'20'}\n"),
      'Python dictionaries and not JSON',
    ],
    ['jsonl', Buffer.from("{'reviewerID': 'ann', 'asin': '20'}\n"), 'Python dictionaries and not JSON'],
    ['zip', zip({ 'a.csv': csv }), 'a zip archive'],
    ['xls', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'of the old kind'],
    [
      'ods',
      zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }),
      'an OpenDocument spreadsheet',
    ],
    ['bz2', bytes('BZh9'), 'bzip2'],
    ['xz', bytes('\xfd7zXZ\0'), 'packed with xz'],
    ['tar', tar, 'a tar archive'],
    ['tar.gz', gzipSync(tar), 'a tar archive'],
    ['html', Buffer.from('<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>'), 'a web page'],
    [
      'lfs',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
      'a pointer of Git LFS',
    ],
  ])('%s', async (kind, content, told) => {
    for (const name of [`a.${kind}`, `${kind}.csv`, `${kind}.parquet`])
      expect((await refusal(await file(name, content))).message).toContain(told);
  });

  it.each([[HEAD], []])('files whose fields are parted differently', async (...head) => {
    const own = path.join(folder, `parted-${head.length}`);
    await fs.mkdir(own);
    await fs.writeFile(path.join(own, 'a.csv'), [...head, ...lines].join('\n'));
    await fs.writeFile(path.join(own, 'b.csv'), [...head, ...lines].join('\n').replaceAll(',', ';'));
    const { message } = await refusal(`${own}/*.csv`);
    expect(message).toContain('a.csv are parted by commas');
    expect(message).toContain('b.csv by semicolons');
  });

  it('files of two formats in one pattern', async () => {
    const own = path.join(folder, 'mixed');
    await fs.mkdir(own);
    await fs.writeFile(path.join(own, 'a.csv'), csv);
    await query(`COPY (SELECT 1 AS user_id, 2 AS item_id) TO '${own}/b.parquet' (FORMAT parquet)`);
    expect((await refusal(`${own}/*`)).message).toContain(
      'b.parquet is a parquet file, and the others are text',
    );
    await fs.rename(path.join(own, 'a.csv'), path.join(own, 'c.csv'));
    expect((await refusal(`${own}/*`)).message).toContain('c.csv is not a parquet file');
  });
});

describe('places that are no files', () => {
  it.each([
    's3://bucket/a.parquet',
    'gs://bucket/a.csv',
    'https://example.org/a.csv',
    'hdfs:///a',
    'abfss://a@b/c',
  ])('%s', async (address) => {
    const error = await refusal(address);
    expect(error.message).toContain('is an address');
    expect(error.hint).toContain('Copy it here first');
  });

  it('a file address is a path', async () => {
    const full = await file('by address.csv', csv);
    expect(await readSequences(`file://${full.replaceAll(' ', '%20')}`)).toHaveLength(60);
  });

  it.skipIf(process.platform === 'win32')('a pipe is not waited for', async () => {
    const pipe = path.join(folder, 'pipe.csv');
    spawnSync('mkfifo', [pipe]);
    expect((await refusal(pipe)).message).toContain('is no regular file');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a file that may not be read',
    async () => {
      const closed = await file('closed.csv', csv);
      await fs.chmod(closed, 0);
      expect((await refusal(closed)).hint).toContain('permissions');
    },
  );
});
