import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatOfText } from '../../../src/pipeline/data/reading/data-format.ts';
import { describeData } from '../../../src/pipeline/data/describe/describe-data.ts';
import { previewData } from '../../../src/pipeline/data/describe/preview-data.ts';
import { fingerprintData } from '../../../src/pipeline/data/describe/fingerprint-data.ts';
import { query } from '../flows/prepare-runner.ts';

let folder: string;
const CSV = 's;i;when\na;007;2024-01-01 10:00:00\na;"x;y";2024-01-01 10:00:01\nb;007;2024-01-02 00:00:00\n';

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-describe-'));
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(folder, name);
  await fs.writeFile(full, content);
  return full;
}

describe('describeData', () => {
  it('reads CSV of any delimiter, also compressed', async () => {
    const expected = [
      { name: 's', type: 'VARCHAR', samples: ['a', 'b'] },
      { name: 'i', type: 'VARCHAR', samples: ['007', 'x;y'] },
      {
        name: 'when',
        type: 'TIMESTAMP',
        samples: ['2024-01-01 10:00:00', '2024-01-01 10:00:01', '2024-01-02 00:00:00'],
      },
    ];
    await query(
      `COPY (SELECT * FROM read_csv('${await file('a.csv', CSV)}', all_varchar = true)) TO '${folder}/a.csv.zst' (FORMAT csv, DELIMITER ';')`,
    );
    await file('a.csv.gz', gzipSync(CSV));
    for (const name of ['a.csv', 'a.csv.gz', 'a.csv.zst']) {
      expect((await describeData(path.join(folder, name))).columns).toMatchObject(expected);
    }
  });

  it.each<[string, string, readonly string[]]>([
    ['quoted.csv', 'item\n"Artist, No 1"\n"B ""x"""\n', ['Artist, No 1', 'B "x"']],
    ['all-quoted.csv', '"item"\n"one"\n"two; or three"\n', ['one', 'two; or three']],
    ['blanks.csv', 'item\nTitle0 Song\nTitle1 Song\n', ['Title0 Song', 'Title1 Song']],
    ['names.csv', 'item\nA B\nB A C\nC A B D\n', ['A B', 'B A C', 'C A B D']],
    ['empty-lines.csv', 'item\n\na 1\n\nb\n', ['a 1', 'b']],
    ['words.txt', 'item\none\ntwo\n', ['one', 'two']],
  ])('%s has one column', async (name, content, samples) => {
    const { format, columns, seen } = await describeData(await file(name, content));
    expect({ format, seen }).toEqual({ format: 'csv', seen: [] });
    expect(columns).toMatchObject([{ name: 'item', samples }]);
  });

  it('says of one column without a name that each line is a field', async () => {
    const { seen } = await describeData(await file('unnamed.csv', '"Song 1"\n"Song 2"\n"Song 3"\n'));
    expect(seen).toEqual(['each line is one field', 'no line names the column, so it is column0']);
  });

  it.each<[string, string, string]>([
    ['c.csv', '# a\nu,i\na,b\nc,d\n', 'one line of comments is left out'],
    ['c.txt', '# a\n# b\na b c\nc d b e\ne f b\n', '2 lines of comments are left out'],
  ])('says that comments are left out of %s', async (name, content, told) => {
    expect((await describeData(await file(name, content))).seen).toContain(told);
  });

  it('the reason for the key of lines of items only says what the key is', async () => {
    const place = await file('numbered.txt', 'a b c\nb c a d\na b\n');
    const { guess } = await previewData(place, '/', {});
    expect(guess.reasons['sequence']).toBe(
      'Each line is a sequence, whose key is its number among the lines with items.',
    );
  });

  it('reads JSON lines', async () => {
    const description = await describeData(
      await file('a.jsonl', '{"s": "a", "i": 1}\n{"s": "b", "i": 2, "more": [1]}\n'),
    );
    expect(description.columns.map(({ name, type }) => [name, type])).toEqual([
      ['s', 'VARCHAR'],
      ['i', 'BIGINT'],
      ['more', 'BIGINT[]'],
    ]);
  });

  it('reads one sequence a line, with blanks or tabs between', async () => {
    const { format, columns } = await describeData(await file('a.txt', 'u1 a b  c\n\nu2\tb a\r\nu3 x\n'));
    expect(format).toBe('sequences');
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ['sequence', ['u1', 'u1', 'u1', 'u2', 'u2', 'u3']],
      ['item', ['a', 'b', 'c', 'b', 'a', 'x']],
      ['position', ['1', '2', '3', '1', '2', '1']],
      ['file', ['a', 'a', 'a', 'a', 'a', 'a']],
      ['line', ['1', '1', '1', '2', '2', '3']],
    ]);
  });

  it('reads a file whose name looks like a glob', async () => {
    expect((await describeData(await file('a[1]*.csv', CSV))).columns).toHaveLength(3);
  });

  it('knows a format by its beginning where the name says nothing', () => {
    expect(formatOfText({ text: '{"a": 1}\n', whole: true })).toBe('jsonl');
    expect(formatOfText({ text: 'a,b\n1,2\n3,4\n', whole: true })).toBe('csv');
    expect(formatOfText({ text: 'u a b c\nv a\nw c d\n', whole: true })).toBe('sequences');
  });
});

