import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  engineMethods,
  STORE_CHANGED,
  type EngineMethod,
  type EngineParams,
  type EngineReply,
} from '../../../src/protocol/engine.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { alive } from '../support/alive.ts';
import { CLI, recsys, startRecsys } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

const folder = temporaryFolder();
const store = RunStore.open(path.join(folder, '.recsys'));
const data = path.join(folder, 'tiny.csv');
let child: ChildProcess;
let connection: MessageConnection;
let changes = 0;

/** Asks the engine, and checks the reply's schema as the extension does. */
async function ask<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineReply<M>> {
  const reply: unknown = await connection.sendRequest(method, params);
  return engineMethods[method].reply.parse(reply) as EngineReply<M>;
}

async function refusal(method: string, params: unknown): Promise<ResponseError<{ hint: string }>> {
  try {
    await connection.sendRequest(method, params);
  } catch (error) {
    if (error instanceof ResponseError) return error as ResponseError<{ hint: string }>;
    throw error;
  }
  throw new Error(`${method} was answered`);
}

beforeAll(async () => {
  writeTinyPlaylists(data);
  child = fork(CLI, ['engine', '--store', store.folder, '--workspace', folder], {
    cwd: folder,
    silent: true,
  });
  connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onNotification(STORE_CHANGED, () => {
    changes++;
  });
  connection.listen();
  expect(await ask('store/view', {})).toMatchObject({ exists: false, changed: [] });
  const run = await recsys(['run', 'tiny.csv', ...SMALL_JOB, '--name', 'base'], { cwd: folder });
  expect(run.code, run.stderr).toBe(0);
}, 240_000);
afterAll(() => {
  connection.dispose();
  child.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('the engine', () => {
  it('told of the run as it went', () => {
    expect(changes).toBeGreaterThan(1);
  });

  it('shows the store', async () => {
    const view = await ask('store/view', {});
    expect(view.changed).toMatchObject([
      { state: 'succeeded', labels: { name: 'base' }, bestEmbedding: 'prod2vec-min-count-1' },
    ]);
  });

  it('answers all that a card needs', async () => {
    const { id } = store.resolve('base');
    const card = await ask('run/card', { run: id });
    expect(card).toMatchObject({ run: { id }, profile: { sequences: 300 }, report: { format: 1 } });
    expect(Object.keys(card.losses)).toEqual(['train/prod2vec-min-count-1']);
    expect((await ask('run/command', { run: id })).command).toBe(card.command);
    expect(card.command).toMatch(/^recsys run tiny\.csv .*--sets '\[\{"min_count":1\}\]'/);
  });

  it('says on a card what was noticed in the words of a window, all that a card shows alike', async () => {
    const file = store.resolve('base').stateFile('prepare');
    const before = fs.readFileSync(file, 'utf8');
    const state = JSON.parse(before) as object;
    fs.writeFileSync(
      file,
      JSON.stringify({ ...state, warnings: ['Name the items (--catalogue), or --seen kept.'] }),
    );
    const { run, profile, report, warnings } = await ask('run/card', { run: 'base' });
    fs.writeFileSync(file, before);
    const said: unknown = expect.stringMatching(
      /^Name the items \("catalogue"\), or --seen kept\. .* for a terminal/,
    );
    expect(warnings).toContainEqual(said);
    expect(run.steps.find((step) => step.path === 'prepare')?.warnings).toEqual([said]);
    expect([...warnings, ...(profile?.warnings ?? []), ...(report?.warnings ?? [])].join(' ')).not.toMatch(
      /--(catalogue|straddling|memory-limit)/,
    );
  });

  it('finds neighbours, in milliseconds once the model is open', async () => {
    const query = { item: 'artist0_1|||track0_1', k: 5 };
    const first = await ask('neighbours/query', query);
    expect(first).toMatchObject({ model: 'prod2vec-min-count-1', query: query.item });
    expect(first.neighbours).toHaveLength(5);
    const started = performance.now();
    expect(await ask('neighbours/query', query)).toEqual(first);
    expect(performance.now() - started).toBeLessThan(patience(200));
    const cli = await recsys(['neighbours', query.item, '-k', '5', '--json'], { cwd: folder });
    expect(JSON.parse(cli.stdout)).toEqual(first);
    const other = await ask('neighbours/query', { ...query, run: 'base', model: 'popularity' });
    expect(other.model).toBe('popularity');
  });

  it('finds items by their names', async () => {
    const reply = await ask('items/search', { text: 'ARTIST0_1|||track0_', limit: 4 });
    const { id } = store.resolve('base');
    expect(reply).toMatchObject({ run: id, model: 'prod2vec-min-count-1' });
    expect(reply.items[0]).toMatchObject({ group: 'artist0_1', how: 'prefix' });
    const misspelt = await ask('items/search', { text: 'artsit0_1|||track0_1', limit: 1 });
    expect(misspelt.items).toMatchObject([{ item: 'artist0_1|||track0_1', how: 'fuzzy' }]);
    const { items } = await ask('items/search', { text: '', limit: 50 });
    expect(items.map(({ rank }) => rank)).toEqual(items.map(({ rank }) => rank).sort((a, b) => a - b));
    expect(items[0]?.rank).toBe(1);
  });

  it('recommends what the command line recommends', async () => {
    const items = ['artist0_1|||track0_1', 'artist0_2|||track0_2'];
    const query = { items, k: 5, keepSeen: false, skipUnknown: false };
    const reply = await ask('recommend/query', query);
    const cli = await recsys(['recommend', ...items, '-k', '5', '--json'], { cwd: folder });
    expect(JSON.parse(cli.stdout)).toEqual(reply);
    const unsaid: unknown = await connection.sendRequest('recommend/query', { items, k: 5 });
    expect(unsaid).toEqual(reply);
  });

  it('previews data and keeps a spec', async () => {
    const preview = await ask('data/preview', { path: data });
    expect(preview.columns.map(({ name }) => name)).toEqual([
      'user',
      'playlist',
      'position',
      'artist',
      'track',
    ]);
    expect(preview.saved).toBeUndefined();
    const spec = { ...preview.guess.spec, minimumLength: 4 };
    const { file } = await ask('data/saveSpec', { path: data, spec });
    expect(path.basename(file)).toBe('recsys.json');
    expect((await ask('data/preview', { path: data })).saved).toMatchObject({ minimumLength: 4 });
    fs.rmSync(file);
  });

  it('gives the reasons of a guess in the words of a window', async () => {
    const dated = path.join(folder, 'dated.csv');
    const rows = Array.from(
      { length: 60 },
      (_, at) => `s${at % 9},i${at % 7},0${1 + (at % 9)}/0${1 + (at % 8)}/2020`,
    );
    fs.writeFileSync(dated, `session,item,date\n${rows.join('\n')}\n`);
    const { guess } = await ask('data/preview', { path: dated });
    const all = Object.values(guess.reasons).join(' ');
    expect(all).toContain('where they don\'t tell, "timeFormat" does. Such a key stands in recsys.json.');
    expect(all).not.toContain('--');
  });

  it('tells whether the columns of a file of queries are those of a run', async () => {
    const found = await ask('data/queries', { path: data, run: 'base' });
    expect(found).toMatchObject({ matches: true, itemParts: ['artist', 'track'] });
  });

  it.each([
    ['neighbours/query', { item: 5, k: 3 }, "a 'item' that it does not take"],
    ['neighbours/query', { item: 'x', k: 1.5 }, "a 'k' that it does not take"],
    ['neighbours/query', { item: 'x', k: -3 }, 'whole number of at least 1'],
    ['recommend/query', { items: 'x', k: 3 }, "a 'items' that it does not take"],
    ['run/label', { run: 'base' }, "a 'change' that it does not take"],
    [
      'run/label',
      { run: 'base', change: { name: 'latest', addTags: [], removeTags: [] } },
      'names the newest run',
    ],
    ['run/card', null, 'parameters that it does not take'],
    ['run/card', { run: '../..' }, 'No run is called'],
    ['run/restore', { run: '../../x' }, 'no longer in the trash'],
  ])('answers %s with %j by a sentence', async (method, params, message) => {
    const error: unknown = await connection.sendRequest(method, params).catch((reason: unknown) => reason);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(error).toHaveProperty('data.hint', expect.stringMatching(/./));
  });

  it('labels, deletes and brings back', async () => {
    const { id } = store.resolve('base');
    await ask('run/label', {
      run: id,
      change: { name: 'other', addTags: ['a'], removeTags: [], starred: true },
    });
    expect(store.run(id).labels()).toEqual({ name: 'other', tags: ['a'], starred: true });
    const { trash } = await ask('run/delete', { run: id });
    expect(fs.existsSync(trash)).toBe(true);
    expect((await ask('store/view', {})).changed).toEqual([]);
    await ask('run/restore', { run: id });
    expect((await ask('store/view', {})).changed).toHaveLength(1);
    const rule = { keepLatest: 0, keepDays: 0 };
    expect(await ask('store/cleanUp', { rule, dryRun: false })).toEqual({ runs: [], bytes: 0 });
    await ask('run/label', { run: id, change: { name: '', addTags: [], removeTags: ['a'], starred: false } });
    const dry = await ask('store/cleanUp', { rule, dryRun: true });
    expect(dry.runs).toEqual([id]);
    expect(dry.bytes).toBeGreaterThan(1000);
    expect(store.runIds()).toEqual([id]);
    await ask('run/label', { run: id, change: { name: 'base', addTags: [], removeTags: [] } });
  });

  it('cancels a run it did not start', { timeout: 60_000 }, async () => {
    const long = [
      '--models',
      'prod2vec',
      '--sets',
      '[{"min_count":1}]',
      '--vector-size',
      '64',
      '--epochs',
      '100000',
    ];
    const { end } = startRecsys(['run', 'tiny.csv', ...long], { cwd: folder });
    const running = async (): Promise<string | undefined> =>
      (await ask('store/view', {})).changed.find(({ state }) => state === 'running')?.id;
    await expect.poll(running, { timeout: 30_000 }).toBeDefined();
    const id = (await running()) ?? '';
    await ask('run/cancel', { run: id });
    expect((await end).code).toBe(130);
    expect((await refusal('run/cancel', { run: id })).message).toMatch(/is not running/);
    await ask('run/delete', { run: id });
  });

  it.each([
    ['run/card', { run: 'nope' }, /No run is called 'nope'/, /the view “Runs”/],
    ['neighbours/query', { item: 'track0_1', k: 3 }, /No item is called/, /Did you mean/],
    ['neighbours/query', { item: 'artist0_1|||track0_1', k: 0 }, /0 neighbours/, /at least one/],
    [
      'neighbours/query',
      { item: 'artist0_1|||track0_1', k: 3, model: 'x' },
      /no trained model 'x'/,
      /It has/,
    ],
    ['recommend/query', { items: ['track0_1'], k: 3 }, /No item is called/, /Did you mean/],
    ['recommend/query', { items: [], k: 3 }, /no item to go on from/, /at least one/],
    ['recommend/query', { items: ['artist0_1|||track0_1'], k: -1 }, /-1 items/, /at least one/],
    ['data/preview', { path: '/nowhere/x.csv' }, /There is no file/, /Check the path/],
    ['run/restore', { run: '../../x' }, /no longer in the trash/, /cannot be restored/],
  ])('refuses %s %j with a message and a hint', async (method, params, message, hint) => {
    const error = await refusal(method, params);
    expect(error.message).toMatch(message);
    expect(error.data?.hint).toMatch(hint);
  });

  it.each([
    ['run/card', {}],
    ['run/card', { run: 7 }],
    ['neighbours/query', { item: 'x', k: 'many' }],
    ['recommend/query', { items: 'x', k: 3 }],
    ['store/cleanUp', { rule: { keepLatest: -1, keepDays: 0 }, dryRun: false }],
    ['run/label', { run: 'base', labels: { tags: 'no' } }],
    ['no/such/method', {}],
  ])('refuses %s %j, which does not fit the schema, and lives on', async (method, params) => {
    expect((await refusal(method, params)).message).not.toBe('');
    expect((await ask('store/view', {})).changed).toHaveLength(1);
  });
});

describe('the engine ends', () => {
  it('when its channel is closed', async () => {
    const engine = fork(CLI, ['engine', '--store', store.folder], { silent: true });
    const other = createMessageConnection(new IPCMessageReader(engine), new IPCMessageWriter(engine));
    other.listen();
    await other.sendRequest('store/view', {});
    other.dispose();
    engine.disconnect();
    const [code] = (await once(engine, 'exit')) as [number | null];
    expect(code).toBe(0);
  });

  it('when its parent is killed', async () => {
    const program = `const { fork } = require('node:child_process');
      const engine = fork(${JSON.stringify(CLI)}, ['engine', '--store', ${JSON.stringify(store.folder)}], { silent: true });
      console.log(engine.pid);`;
    const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill('SIGKILL');
    await expect.poll(() => alive(pid), { timeout: 5000 }).toBe(false);
  });
});
