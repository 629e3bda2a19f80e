/** Section 9 of the issue at the command line: what bad data give a person, and what they leave in the store. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { readProfile } from '../../../src/pipeline/views/reports.ts';
import { readReport } from '../../../src/pipeline/flows/next-item/views/read-report.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { recsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { tinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const file = (name: string): string => path.join(folder, name);
const store = RunStore.open(file('.recsys'));
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });

async function toParquet(select: string, name: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file(name)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

/** `sequences` rows of s, i: each sequence holds the given items. */
function csv(sequences: readonly (readonly string[])[]): string {
  const rows = sequences.flatMap((items, s) => items.map((item) => `s${s},"${item.replaceAll('"', '""')}"`));
  return `playlist,track\n${rows.join('\n')}\n`;
}

const many = (n: number, items: (s: number) => readonly string[]): string[][] =>
  Array.from({ length: n }, (_, s) => [...items(s)]);

beforeAll(async () => {
  fs.writeFileSync(file('good.csv'), tinyPlaylists(100));
  await toParquet(`SELECT * FROM read_csv('${file('good.csv')}')`, 'good.parquet');
  await toParquet(
    "SELECT 'p' || (i // 5) AS playlist, MAP {'a': 'b' || i} AS track FROM range(100) t(i)",
    'nested.parquet',
  );
  await toParquet('SELECT i AS a, i AS b FROM range(100) t(i)', 'columns.parquet');
  fs.writeFileSync(file('truncated.parquet'), fs.readFileSync(file('good.parquet')).subarray(0, 2000));
  fs.writeFileSync(file('text.parquet'), 'user,playlist\nthis is no parquet file\n');
  fs.writeFileSync(file('empty.csv'), '');
  fs.writeFileSync(file('header.csv'), 'playlist,track\n');
  fs.writeFileSync(file('broken.csv.gz'), zlib.gzipSync(tinyPlaylists(50)).subarray(0, 300));
  fs.writeFileSync(file('broken.jsonl'), '{"playlist":"p","track":"t"}\n{"playlist":\n');
  fs.writeFileSync(file('short.csv'), csv(many(50, (s) => [`a${s}`, 'b'])));
  fs.writeFileSync(file('one-item.csv'), csv(many(50, () => ['a', 'a', 'a', 'a'])));
  fs.writeFileSync(file('rare.csv'), csv(many(60, (s) => [0, 1, 2, 3].map((i) => `only-${s}-${i}`))));
  fs.writeFileSync(file('two.csv'), csv(many(2, () => ['a', 'b', 'c', 'd'])));
  fs.writeFileSync(file('bad-spec.json'), '{"format":"parquet"}');
  fs.writeFileSync(file('no-spec.json'), 'not json');
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Files of the store that are neither whole states and logs, nor artifacts a finished step names. */
function strays(): string[] {
  return store.runIds().flatMap((id) => {
    const run = store.run(id);
    const known = viewRun(run).steps.flatMap((step) =>
      step.artifacts.map((artifact) => path.join(...step.path.split('/'), artifact.file)),
    );
    return fs
      .readdirSync(run.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(run.folder, path.join(entry.parentPath, entry.name)))
      .filter(
        (name) => !/(state\.json|events\.ndjson|output\.log|run\.json|labels\.json|attempt-\d+)$/.test(name),
      )
      .filter((name) => !known.includes(name));
  });
}

/** One clear sentence and what to do next, and nothing half-written. */
function expectRefusal({ code, stdout, stderr }: CliEnd, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect([1, 2, 3], stderr).toContain(code);
  expect(stdout).toBe('');
  const [sentence, hint] = stderr.slice(stderr.indexOf('Error: ')).split('\n');
  expect(sentence).toMatch(/^Error: .*[.?)]$/);
  expect(hint).toMatch(/^[A-Z'‘].{8,}/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(strays()).toEqual([]);
}

describe('bad input', () => {
  beforeEach(() => () => fs.rmSync(store.folder, { recursive: true, force: true }));

  it.each<[string, string[], RegExp]>([
    ['no such file', ['nothing.parquet'], /There is no file nothing.parquet/],
    ['a glob without files', ['nothing/*.parquet'], /No file matches/],
    ['a folder', ['.'], /is a folder/],
    ['an empty file', ['empty.csv'], /empty\.csv is empty/],
    ['a header without rows', ['header.csv'], /no rows|empty|no sequence/i],
    ['not a parquet', ['text.parquet'], /text\.parquet .*parquet/],
    ['a truncated parquet', ['truncated.parquet'], /truncated\.parquet .*(cut off|truncated)/],
    ['a truncated gzip', ['broken.csv.gz'], /broken\.csv\.gz/],
    ['broken JSON lines', ['broken.jsonl'], /broken\.jsonl/],
    ['no columns to guess from', ['columns.parquet'], /column/],
    ['an item column of nested type', ['nested.parquet'], /track MAP\(/],
    ['sequences that are too short', ['short.csv'], /All 50 sequences .* shorter than 3/],
    ['one item only', ['one-item.csv'], /one item only/],
    ['no test rows', ['two.csv'], /too few|no (train|validation|test)/],
    ['a spec that is none', ['good.csv', '--spec', 'no-spec.json'], /no-spec\.json/],
    ['a spec of the wrong shape', ['good.csv', '--spec', 'bad-spec.json'], /bad-spec\.json/],
    ['a spec that is not there', ['good.csv', '--spec', 'nowhere.json'], /nowhere\.json/],
  ])('%s', async (_, args, message) => {
    expectRefusal(await cli('run', ...args, ...SMALL_JOB), message);
  });

  it('columns of the spec that are missing', async () => {
    const spec = { format: 'csv', sequence: ['playlist'], item: ['song'], order: [] };
    fs.writeFileSync(file('spec.json'), JSON.stringify(spec));
    expectRefusal(await cli('run', 'good.csv', '--spec', 'spec.json', ...SMALL_JOB), /song/);
  });

  it('every item below min_count: the branch fails with the reason, the other goes on', async () => {
    const rare = ['run', 'rare.csv', '--item', 'track', ...SMALL_JOB];
    const end = await cli(...rare, '--sets', '[{"min_count":50}]');
    const run = store.resolve('latest');
    expect(run.stepState('train/prod2vec-min-count-50')?.failure?.message).toMatch(/fewer than 50/);
    expect(end.stderr).toMatch(/✗ train\/prod2vec-min-count-50 .*fewer than 50/);
    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(/prod2vec-min-count-50 failed/);
    const alone = await cli(...rare, '--models', 'prod2vec', '--sets', '[{"min_count":50}]');
    expectRefusal(alone, /fewer than 50/);
  });
});

describe('doubtful input', () => {
  const huge = 'x'.repeat(10_000_000);
  const odd = ['CASE', 'case', 'caf\u00e9', 'cafe\u0301'];
  let end: CliEnd;

  beforeAll(async () => {
    const sequences = many(60, (s) => [...odd, `t${s % 9}`, `t${(s + 1) % 9}`, `t${(s + 2) % 9}`]);
    const rows = csv(sequences) + 's0,"t0"\ns0,"t0"\n' + `s1,"${huge}"\n`;
    fs.writeFileSync(file('odd.csv'), rows);
    end = await cli('run', 'odd.csv', ...SMALL_JOB);
  }, 120_000);

  it('is only warned of: the run goes on, and the warnings are on the card', async () => {
    expect(end.code, end.stderr.slice(-3000)).toBe(0);
    const warnings = (readProfile(store.resolve('latest'))?.warnings ?? []).join('\n');
    expect(warnings).toMatch(/upper and lower case|only in case/i);
    expect(warnings).toMatch(/unicode|normal form/i);
    expect(warnings).toMatch(/duplicate|equal another row/i);
    expect(warnings).toMatch(/10,?000,?000|10 MB|10\.0 MB|long/i);
    expect(readReport(store.resolve('latest'))?.warnings.join('\n')).toMatch(/k = 100/);
    const card = await cli('card', 'latest', '-o', 'odd.html');
    expect(card.code, card.stderr.slice(-3000)).toBe(0);
  });

  it('does not flood the terminal', async () => {
    expect(end.stderr.length).toBeLessThan(20_000);
    expect((await cli('show', 'latest')).stdout.length).toBeLessThan(20_000);
    expect((await cli('describe', 'odd.csv')).stdout.length).toBeLessThan(20_000);
  });
});

describe('hostile names', () => {
  const red = '\u001b[31mred\u001b[0m';
  const names = [
    red,
    'two\nlines',
    'bell\u0007',
    '\u202egnitser',
    '<script>alert(1)</script>',
    '[x](command:y)',
    'c1\u009b31m',
    '=cmd|calc',
  ];

  it('never reach the terminal raw, nor the card as markup', async () => {
    const sequences = many(60, (s) => [...names, `t${s % 5}`]);
    fs.writeFileSync(file('hostile.csv'), csv(sequences));
    const end = await cli('run', 'hostile.csv', ...SMALL_JOB, '--note', `a ${red} note`);
    expect(end.code, end.stderr).toBe(0);
    const outputs = [
      end,
      ...(await Promise.all([
        cli('describe', 'hostile.csv'),
        cli('show', 'latest'),
        cli('runs'),
        cli('logs', 'latest'),
        cli('neighbours', red),
        cli('neighbours', `${red} unknown`),
        cli('neighbours', 'two\nlines', '--run', `no ${red} run`),
        cli('run', `no ${red} file.csv`),
      ])),
    ];
    // eslint-disable-next-line no-control-regex -- exactly these must not be there
    const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    for (const { stdout, stderr } of outputs) {
      expect(stdout).not.toMatch(raw);
      expect(stderr).not.toMatch(raw);
    }
    expect(outputs[5]?.stdout).toContain('\\u001b[31mred');
    await cli('card', 'latest', '-o', 'hostile.html');
    expect(fs.readFileSync(file('hostile.html'), 'utf8')).not.toContain('<script>alert(1)');
  }, 120_000);
});
