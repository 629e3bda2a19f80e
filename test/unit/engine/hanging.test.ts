import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/extension/processes/engine-child.ts';
import { EngineSupervisor, type EngineState } from '../../../src/extension/processes/engine-supervisor.ts';
import { bundlePrograms } from '../support/bundle-programs.ts';
import { alive } from '../support/alive.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const support = path.join(path.dirname(fileURLToPath(import.meta.url)), '../support');
// Beside the product's own bundles, so that they find what those find.
const programs = path.join(support, '../../../test-results/hanging-engine');
const program = path.join(programs, 'hanging-engine.mjs');
let folder: string;
let supervisor: EngineSupervisor;
let states: EngineState[];
let pids: number[];

beforeAll(async () => {
  await bundlePrograms(
    ['hanging-engine', 'hanging-worker'].map((name) => path.join(support, `${name}.ts`)),
    programs,
  );
});
afterAll(() => fs.rmSync(programs, { recursive: true, force: true }));

beforeEach(() => {
  folder = temporaryFolder();
  states = [];
  pids = [];
  const folders = { store: path.join(folder, '.recsys'), workspace: folder };
  const runtime = { node: process.execPath, cli: program, environment: process.env };
  supervisor = new EngineSupervisor({
    start: async () => {
      const child = await startEngine(runtime, folders, () => undefined);
      const short = { timeOut: 100, cancellable: true };
      return {
        ...child,
        entryOf: (method) => (method === 'models/tunable' ? short : child.entryOf(method)),
      };
    },
    onStoreChanged: () => undefined,
    onStateChanged: (state) => states.push(state),
    log: () => undefined,
  });
});
afterEach(async () => {
  supervisor.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
  await expect.poll(() => pids.filter(alive)).toEqual([]);
});

const refusal = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'answered',
    (error: unknown) => (error as Error).message,
  );

/** Processes started by another one. */
function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

describe('a request that hangs', () => {
  it.each([
    ['a thread', () => supervisor.request('run/command', { run: 'hang' })],
    ['a process', () => supervisor.request('data/preview', { path: 'hang' })],
  ])('in %s is ended, and told once', async (_, ask) => {
    expect(await refusal(ask())).toMatch(/did not answer \S+ within 3 s/);
    expect((await supervisor.request('store/view', {})).changed).toEqual([]);
    expect(states).toEqual([]);
  });

  it('holds up nobody for long: what waits behind it is asked of another worker', async () => {
    const [hung, behind, beside] = [
      refusal(supervisor.request('run/command', { run: 'hang' })),
      refusal(supervisor.request('run/card', { run: 'none' })),
      refusal(supervisor.request('store/view', {})),
    ];
    expect(await beside).toBe('answered');
    expect(await hung).toMatch(/did not answer run\/command/);
    expect(await behind).toMatch(/There are no runs/);
  });

  it('is ended at once when nobody waits for it any more', async () => {
    const patience = new AbortController();
    const given = refusal(supervisor.request('run/command', { run: 'hang' }, patience.signal));
    patience.abort();
    expect(await given).toMatch(/given up/);
    expect(await refusal(supervisor.request('run/command', { run: 'none' }))).toMatch(/There are no runs/);
  });

  it("on the engine's own thread has it killed and started again, and what waited is asked again", async () => {
    await supervisor.request('store/view', {});
    const hung = refusal(supervisor.request('models/tunable', {}));
    const waits = refusal(supervisor.request('store/view', {}));
    expect(await hung).toMatch(/did not answer models\/tunable within 5\.1 s; it was ended/);
    expect(await waits).toBe('answered');
    expect(states).toEqual([
      { kind: 'down', reason: 'it did not answer models/tunable in time', retryMs: 1000 },
      { kind: 'up' },
    ]);
    expect((await supervisor.request('models/tunable', {})).kinds).not.toEqual([]);
  });
});

describe('the engine, when its parent is killed', () => {
  /** A parent that asks one thing of an engine; tells the engine's pid, then that it asked. */
  const parent = (method: string, params: object): string => `
    const { fork } = require('node:child_process');
    const engine = fork(${JSON.stringify(program)}, ['engine', '--store', ${JSON.stringify(folder)}, '--workspace', ${JSON.stringify(folder)}], { silent: true });
    const ask = (id, method, params) => engine.send({ jsonrpc: '2.0', id, method, params });
    engine.once('message', () => {
      ask(2, ${JSON.stringify(method)}, ${JSON.stringify(params)});
      console.log(engine.pid);
    });
    ask(1, 'store/view', {});`;

  it.each([
    ['does nothing', 'store/view', {}],
    ['has a thread that hangs', 'run/command', { run: 'hang' }],
    ['has a process that hangs', 'data/preview', { path: 'hang' }],
    ['hangs itself', 'models/tunable', {}],
  ])('and it %s, ends with its workers', async (_, method, params) => {
    const owner = spawn(process.execPath, ['-e', parent(method, params)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(owner.stdout, 'data')) as [Buffer];
    const engine = Number(said.toString());
    if (method === 'data/preview') await expect.poll(() => childrenOf(engine)).toHaveLength(1);
    if (method === 'models/tunable')
      await expect.poll(() => fs.existsSync(path.join(folder, 'hung'))).toBe(true);
    const family = [engine, ...childrenOf(engine)];
    pids.push(...family);
    owner.kill('SIGKILL');
    await expect.poll(() => family.filter(alive)).toEqual([]);
  });
});
