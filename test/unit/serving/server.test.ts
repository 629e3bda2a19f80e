/** The local endpoint: what it answers, what it refuses, how models change places, how it ends. */
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/pipeline/client.ts';
import { openModel, readParity, type OpenPackage } from '../../../src/pipeline/model/open-model.ts';
import type { ItemNames } from '../../../src/pipeline/model/item-names.ts';
import { readToken, requireTokenBeyondLoopback } from '../../../src/pipeline/serving/access.ts';
import { RunningServer, type ServeOptions } from '../../../src/pipeline/serving/running-server.ts';
import {
  readRecord,
  runningServers,
  sweepRecords,
  writeRecord,
} from '../../../src/pipeline/serving/serving-record.ts';
import { askToStop } from '../../../src/pipeline/serving/serving-request.ts';
import { recsys, startRecsys } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';
import { predictFunction } from '../support/lambda.ts';
import lambdas from '../../../src/pipeline/deploy/lambda-code.json' with { type: 'json' };

const folder = temporaryFolder();
const store = path.join(folder, '.recsys');
const TOKEN = 'a-token-of-a-test-0123456789';
const open: RunningServer[] = [];
let packages: Record<'prod2vec' | 'popularity', string>;
let model: OpenPackage;
let names: ItemNames;
let server: RunningServer;

async function serve(changes: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const started = await RunningServer.start({
    ...{ source: { folder: packages.prod2vec }, host: '127.0.0.1', port: 0, threads: 1, maxK: 50 },
    ...{ bodyLimit: 20_000, log: () => undefined, signal: new AbortController().signal, name: 'm' },
    ...changes,
  });
  open.push(started);
  return started;
}

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const end = await recsys(['run', 'tiny.csv', ...SMALL_JOB, '--name', 'base'], { cwd: folder });
  expect(end.code, end.stderr).toBe(0);
  const run = openStore(store).run('base').view.folder;
  const at = (name: string): string => path.join(run, 'train', name);
  packages = { prod2vec: at('prod2vec-min-count-1'), popularity: at('popularity') };
  model = await openModel(packages.prod2vec);
  names = await model.names();
  server = await serve();
}, 60_000);
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  fs.rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const post = (
  body: unknown,
  { to = server, route = '/v1/models/m:predict', type = 'application/json' } = {},
): Promise<Reply> =>
  ask(`${to.url}${route}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const lists = (
  reply: Reply,
): { items: string[]; scores: number[]; answered_by: string; known_items: number }[] =>
  (reply.body as { predictions: ReturnType<typeof lists> }).predictions;

describe('what the endpoint answers', () => {
  it('is what the recommender gives, for the fixture and for unknown, repeated and empty lists', async () => {
    const { lists: fixture } = await readParity(model);
    const named = fixture.slice(0, 40).map(({ query }) => query.map((code) => names.name(code)));
    const [first = ''] = named[0] ?? [];
    const queries = [...named, [first, first], ['no such item'], [], [first, 'no such item']];
    const width = Math.max(...queries.map(({ length }) => length));
    for (const exclude of [true, false]) {
      const reply = await post({
        signature_name: 'recommend',
        instances: queries.map((items) => ({
          items: [...items, ...Array.from({ length: width - items.length }, () => '')],
          k: 20,
          exclude_query: exclude,
        })),
      });
      expect(reply.status).toBe(200);
      queries.forEach((items, at) => {
        const codes = items.map((item) => names.code(item) ?? -1).filter((code) => code >= 0);
        const expected = model.recommender.recommend(Int32Array.from(codes), {
          k: 20,
          seen: exclude ? 'removed' : 'kept',
        });
        expect(lists(reply)[at]).toEqual({
          items: Array.from(expected.items, (item) => names.name(item)),
          scores: Array.from(expected.scores, (score) => (Number.isNaN(score) ? 0 : score)),
          answered_by: expected.answeredBy,
          known_items: codes.filter((code) => model.scorer.knows(code)).length,
        });
      });
    }
  });

  it('has the shapes of both formats, at both doors', async () => {
    const item = names.name(3);
    const row = await post({ instances: [item, { input_1: 'unknown' }] });
    const { predictions } = row.body as {
      predictions: { output_1: number[]; output_2: string[]; answered_by: string }[];
    };
    expect(predictions.map(({ output_1, output_2 }) => [output_1.length, output_2.length])).toEqual([
      [10, 10],
      [10, 10],
    ]);
    expect(predictions.map(({ answered_by: by }) => by)).toEqual(['model', 'popularity']);
    const columnar = await post({ inputs: { input_1: [item, 'unknown'] } }, { route: '/invocations' });
    expect(columnar.body).toEqual({
      outputs: {
        output_1: predictions.map(({ output_1: scores }) => scores),
        output_2: predictions.map(({ output_2: items }) => items),
        answered_by: ['model', 'popularity'],
      },
    });
    const asForm = await post({ instances: [item] }, { type: 'application/x-www-form-urlencoded' });
    expect(asForm.body).toEqual({ predictions: [predictions[0]] });
    expect(row.headers.get('x-recsys-version')).toBe('1');
    const widths = await post({
      signature_name: 'recommend',
      inputs: { items: [[item], ['']], k: [2, 5], exclude_query: [true, true] },
    });
    const { outputs } = widths.body as { outputs: { items: string[][]; scores: number[][] } };
    expect(outputs.items.map(({ length }) => length)).toEqual([5, 5]);
    expect([outputs.items[0]?.slice(2), outputs.scores[0]?.slice(2)]).toEqual([
      ['', '', ''],
      [0, 0, 0],
    ]);
  });

  it('has a front without a body, and tells of itself', async () => {
    const front = await ask(`${server.url}/predict?session=${encodeURIComponent(names.name(3))},nothing&k=4`);
    expect(front.body).toMatchObject({ endpoint: 'm', answered_by: 'model' });
    expect((front.body as { prediction: string[] }).prediction).toHaveLength(4);
    const state = await ask(`${server.url}/v1/models/m/versions/1`);
    expect(state.body).toMatchObject({ model_version_status: [{ version: '1', state: 'AVAILABLE' }] });
    expect((await ask(`${server.url}/v1/models/m/metadata`)).body).toMatchObject({
      model_spec: { name: 'm' },
    });
    expect((await ask(`${server.url}/openapi.json`)).body).toMatchObject({ openapi: '3.1.0' });
    const page = await ask(`${server.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
    const metrics = await ask(`${server.url}/metrics`);
    expect(metrics.body).toMatch(/recsys_request_latency_seconds\{quantile="0.95",route="predict"\} \d/);
    expect(metrics.body).toMatch(/recsys_model_version 1\n/);
  });
});

