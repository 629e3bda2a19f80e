/** `recsys predict`: the built command line ranks the queries of files as `recsys recommend` ranks each. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { FailureEvent } from '../../../src/protocol/events.ts';
import { PredictedEvent } from '../../../src/protocol/predict.ts';
import { openStore } from '../../../src/pipeline/client.ts';
import { withDuckDB } from '../../../src/pipeline/data/duckdb-session.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import { openModel, type OpenPackage } from '../../../src/pipeline/model/open-model.ts';
import type { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { askToCancel } from '../../../src/pipeline/deploy/asking/question-files.ts';
import { knownPredictions, PREDICTIONS } from '../../../src/pipeline/predict/prediction-record.ts';
import { recordFolder } from '../../../src/pipeline/store/own-record.ts';
import { recommendationsFor } from '../../../src/pipeline/query/recommendations.ts';
import { patience } from '../support/patience.ts';
import { recsys, startRecsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { tinyPlaylists, writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
const MODEL = 'prod2vec-min-count-1';
let model: OpenPackage;
let names: ItemNames;

const Line = z.object({
  playlist: z.optional(z.string()),
  row: z.optional(z.number()),
  query_items: z.number(),
  unknown_items: z.number(),
  answered_by: z.string(),
  from_model: z.number(),
  items: z.array(z.string()),
  scores: z.array(z.nullable(z.number())),
});
type Line = z.infer<typeof Line>;

const linesOf = (file: string): Line[] =>
  fs
    .readFileSync(at(file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)));

interface Query {
  readonly key: string;
  readonly items: readonly string[];
}

/** What `recsys recommend` answers. */
function expected({ items }: Query, k = 10, keepSeen = false): Omit<Line, 'playlist' | 'row'> {
  const reply = recommendationsFor(model, names, { items, k, keepSeen, skipUnknown: true });
  const { recommendations } = reply;
  return {
    query_items: items.length,
    unknown_items: (reply.skipped ?? []).length,
    answered_by: reply.answeredBy,
    from_model: recommendations.filter(({ answeredBy }) => answeredBy === 'model').length,
    items: recommendations.map(({ item }) => item),
    scores: recommendations.map(({ score }) => score),
  };
}

/** The lists of a table such as `tinyPlaylists`, by their playlists in the order in which these begin. */
function queriesIn(text: string): Query[] {
  const lists = new Map<string, { at: number; item: string }[]>();
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const [, playlist = '', position = '', artist = '', track = ''] = line.split(',');
    const list = lists.get(playlist) ?? [];
    list.push({ at: Number(position), item: `${artist}|||${track}` });
    lists.set(playlist, list);
  }
  return [...lists].map(([key, list]) => ({
    key,
    items: list.toSorted((a, b) => a.at - b.at).map(({ item }) => item),
  }));
}

/** Rows of all playlists by turns, with some of items that nobody knows, and a playlist of these alone. */
function scattered(): string {
  const [head = '', ...rows] = tinyPlaylists(200, 5).trimEnd().split('\n');
  const mixed = rows.map((row, i) => ({ row, place: (i * 7919) % rows.length }));
  const told = mixed.toSorted((a, b) => a.place - b.place).map(({ row }) => row);
  const strange = ['u3,p3,99,nobody,nothing', 'u3,p3,2.5,nobody,nothing', 'u9,lost,0,nobody,"else"'];
  return `${[head, ...strange, ...told].join('\n')}\n`;
}

async function rowsIn(sql: string): Promise<unknown[]> {
  return withDuckDB({ memoryLimit: 256, threads: 1 }, (session) =>
    session.rows(sql, z.record(z.string(), z.unknown())),
  );
}

