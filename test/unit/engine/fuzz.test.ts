import { fork, type ChildProcess } from 'node:child_process';
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
import { engineMethods, type EngineMethod } from '../../../src/protocol/engine.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { keyedRandom } from '../neighbours/keyed-random.ts';
import { CLI } from '../support/recsys-cli.ts';
import { temporaryFolder, toyRun } from '../support/toy-store.ts';

const METHODS = Object.keys(engineMethods) as EngineMethod[];
const MESSAGES = 10_000;
/** So many are on their way at once. */
const TOGETHER = 50;

const folder = temporaryFolder();
const store = RunStore.open(path.join(folder, '.recsys'));
let engine: ChildProcess;
let connection: MessageConnection;

beforeAll(async () => {
  await toyRun(store);
  engine = fork(CLI, ['engine', '--store', store.folder, '--workspace', folder], { silent: true });
  connection = createMessageConnection(new IPCMessageReader(engine), new IPCMessageWriter(engine));
  connection.listen();
});
afterAll(() => {
  connection.dispose();
  engine.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

const random = keyedRandom(2026);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

/** What programs that are wrong may send where something else is meant. */
const ODD: readonly ((depth: number) => unknown)[] = [
  () => null,
  () => true,
  () => pick([0, -1, 1.5, 1e308, -1e308, 2 ** 53]),
  () => pick(['', ' ', '\0', '../none', 'latest', '\u202e', '😀'.repeat(100), '{"a":', '__proto__']),
  () => 'x'.repeat(10_000),
  () => [],
  () => ({}),
  () => JSON.parse('{"__proto__": {"run": "x"}, "constructor": 1, "toString": null}') as unknown,
  (depth) => Array.from({ length: 10 }, () => odd(depth)),
  (depth) => Object.fromEntries(NAMES.map((name) => [name, odd(depth)])),
];

const NAMES = 'run path item items k since look step from shell model rule change spec dryRun'.split(' ');

function odd(depth: number): unknown {
  return pick(depth > 2 ? ODD.slice(0, -2) : ODD)(depth + 1);
}

/** Names of parameters with values of any kind: some of them right, hardly ever all. */
function nearly(): unknown {
  return Object.fromEntries(NAMES.filter(() => random() < 0.6).map((name) => [name, odd(2)]));
}

/** Whole parameters: an object or a list, as JSON-RPC has them. */
function whole(): unknown {
  const value = random() < 0.5 ? nearly() : odd(0);
  return typeof value === 'object' && value !== null ? value : [value];
}

async function answerOf(method: string, params: unknown): Promise<string> {
  try {
    await connection.sendRequest(method, params as object);
    return 'answered';
  } catch (error) {
    return error instanceof ResponseError ? 'refused' : String(error);
  }
}

describe('an engine that is sent anything', () => {
  it(`answers each of ${MESSAGES} messages, and lives on`, { timeout: 240_000 }, async () => {
    const counts = new Map<string, number>();
    for (let sent = 0; sent < MESSAGES; sent += TOGETHER) {
      const answers = await Promise.all(
        Array.from({ length: TOGETHER }, (_, i) =>
          answerOf(METHODS[(sent + i) % METHODS.length] ?? '', whole()),
        ),
      );
      for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['answered', 'refused']);
    expect(counts.get('refused')).toBeGreaterThan(0.7 * MESSAGES);
    expect(engine.exitCode).toBeNull();
    expect(await answerOf('store/view', {})).toBe('answered');
  });

  it('refuses by a sentence and a hint what no entry takes', async () => {
    for (const method of METHODS) {
      const error: unknown = await connection.sendRequest(method, []).catch((reason: unknown) => reason);
      expect(error).toHaveProperty('message', expect.stringContaining(`asked ${method} with`));
      expect(error).toHaveProperty('data.hint', expect.stringMatching(/./));
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'store/none', ''])(
    'knows no method %j',
    async (method) => {
      expect(await answerOf(method, {})).toBe('refused');
    },
  );

  it.each([
    null,
    5,
    'text',
    [],
    {},
    { jsonrpc: '2.0' },
    { jsonrpc: '1.0', id: 1, method: 'store/view' },
    { jsonrpc: '2.0', id: {}, method: 'store/view', params: {} },
    { jsonrpc: '2.0', id: null, method: 'store/view', params: 5 },
    { jsonrpc: '2.0', id: 7, method: 5 },
    { jsonrpc: '2.0', id: 'none', result: 5 },
    { jsonrpc: '2.0', id: 12, error: 'x' },
    { jsonrpc: '2.0', method: 'store/view', params: {} },
    { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: {} } },
    { jsonrpc: '2.0', method: '$/cancelRequest' },
    { jsonrpc: '2.0', method: 'nobody/listens', params: [1] },
  ])('lives on after the envelope %j', async (message) => {
    if (message !== null) engine.send(message);
    // JSON has nothing else that Node would send.
    else engine.send([null]);
    expect(await answerOf('store/view', {})).toBe('answered');
  });
});