it('the function at AWS refuses and answers as the front of this server does', async () => {
  const { neverReturned } = model.file.signature;
  const function_ = predictFunction(lambdas.predict, {
    env: { ENDPOINT: 'm', MAX_K: '50', EXCLUDE_QUERY: String(neverReturned.includes('query-items')) },
    // The two are asked alike: what a container at AWS answers is that of the exported model.
    invoke: async ({ Body }) => JSON.stringify((await post(Body, { route: '/invocations' })).body),
  });
  const [a, b] = [names.name(3), names.name(7)].map(encodeURIComponent);
  const refused = ['', 'k=4', 'session=a&k=1e9', 'session=a&k=0', 'session=a&k=51', 'session=a&k=4&k=5']
    .concat(['session=a&session=b', 'session=a&other=1', '__proto__=a', 'item=', 'session=a&k='])
    .concat([`session=${','.repeat(3)}a&K=3`]);
  const answered = [`session=${a}`, `session=${a},${b}&k=50`, `item=${a}&item=${b}&k=4`, 'session='].concat([
    'session=nothing+known',
    `session=${a}&item=nothing&k=1`,
    `session=,${b},,`,
    'session=%ff',
  ]);
  for (const [queries, status] of [
    [refused, 400],
    [answered, 200],
  ] as const)
    for (const query of queries) {
      const here = await ask(`${server.url}/predict?${query}`);
      const there = await function_({ rawQueryString: query });
      const [ours, theirs] = [here.body, JSON.parse(there.body)] as Record<string, unknown>[];
      expect([there.statusCode, here.status], query).toEqual([status, status]);
      expect({ ...theirs, time: 0 }, query).toEqual({ ...ours, time: 0 });
      expect(typeof theirs?.['time']).toBe(typeof ours?.['time']);
    }
});