beforeAll(async () => {
  writeTinyPlaylists(at('tiny.csv'));
  const end = await cli('run', 'tiny.csv', ...SMALL_JOB, '--name', 'base');
  expect(end.code, end.stderr).toBe(0);
  const run = openStore(at('.recsys')).run('base').view.folder;
  fs.cpSync(path.join(run, 'train', MODEL), at('copy'), { recursive: true });
  model = await openModel(at('copy'));
  names = await model.names();
  fs.writeFileSync(at('new.csv'), scattered().replaceAll('"', ''));
}, 60_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const OF_BASE = ['predict', 'base', '--model', MODEL];

describe('recsys predict', { timeout: 60_000 }, () => {
  it('gives each query what recommend gives it, in the order of the input', async () => {
    const queries = queriesIn(fs.readFileSync(at('new.csv'), 'utf8'));
    const { code, stderr, stdout } = await cli(
      ...[...OF_BASE, '--input', 'new.csv', '--output', 'new.ndjson', '--threads', '2', '--json'],
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines = linesOf('new.ndjson');
    expect(lines.map(({ playlist }) => playlist)).toEqual(queries.map(({ key }) => key));
    expect(lines).toHaveLength(201);
    for (const [i, { playlist, ...line }] of lines.entries()) {
      const query = queries[i];
      if (query === undefined) throw new Error('a line too many');
      expect(line, playlist).toEqual(expected(query));
    }
    const told = PredictedEvent.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
    expect(told).toMatchObject({ model: MODEL, queries: 201, unknownRows: 3, byPopularity: 1, byModel: 200 });
    expect(told.notes.join(' ')).toContain('‘nobody|||nothing’');
  });

  it('writes the same with one thread, and to parquet and CSV', async () => {
    for (const output of ['one.ndjson', 'new.parquet', 'new.csv.csv'])
      expect((await cli(...OF_BASE, '--input', 'new.csv', '--output', output, '--threads', '1')).code).toBe(
        0,
      );
    expect(fs.readFileSync(at('one.ndjson'))).toEqual(fs.readFileSync(at('new.ndjson')));
    const columns =
      'playlist, query_items::DOUBLE AS query_items, unknown_items::DOUBLE AS unknown_items, answered_by, from_model::DOUBLE AS from_model';
    const rows = await rowsIn(`SELECT ${columns}, items, scores FROM '${at('new.parquet')}'`);
    const plain = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (_, v: unknown) =>
          typeof v === 'object' &&
          v !== null &&
          'items' in v &&
          !Array.isArray(v) &&
          Object.keys(v).length === 1
            ? v.items
            : v,
        ),
      );
    expect(plain(rows)).toEqual(linesOf('new.ndjson'));
    const table = await rowsIn(
      `SELECT playlist, rank::DOUBLE AS rank, item, score, answered_by FROM read_csv('${at('new.csv.csv')}', header = true)`,
    );
    const unfolded = linesOf('new.ndjson').flatMap((line) =>
      line.items.map((item, place) => ({
        ...{ playlist: line.playlist, rank: place + 1, item, score: line.scores[place] },
        answered_by: place < line.from_model ? 'model' : 'popularity',
      })),
    );
    expect(table).toEqual(unfolded);
  });

  it('takes a row for a query where nothing names it, and says which hold none', async () => {
    const queries = queriesIn(fs.readFileSync(at('tiny.csv'), 'utf8')).slice(0, 40);
    const lists = queries.map(({ items }) => JSON.stringify({ heard: items, other: 1 }));
    fs.writeFileSync(at('lists.ndjson'), [...lists, '{"heard": [], "other": 1}', ...lists].join('\n'));
    const args = ['--input', 'lists.ndjson', '--item', 'heard', '--no-order', '-k', '3', '--keep-seen'];
    const { code, stdout, stderr } = await cli(...OF_BASE, ...args, '--output', 'lists-out.jsonl');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 row holds no items and got no line.');
    const lines = linesOf('lists-out.jsonl');
    const numbers = [...queries.map((_, i) => i + 1), ...queries.map((_, i) => i + 42)];
    expect(lines.map(({ row }) => row)).toEqual(numbers);
    for (const [i, { row: _, ...line }] of lines.entries())
      expect(line).toEqual(expected(queries[i % 40] ?? { key: '', items: [] }, 3, true));
  });

  it('takes each row for a query where a person says so, whatever its columns are called', async () => {
    const [query] = queriesIn(fs.readFileSync(at('tiny.csv'), 'utf8'));
    const row = JSON.stringify({ user: 'u', playlist: 'p', heard: query?.items });
    fs.writeFileSync(at('rows.ndjson'), [row, row, row].join('\n'));
    const args = ['--input', 'rows.ndjson', '--item', 'heard', '--no-order', '--no-sequence'];
    const { code, stderr } = await cli(...OF_BASE, ...args, '--output', 'rows-out.ndjson');
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf('rows-out.ndjson').map(({ row: number }) => number)).toEqual([1, 2, 3]);
  });

  it('keeps the columns that name queries, with their types and names', async () => {
    fs.writeFileSync(
      at('typed.csv'),
      'items,day,what,artist,track\n7,2026-01-02,0,artist1_1,track1_1\n7,2026-01-02,1,artist1_2,track1_2\n8,2026-01-02,0,artist1_1,track1_1\n',
    );
    const words = ['--sequence', 'items', '--sequence', 'day', '--order', 'what', '-k', '1'];
    for (const output of ['typed.parquet', 'typed.ndjson'])
      expect((await cli(...OF_BASE, '--input', 'typed.csv', ...words, '--output', output)).code).toBe(0);
    const described = await rowsIn(`DESCRIBE SELECT * FROM '${at('typed.parquet')}'`);
    const columns = [
      'items',
      'day',
      'query_items',
      'unknown_items',
      'answered_by',
      'from_model',
      'recsys_items',
      'scores',
    ];
    expect(described).toEqual(
      columns.map((name) => expect.objectContaining({ column_name: name }) as unknown),
    );
    const [line = ''] = fs.readFileSync(at('typed.ndjson'), 'utf8').split('\n');
    expect(Object.keys(JSON.parse(line) as object)).toEqual(columns);
  });

  it('reads a package alone by guessing the columns', async () => {
    const { code, stderr } = await cli('predict', '--package', 'copy', '-i', 'new.csv', '-o', 'alone.ndjson');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('item: ');
    expect(fs.readFileSync(at('alone.ndjson'))).toEqual(fs.readFileSync(at('new.ndjson')));
  });

  const HEAD = 'user,playlist,position,artist,track';
  const OF_COPY = ['predict', '--package', 'copy', '-i', 'new.csv', '-o'];
  it.each<[string, readonly string[], string, RegExp, RegExp]>([
    ['no such file', ['-i', 'none.csv', '-o', 'x.csv'], '', /There is no file none\.csv/, /looked for/],
    ['an empty file', ['-i', 'bad.csv', '-o', 'x.csv'], '', /bad\.csv is empty/, /completely/],
    ['no rows', ['-i', 'bad.csv', '-o', 'x.csv'], HEAD, /no rows/, /Check/],
    [
      'a column that is missing',
      ['-i', 'bad.csv', '-o', 'x.csv'],
      'list,position,artist,track\na,1,b,c',
      /no column 'user', 'playlist'/,
      /--sequence/,
    ],
    [
      'items that nobody knows',
      ['-i', 'bad.csv', '-o', 'x.csv'],
      `${HEAD}\nu,p,1,b,c\nu,p,2,d,e`,
      /No row of bad\.csv is of an item/,
      /--item/,
    ],
    ['an ending that says nothing', ['-i', 'new.csv', '-o', 'x.txt'], '', /ending of x\.txt/, /\.parquet/],
    ['a folder that is not there', ['-i', 'new.csv', '-o', 'nowhere/x.csv'], '', /not there/, /--output/],
    ['a file that is there', ['-i', 'new.csv', '-o', 'tiny.csv'], '', /there already/, /--force/],
    [
      'a file that is read',
      ['-i', 'n*.csv', '-o', 'new.csv', '--force'],
      '',
      /part of the input/,
      /--output/,
    ],
    ['the folder of the model', [...OF_COPY, 'copy/x.csv'], '', /in the package of/, /--output/],
  ])('refuses %s', async (_, args, content, message, hint) => {
    fs.writeFileSync(at('bad.csv'), content);
    const before = fs.readFileSync(at('tiny.csv'));
    const words = args[0] === 'predict' ? args : [...OF_BASE, ...args];
    const { code, stdout } = await cli(...words, '--json');
    expect(code).not.toBe(0);
    const failure = FailureEvent.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
    expect(fs.readFileSync(at('tiny.csv'))).toEqual(before);
    expect(fs.readdirSync(folder).filter((name) => /^(\.partial|x\.)/.test(name))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('leaves nothing where the disk is full', async () => {
    fs.mkdirSync(at('short'));
    for (const name of ['x.ndjson', 'x.parquet']) {
      const { code, stderr } = await recsys([...OF_BASE, '-i', 'new.csv', '-o', `short/${name}`], {
        cwd: folder,
        shell: 'trap "" XFSZ; ulimit -f 8; exec "$@"',
      });
      expect([name, code, fs.readdirSync(at('short'))]).toEqual([name, 1, []]);
      expect(stderr).toMatch(/cannot be written|disk is full|cannot be read/);
    }
  });

  it('stops when it is told to, and leaves nothing', async () => {
    fs.mkdirSync(at('stopped'));
    writeTinyPlaylists(at('long.csv'), 20_000);
    const { child, end } = startRecsys([...OF_BASE, '-i', 'long.csv', '-o', 'stopped/x.parquet', '--json'], {
      cwd: folder,
    });
    child.stdout?.on('data', (text: string) => {
      if (text.includes('"ranking"')) child.kill('SIGINT');
    });
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([130, 'Cancelled: nothing was written.\n']);
    expect(fs.readdirSync(at('stopped'))).toEqual([]);
  });

  it.each(['x.parquet', 'x.ndjson'])(
    'killed while it makes %s, it leaves what the next one removes',
    async (name) => {
      fs.mkdirSync(at('killed'));
      writeTinyPlaylists(at('long.csv'), 20_000);
      const words = (...input: string[]): string[] => [
        ...OF_BASE,
        ...input,
        '-o',
        `killed/${name}`,
        '--json',
      ];
      const { child, end } = startRecsys(words('-i', 'long.csv'), { cwd: folder });
      child.stdout?.on('data', (text: string) => {
        if (text.includes('"ranking"')) child.kill('SIGKILL');
      });
      expect((await end).signal).toBe('SIGKILL');
      expect(fs.readdirSync(at('killed'))).toEqual([expect.stringMatching(/^\.partial-x\./) as string]);
      // One of a process that lives, and one of which nobody knows.
      fs.mkdirSync(at('killed/.partial-y-1-00'));
      fs.writeFileSync(at('killed/.partial-y-1-00/process.json'), JSON.stringify(ownIdentity()));
      fs.mkdirSync(at('killed/.partial-mine'));
      expect(await cli(...words('-i', 'new.csv'))).toMatchObject({ code: 0 });
      expect(fs.readdirSync(at('killed')).sort()).toEqual(['.partial-mine', '.partial-y-1-00', name]);
      fs.rmSync(at('killed'), { recursive: true });
    },
  );

  describe('that a window follows', () => {
    const store = at('.recsys');
    const watching = (id: string, ...more: string[]): string[] => [
      ...[...OF_BASE, ...more, '--id', id, '--ask-by-file', '--json', '--store', store],
    ];
    const known = (id: string) => knownPredictions(store).find((one) => one.id === id);
    const OK = '20261130-010203001-aaaa';
    const BAD = '20261130-010203002-bbbb';
    const MIXED = '20261130-010203005-eeee';
    const STOPPED = '20261130-010203003-cccc';
    const KILLED = '20261130-010203004-dddd';

    it('leaves in the store what came of it', async () => {
      const { code, stderr } = await cli(...watching(OK, '-i', 'new.csv', '-o', 'w.ndjson'));
      expect([code, stderr]).toEqual([0, '']);
      expect(known(OK)).toMatchObject({
        ...{ state: 'succeeded', where: 'here', output: at('w.ndjson'), warnings: [] },
        predicted: { queries: 201, output: at('w.ndjson') },
        progress: { share: expect.any(Number) as number },
      });
      fs.writeFileSync(at('wrong.csv'), 'user,playlist,position,artist,song\nu,p,0,a,b');
      expect((await cli(...watching(BAD, '-i', 'wrong.csv', '-o', 'w2.ndjson'))).code).not.toBe(0);
      expect(known(BAD)).toMatchObject({
        state: 'failed',
        failure: {
          message: "wrong.csv has no column 'track'.",
          hint: expect.stringContaining('--item') as string,
          inWindow: expect.stringMatching(/^Its columns are .* Choose those that name items\.$/) as string,
          remedy: 'columns',
        },
      });
    });

    it('is told what mends a file of queries, of which recsys.json says nothing', async () => {
      const rows = 'user,playlist,position,artist,track\nu,p,0,é,b\nu,p,1,';
      fs.writeFileSync(at('mixed.csv'), Buffer.concat([Buffer.from(rows), Buffer.from([0xff, 0x2c, 0x62])]));
      expect((await cli(...watching(MIXED, '-i', 'mixed.csv', '-o', 'w4.ndjson'))).code).toBe(1);
      const { message, inWindow } = known(MIXED)?.failure ?? {};
      expect(message).toMatch(/^Line 3 of .*mixed\.csv is not UTF-8 text/);
      expect(inWindow).toMatch(
        /^Write the file as the run’s data are written, or predict in a terminal\. Correct/,
      );
      expect(inWindow).toContain('--encoding windows-1252');
    });

    it('is cancelled by a file in the store, and is lost where it was killed', async () => {
      writeTinyPlaylists(at('long.csv'), 20_000);
      const { child, end } = startRecsys(watching(STOPPED, '-i', 'long.csv', '-o', 'w3.ndjson'), {
        cwd: folder,
      });
      child.stdout?.on('data', (text: string) => {
        if (text.includes('"ranking"')) askToCancel(store, STOPPED);
      });
      expect((await end).code).toBe(130);
      expect(known(STOPPED)?.state).toBe('cancelled');
      expect(fs.readdirSync(path.join(store, 'questions'))).toEqual([]);
      const other = startRecsys(watching(KILLED, '-i', 'long.csv', '-o', 'w4.ndjson'), { cwd: folder });
      await expect.poll(() => known(KILLED)?.state, { timeout: patience(20_000) }).toBe('running');
      other.child.kill('SIGKILL');
      await other.end;
      expect(known(KILLED)?.state).toBe('lost');
    });

    it('goes from the store a day after it has ended', async () => {
      const file = path.join(recordFolder(store, PREDICTIONS), `${BAD}.json`);
      const old = new Date(Date.now() - 25 * 60 * 60_000);
      fs.utimesSync(file, old, old);
      expect((await cli(...watching(OK, '-i', 'new.csv', '-o', 'w5.ndjson'))).code).toBe(0);
      expect(known(BAD)).toBeUndefined();
      expect(known(STOPPED)?.state).toBe('cancelled');
    });
  });
});
