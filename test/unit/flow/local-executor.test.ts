import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestCancel } from '../../../src/pipeline/flow/request-cancel.ts';
import type { TaskEnd } from '../../../src/pipeline/flow/executor.ts';
import { LocalExecutor } from '../../../src/pipeline/flow/local-executor.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { EXIT } from '../../../src/protocol/user-error.ts';
import { exists } from '../support/alive.ts';
import { model } from '../support/toy-flow.ts';
import { temporaryStore, toyRun, ToyPrograms } from '../support/toy-store.ts';

const programs = new ToyPrograms();
let folder: string;
let store: RunStore;

beforeAll(() => programs.build());
afterAll(() => programs.remove());
beforeEach(() => {
  const temporary = temporaryStore();
  ({ folder, store } = temporary);
  return temporary.remove;
});

/** Leaves its process id in the folder, prints what it is told to begin with, and ends with 7. */
const SCRIPT = `
  const fs = require('node:fs');
  fs.writeFileSync(process.argv[1] + '/' + process.pid, process.argv[2]);
  process.on('message', ({ begin }) => {
    console.log('told ' + begin.join(' '));
    console.error('as ' + process.pid + ' at ' + require('node:os').getPriority());
    process.exit(7);
  });`;
const scripted = (): LocalExecutor =>
  new LocalExecutor(store.folder, (step) => [process.execPath, '-e', SCRIPT, folder, step]);
const started = (): string[] => fs.readdirSync(folder).filter((name) => /^\d+$/.test(name));
const isAlive = (pid: string): boolean => exists(Number(pid));
const output = (run: RunFolder): string =>
  fs.readFileSync(path.join(run.stepFolder('prepare'), 'output.log'), 'utf8');
const begin = (executor: LocalExecutor, run: RunFolder, aside = false): Promise<TaskEnd> => {
  const order = { run, path: 'prepare', inputs: [], data: [], threads: 2, memory: 300, aside };
  return executor.start(order, () => undefined).ended;
};
/** The script says nothing of its failure. */
const ENDED = {
  failure: { message: 'its process ended with code 7', hint: 'See its log: recsys logs <run>' },
};

describe('processes of this machine', () => {
  it('has one stand by and gives it to the next step, whose log keeps what it prints', async () => {
    const run = await toyRun(store);
    const executor = scripted();
    executor.expect('prepare');
    await expect.poll(started).toHaveLength(1);
    executor.expect('prepare');
    expect(await begin(executor, run)).toEqual(ENDED);
    const [pid = ''] = started();
    expect(started()).toHaveLength(1);
    expect(fs.readFileSync(path.join(folder, pid), 'utf8')).toBe('prepare');
    expect(output(run).split('\n').toSorted()).toEqual([
      '',
      `as ${pid} at ${os.getPriority()}`,
      `told step ${run.id} prepare --store ${store.folder} --threads 2 --memory-limit 300`,
    ]);
  });

  it('starts one where none stands by, and adds to the log of an earlier attempt', async () => {
    const run = await toyRun(store);
    const executor = scripted();
    for (let attempt = 0; attempt < 2; attempt++) await begin(executor, run);
    expect(started()).toHaveLength(2);
    expect(output(run).match(/told/g)).toHaveLength(2);
  });

  it('has one that runs aside leave the processors to others', async () => {
    const run = await toyRun(store);
    const executor = scripted();
    expect(await begin(executor, run, true)).toEqual(ENDED);
    const lowered = Math.max(os.getPriority(), os.constants.priority.PRIORITY_BELOW_NORMAL);
    expect(output(run)).toContain(` at ${lowered}\n`);
  });

  it('does not give out one that has died', async () => {
    const run = await toyRun(store);
    const executor = scripted();
    executor.expect('prepare');
    await expect.poll(started).toHaveLength(1);
    const [first = ''] = started();
    process.kill(Number(first), 'SIGKILL');
    await expect.poll(() => isAlive(first)).toBe(false);
    expect(await begin(executor, run)).toEqual(ENDED);
    expect(started()).toHaveLength(2);
  });

  it('ends the one that stands by when no step is left for it', async () => {
    const executor = scripted();
    executor.expect('prepare');
    await expect.poll(started).toHaveLength(1);
    executor.dispose();
    await expect.poll(() => started().some(isAlive)).toBe(false);
  });

  it('says why a process cannot be started', async () => {
    const run = await toyRun(store);
    const { failure } = await begin(
      new LocalExecutor(store.folder, () => [path.join(folder, 'no-such-node')]),
      run,
    );
    expect(failure?.message).toMatch(/could not be started: .*ENOENT/);
  });
});

describe('a process that stands by', () => {
  const standing = (): ReturnType<typeof fork> => {
    const [, script = ''] = programs.command();
    return fork(script, { stdio: 'ignore' });
  };

  it.each([
    ['is told to stop', (child: ReturnType<typeof fork>) => child.send({ stop: true })],
    ['loses its driver', (child: ReturnType<typeof fork>) => child.disconnect()],
  ])('ends when it %s', async (_, act) => {
    const child = standing();
    await once(child, 'spawn');
    act(child);
    expect(await once(child, 'exit')).toEqual([EXIT.cancelled, null]);
  });
});

describe('a run', () => {
  const children = (): number =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;

  it('leaves no process behind, whether it ends, fails or is cancelled', async () => {
    await expect.poll(children).toBe(0);
    const whole = await toyRun(store);
    expect(await programs.drive(store, whole).result).toEqual({ outcome: 'succeeded' });
    const failing = await toyRun(store, [model('one', { die: true })]);
    expect(await programs.drive(store, failing).result).toMatchObject({ outcome: 'failed' });
    const long = await toyRun(store, [model('one', { wait: 60_000 })]);
    const driving = programs.drive(store, long);
    await expect.poll(() => long.stepState('train/one')?.state).toBe('running');
    // The step that runs, and one for the next.
    await expect.poll(children).toBe(2);
    requestCancel(long);
    expect(await driving.result).toEqual({ outcome: 'cancelled' });
    await expect.poll(children).toBe(0);
  });
});