describe('what the endpoint refuses', () => {
  it.each([
    ['{"instances": [', 400, 'valid JSON'],
    ['[]', 400, 'must be a JSON object'],
    [{}, 400, 'neither'],
    [{ instances: ['a'], inputs: ['a'] }, 400, 'both'],
    [{ instances: 'a' }, 400, '"instances" must be a list'],
    [{ instances: [['a']] }, 400, 'instances[0] must be the identifier'],
    [{ instances: ['a', 7] }, 400, 'instances[1]'],
    [{ instances: [{ input_2: 'a' }] }, 400, '"input_1"'],
    [{ signature_name: 'other', instances: [] }, 400, 'signature_name'],
    [
      { signature_name: 'recommend', instances: [{ items: ['a'], k: 51, exclude_query: true }] },
      400,
      '1 to 50',
    ],
    [{ signature_name: 'recommend', instances: [{ items: ['a'], k: 5 }] }, 400, 'exclude_query'],
    [
      { signature_name: 'recommend', inputs: { items: [['a']], k: [1, 2], exclude_query: [true] } },
      400,
      'inputs.k',
    ],
    ['{"instances": ["a"], "__proto__": {"x": 1}}', 400, ''],
    [`{"instances": ${'['.repeat(9000)}`, 400, ''],
    [{ instances: Array.from({ length: 2000 }, () => '') }, 400, 'at most 1024'],
    [{ instances: ['x'.repeat(30_000)] }, 413, 'large'],
  ])('body %#', async (body, status, reason) => {
    const reply = await post(body);
    expect(reply.status).toBe(status);
    expect((reply.body as { error: string }).error.toLowerCase()).toContain(reason.toLowerCase());
    expect((await ask(`${server.url}/ping`)).status).toBe(200);
  });

  it('other types, models, versions and paths', async () => {
    expect((await post('<a/>', { type: 'text/xml' })).status).toBe(415);
    const other = await post({ instances: [] }, { route: '/v1/models/other:predict' });
    expect([other.status, other.body]).toEqual([
      404,
      { error: 'Servable not found for request: Latest(other)' },
    ]);
    const old = await post({ instances: [] }, { route: '/v1/models/m/versions/7:predict' });
    expect(old.body).toEqual({ error: 'Servable not found for request: Specific(m, 7)' });
    expect((await ask(`${server.url}/v1/models/m%2f..:predict`)).status).toBe(404);
    expect((await ask(`${server.url}/predict?k=4`)).status).toBe(400);
    expect((await ask(`${server.url}/predict?session=a&k=1e9`)).status).toBe(400);
  });

  it('what is no HTTP, and goes on', async () => {
    const answer = await raw(server, 'nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 .*"error"/s);
    expect((await post({ instances: [] })).body).toEqual({ predictions: [] });
  });

  it('a name that only a browser was told to be this machine', async () => {
    const answer = await raw(
      server,
      'GET /predict?session=a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 403/);
  });

  it('who brings no token, where there is one', async () => {
    const guarded = await serve({ token: TOKEN });
    const at = `${guarded.url}/predict?session=a`;
    const bearing = (token: string): Promise<Reply> =>
      ask(at, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask(at)).status).toBe(401);
    expect((await bearing(`${TOKEN}x`)).status).toBe(401);
    expect((await bearing(TOKEN)).status).toBe(200);
    expect((await ask(`${guarded.url}/ping`)).status).toBe(200);
    expect(() => requireTokenBeyondLoopback('0.0.0.0', undefined)).toThrow('no token');
    expect(() => readToken(undefined, { RECSYS_TOKEN: 'short' })).toThrow('no token that can be used');
    expect(readToken(undefined, { RECSYS_TOKEN: `${TOKEN}\n` })).toBe(TOKEN);
  });

  it('a port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serve({ port })).rejects.toMatchObject({
      message: `Port ${port} of 127.0.0.1 is taken by another program.`,
    });
  });
});

