import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatOfText } from '../../../src/pipeline/data/data-format.ts';
import { describeData } from '../../../src/pipeline/data/describe-data.ts';
import { fingerprintData } from '../../../src/pipeline/data/fingerprint-data.ts';
import { query } from '../stages/prepare-runner.ts';

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
    expect(formatOfText('PAR1…')).toBe('parquet');
    expect(formatOfText('{"a": 1}\n')).toBe('jsonl');
    expect(formatOfText('a,b\n1,2\n3,4\n')).toBe('csv');
    expect(formatOfText('u a b c\nv a\nw c d\n')).toBe('sequences');
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

  it('sees a change in the middle of a large file', async () => {
    const bytes = Buffer.from(`s,i\n${'a,b\n'.repeat(1_000_000)}`);
    const before = await fingerprintData(await file('large.csv', bytes), mutable);
    bytes.write('z', Math.floor(bytes.length / 2));
    expect((await fingerprintData(await file('large.csv', bytes), mutable)).contentHash).not.toBe(
      before.contentHash,
    );
  });

  it('refuses data that do not fit the spec', async () => {
    await expect(
      fingerprintData(await file('one.csv', CSV), { ...mutable, item: ['track'] }),
    ).rejects.toThrow("no column 'track'");
  });
});