describe('fingerprintData', () => {
  const spec = {
    format: 'csv',
    sequence: ['s'],
    item: ['i'],
    order: [],
    minimumLength: 3,
    sample: 1,
    split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
  } as const;
  const mutable = {
    ...spec,
    sequence: ['s'],
    item: ['i'],
    order: [],
    split: { by: 'sequence' as const, ratios: [0.7, 0.2, 0.1] as [number, number, number] },
  };

  it('tells other content, other columns and other files apart, and equal ones not', async () => {
    const one = await fingerprintData(await file('one.csv', CSV), mutable);
    const same = await fingerprintData(await file('two.csv', CSV), mutable);
    expect([same.contentHash, same.schemaHash, same.bytes]).toEqual([
      one.contentHash,
      one.schemaHash,
      CSV.length,
    ]);
    const content = await fingerprintData(await file('one.csv', CSV.replace('007', '008')), mutable);
    expect(content.contentHash).not.toBe(one.contentHash);
    expect(content.schemaHash).toBe(one.schemaHash);
    const columns = await fingerprintData(await file('one.csv', CSV.replace('when', 'then')), mutable);
    expect(columns.schemaHash).not.toBe(one.schemaHash);
    const both = await fingerprintData(
      path.join(folder, '{one,two}.csv'.replace('{one,two}', '[ot]*')),
      mutable,
    );
    expect(both.files.map(({ path: name }) => path.basename(name))).toEqual(['one.csv', 'two.csv']);
    expect(both.contentHash).not.toBe(one.contentHash);
  });

  const LARGE = Buffer.from(`s,i\n${'a,b\n'.repeat(1_000_000)}`);

  it.each([0.1, 0.25, 0.5, 0.6180339, 0.9])('sees one changed byte at %f of a large file', async (place) => {
    const before = await fingerprintData(await file('large.csv', LARGE), mutable);
    const bytes = Buffer.from(LARGE);
    bytes.write('z', 4 * Math.floor((bytes.length * place) / 4));
    const after = await fingerprintData(await file('large.csv', bytes), mutable);
    expect(after.bytes).toBe(before.bytes);
    expect(after.contentHash).not.toBe(before.contentHash);
  });

  it('sees two changes of which one undoes the other', async () => {
    const swapped = CSV.split('\n');
    [swapped[1], swapped[2]] = [swapped[2] ?? '', swapped[1] ?? ''];
    const before = await fingerprintData(await file('one.csv', CSV), mutable);
    const after = await fingerprintData(await file('one.csv', swapped.join('\n')), mutable);
    expect(after.contentHash).not.toBe(before.contentHash);
  });

  /** Hash of some files by their paths under the folder, read as a spec says. */
  const hashOf = async (files: Record<string, string>, pattern: string, changes: object): Promise<string> => {
    const here = await fs.mkdtemp(path.join(folder, 'files-'));
    for (const [name, text] of Object.entries(files)) {
      await fs.mkdir(path.dirname(path.join(here, name)), { recursive: true });
      await fs.writeFile(path.join(here, name), text);
    }
    return (await fingerprintData(path.join(here, pattern), { ...mutable, ...changes })).contentHash;
  };
  const lines = { format: 'sequences' as const, sequence: ['sequence'], item: ['item'], order: ['position'] };
  const byFile = { ...lines, split: { ...mutable.split, by: 'column' as const, column: 'file' } };

  it('knows the names of files where the spec reads them, and not else', async () => {
    const [one, two] = ['a x y z\nb x y z\n', 'c z y x\n'];
    const files = { 'test.txt': one, 'train.txt': two };
    const renamed = { 'test.txt': two, 'train.txt': one };
    const moved = { 'a-test.txt': one, 'b-train.txt': two };
    expect(await hashOf(files, '*.txt', byFile)).not.toBe(await hashOf(moved, '*.txt', byFile));
    expect(await hashOf(files, '*.txt', byFile)).not.toBe(await hashOf(renamed, '*.txt', byFile));
    expect(await hashOf(files, '*.txt', lines)).toBe(await hashOf(moved, '*.txt', lines));
  });

  it('knows the order of files, which is that of their rows', async () => {
    const [one, two] = ['s,i\na,b\n', 's,i\na,c\n'];
    expect(await hashOf({ '1.csv': one, '2.csv': two }, '*.csv', {})).not.toBe(
      await hashOf({ '1.csv': two, '2.csv': one }, '*.csv', {}),
    );
  });

  it('is of the files beside the data too', async () => {
    const data = await file('one.csv', CSV);
    const others = { catalogue: await file('catalogue.csv', 'i\na\n') };
    const before = await fingerprintData(data, mutable, { others });
    expect(before.others?.['catalogue']).toMatchObject({ path: others.catalogue, bytes: 4 });
    expect(before.contentHash).not.toBe((await fingerprintData(data, mutable)).contentHash);
    await file('catalogue.csv', 'i\nb\n');
    expect((await fingerprintData(data, mutable, { others })).contentHash).not.toBe(before.contentHash);
    await expect(
      fingerprintData(data, mutable, { others: { catalogue: path.join(folder, 'no.csv') } }),
    ).rejects.toThrow(/no.csv cannot be read/);
  });

  it('refuses data that do not fit the spec', async () => {
    await expect(
      fingerprintData(await file('one.csv', CSV), { ...mutable, item: ['track'] }),
    ).rejects.toThrow("no column 'track'");
  });
});