/** Sends bytes as they are, and gives all that comes back. */
function raw(to: RunningServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(to.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('changing and ending', () => {
  it('another model takes over under load, and no request is lost', async () => {
    const swapping = await serve();
    const seen = new Set<string>();
    let isDone = false;
    const client = async (): Promise<number> => {
      let asked = 0;
      for (; !isDone; asked++) {
        const reply = await post({ instances: [names.name(asked % names.count)] }, { to: swapping });
        expect(reply.status).toBe(200);
        seen.add(`${reply.headers.get('x-recsys-version')} ${reply.headers.get('x-recsys-model')}`);
      }
      return asked;
    };
    const clients = Array.from({ length: 8 }, client);
    await swapping.swap({ folder: packages.popularity });
    await expect(swapping.swap({ folder: path.join(folder, 'nowhere') })).rejects.toThrow('holds no model');
    await post({ instances: [] }, { to: swapping });
    isDone = true;
    const asked = (await Promise.all(clients)).reduce((sum, count) => sum + count, 0);
    expect(asked).toBeGreaterThan(8);
    expect(seen).toEqual(new Set(['1 prod2vec-min-count-1', '2 popularity']));
    expect((await ask(`${swapping.url}/metrics`)).body).toContain('recsys_model_swaps_total 1\n');
  });

  it('answers what is in flight when it is told to stop, and ends connections that are kept', async () => {
    const stopping = await serve();
    await ask(`${stopping.url}/ping`);
    const body = JSON.stringify({ instances: [names.name(0)] });
    const head = `POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = net.connect(Number(new URL(stopping.url).port), '127.0.0.1');
    const answered = new Promise<string>((resolve) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('close', () => resolve(text));
    });
    socket.write(head + body.slice(0, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    const closing = stopping.close();
    socket.write(body.slice(5));
    expect(await answered).toMatch(/^HTTP\/1.1 200 .*"predictions"/s);
    await closing;
    expect(performance.now() - began).toBeLessThan(patience(4000));
    await expect(ask(`${stopping.url}/ping`)).rejects.toThrow();
  });

  it('leaves word in the store while it runs; what a killed one left is swept', async () => {
    const id = '20261130-120000000-aaaa';
    const recorded = await serve({ record: { store, id, watches: false }, token: TOKEN });
    const record = readRecord(store, id);
    expect(record).toMatchObject({ url: recorded.url, name: 'm', protected: true, version: 1 });
    expect(
      fs
        .readdirSync(path.join(store, 'serving'))
        .map((name) => fs.readFileSync(path.join(store, 'serving', name), 'utf8'))
        .join(),
    ).not.toContain(TOKEN);
    expect(runningServers(store).map((one) => one.id)).toEqual([id]);
    await recorded.close();
    expect(fs.readdirSync(path.join(store, 'serving'))).toEqual([]);
    if (record === undefined) throw new Error('no record');
    await writeRecord(store, { ...record, process: { ...record.process, pid: 2 ** 22 + 1 } });
    expect(runningServers(store)).toEqual([]);
    await sweepRecords(store);
    expect(fs.readdirSync(path.join(store, 'serving'))).toEqual([]);
  });
});

describe('recsys serve', () => {
  it('serves a run until it is asked to stop, and says where', { timeout: 60_000 }, async () => {
    const id = '20261130-120000001-bbbb';
    const { end } = startRecsys(['serve', 'base', '--port', '0', '--id', id], { cwd: folder });
    await expect.poll(() => readRecord(store, id)?.url, { timeout: 30_000 }).toBeDefined();
    const { url = '', name = '' } = readRecord(store, id) ?? {};
    expect((await ask(`${url}/v1/models/${name}`)).status).toBe(200);
    expect(await askToStop(store, id, new AbortController().signal, 15_000)).toBe(true);
    const { code, stdout, stderr } = await end;
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`answers at ${url}`);
    expect(stdout).toContain('curl ');
    expect(stderr).toMatch(/started: .*\n.*stopping.*\n.*stopped\n$/);
  });

  it('refuses other machines without a token', async () => {
    const end = await recsys(['serve', 'base', '--host', '0.0.0.0', '--port', '0'], { cwd: folder });
    expect([end.code, end.stderr]).toEqual([2, expect.stringContaining('--token-file')]);
  });
});
